"""Why a person must look: each reason with an example and the sentence that the teacher sees."""

from dataclasses import dataclass

from models.vocabulary import Reason


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """A reason, a text that gives it, and how it is told."""

    reason: Reason
    example: str
    sentence: str


REASONS = (
    ReasonRow(Reason.UNKNOWN_SENDER, "静待花开：36.4正常", "发送人不在名单里，也没写孩子姓名，不知道报的是谁。"),
    ReasonRow(Reason.UNKNOWN_PERSON, "7、冯建业 36.5 正常", "名单里没有这个名字。"),
    ReasonRow(Reason.AMBIGUOUS_PERSON, "子轩36.4（班里有两个子轩）", "不止一人符合这个名字，请选一位。"),
    ReasonRow(Reason.OWN_READING, "我36.5", "家长报的是自己的体温，孩子的没有说。"),
    ReasonRow(Reason.SUM_WITHOUT_NAMES, "理化生组6人全部正常", "只有合计，没有姓名。"),
    ReasonRow(Reason.NEWS_OF_ILLNESS, "王老师发烧38请假", "说到有人生病，请确认是不是本群的人。"),
    ReasonRow(Reason.IMPLAUSIBLE_TEMPERATURE, "李雷 63.5", "体温数值不合理，请核实。"),
    ReasonRow(Reason.CLASS_NOT_NAMED, "有接触三类人员", "说接触过三类人员，但没说是哪一类。"),
    ReasonRow(Reason.UNDEFINED_MARK, "+1", "不知道这个记号表示什么。"),
    ReasonRow(Reason.LOWERED_BY_OTHER, "别人把38.2改成36.5", "别人改掉了这条记录里的异常，原内容暂时保留。"),
    ReasonRow(Reason.LATE_WITHOUT_DAY, "补报 李雷36.5", "补报没说是哪一天。"),
    ReasonRow(Reason.QUESTION_WITH_FACT, "孩子昨晚发烧，今天还用接龙吗", "提问里说到了情况，请确认。"),
    ReasonRow(Reason.UNREADABLE, "（超长的一段话）", "没有读懂这一条，请看原文。"),
    ReasonRow(Reason.CLOSED_DAY, "2月1日的补报", "这一天已经结束统计。"),
    ReasonRow(Reason.PARKED, "（处理多次失败的消息）", "处理这条消息时多次出错，请看原文。"),
)
BY_REASON = {row.reason: row for row in REASONS}

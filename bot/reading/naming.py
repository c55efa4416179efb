# ruff: noqa: E501 -- a row of a rule is read as one line
"""Names that the roster does not know: a slip of the pen, a milk name, a stranger."""

import re

from bot.reading.member import SURNAMES, Mention, Speaker, near, plain, surname_length
from bot.reading.piece import Piece
from bot.reading.rules import Match
from bot.reading.scene import Member

_HEAD = re.compile(
    r"\s*(?:\d{1,3}\s*[.、,:)号]?\s*)?(?P<name>[一-龥]{2,4}?)(?=\s*[\d:,、。;/|\-(]|\s|三十|体温|一切|无|没|正常|健康|妈妈|爸爸|同学|$)"
)
_NO_NAMES = frozenset(
    [
        "体温",
        "老师",
        "孩子",
        "正常",
        "健康",
        "今天",
        "今日",
        "昨天",
        "我家",
        "全家",
        "一切",
        "没有",
        "大家",
        "早上",
        "晚上",
        "中午",
        "下午",
        "上午",
        "收到",
        "好的",
        "谢谢",
        "更正",
        "补报",
        "各位",
        "家长",
        "现在",
        "目前",
        "刚才",
        "都没",
        "都好",
        "今早",
        "本人",
        "平安",
        "发烧",
        "发热",
        "咳嗽",
        "身体",
        "回报",
        "报告",
        "体溫",
        "温度",
        "测温",
        "没事",
        "无恙",
        "良好",
        "打错",
        "不好",
        "哎呀",
        "姓名",
        "学号",
        "班级",
        "家里",
        "晨检",
        "午检",
        "我们",
        "咱们",
        "俺家",
        "俺们",
        "无症",
        "状态",
        "未外",
        "未接",
        "没发",
        "不发",
        "不咳",
        "没出",
        "未离",
        "量了",
        "刚量",
        "重量",
        "重新",
        "在家",
        "家中",
        "宿舍",
        "外出",
        "事假",
        "病假",
        "请假",
        "老师好",
        "您好",
        "你好",
        "早安",
        "额温",
        "腋温",
        "腋下",
        "额头",
        "左右",
        "早晨",
        "晨起",
        "夜里",
        "放学",
        "回家",
        "退了",
        "好了",
        "好多",
        "应该",
        "写错",
        "看错",
        "借着",
        "哈哈",
        "嗯嗯",
        "没咳",
        "同上",
        "都无",
        "均无",
        "无发",
        "复测",
        "再测",
        "又量",
        "再量",
        "已经",
        "还是",
        "还好",
        "精神",
        "有点",
        "稍微",
        "感冒",
        "流鼻",
        "嗓子",
        "头疼",
        "肚子",
        "没啥",
        "啥事",
        "忘报",
        "忘了",
        "臭小子",
        "宝贝",
        "宝宝",
        "儿子",
        "闺女",
        "女儿",
        "姑娘",
        "孙子",
        "孙女",
        "娃娃",
        "丫头",
        "学生",
        "小家伙",
        "家人",
        "爸爸",
        "妈妈",
        "奶奶",
        "爷爷",
    ]
)


def unknown_head(piece: Piece) -> str:
    """The name-like word at the head of the piece, "" where there is none."""
    match = _HEAD.match(piece.norm, piece.start, piece.end)
    if match is None:
        return ""
    name = match["name"]
    if name.endswith("同学") or name in ("多数", "少数", "部分", "所有"):
        return ""
    if (
        name in _NO_NAMES
        or name[:2] in _NO_NAMES
        or any(
            name.startswith(word) for word in ("我", "俺", "咱", "老师", "孩", "没", "不", "无", "未", "都", "今", "昨")
        )
    ):
        return ""
    first = piece.clauses[0] if piece.clauses else None
    if first is not None and any(
        thing.start < match.end("name")
        for thing in first.things
        if not isinstance(thing, Mention)
        and not (isinstance(thing, Match) and thing.kind in ("ends", "asks", "hedges"))
    ):
        return ""
    return name


_NAME_LENGTHS = range(2, 5)  # letters of a full name
_MILK_NAME = 2  # letters: 小宝, 乐乐
_LONGEST_GIVEN = 3  # letters of a given name with the word before it: 我家涵


def looks_like_name(written: str) -> bool:
    """Whether a word is built like a full name: a surname and one or two letters more."""
    return len(written) in _NAME_LENGTHS and (written[0] in SURNAMES or surname_length(written) > 1)


def family_member(written: str, speaker: Speaker) -> Member | None:
    """The one child of the speaker's family whose name is a homophone or near typo of what is written, or whose milk name it may be."""
    close = [member for member in speaker.members if near(written, member)]
    if len(close) == 1:
        return close[0]
    if len(speaker.members) != 1:
        return None
    name = plain(speaker.members[0].name)
    is_milk_name = len(written) == _MILK_NAME and (written[0] == written[1] or written[0] in "小阿大")
    is_given = len(written) <= _LONGEST_GIVEN and written[-1:] in name[1:]
    return speaker.members[0] if is_milk_name or is_given else None

"""Whom a report is about, on which day, and what stays unclear; and what must hold for any text."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from bot.reading.outcome import Act
from bot.reading.scene import Scene
from bot.reading.statement import Temperature
from bot.records.flags import raised
from models.vocabulary import Basis, Experiencer, Flag, Reason, Topic
from tests.reading.scenes import CLASS, STAFF, read


def temperatures(text: str, nickname: str, scene: Scene = CLASS, *, entry: bool = False) -> dict[str, list[Decimal]]:
    """Of each member the temperatures that a text states."""
    report = read(text, nickname, scene, entry=entry)
    return {
        subject.member.name: [
            one.value.celsius
            for one in subject.statements
            if isinstance(one.value, Temperature) and one.context.experiencer is Experiencer.PERSON
        ]
        for subject in report.subjects
    }


def test_each_named_child_has_its_own_reading() -> None:
    found = temperatures("王子文36.5，王子武36.6，都没事", "子文子武妈妈")
    assert found == {"王子文": [Decimal("36.5")], "王子武": [Decimal("36.6")]}


def test_readings_in_the_order_of_the_names() -> None:
    found = temperatures("王子文、王子武 36.5、36.7 都健康", "子文子武妈妈")
    assert found == {"王子文": [Decimal("36.5")], "王子武": [Decimal("36.7")]}


def test_the_illness_of_one_is_the_familys_for_the_other() -> None:
    report = read("王子文没事36.5，他弟王子武有点咳36.8", "子文子武妈妈")
    flags = {subject.member.name: raised(subject.statements) for subject in report.subjects}
    assert flags == {"王子文": {Flag.FAMILY_ILL}, "王子武": {Flag.SYMPTOM}}


@pytest.mark.parametrize(
    ("text", "nickname", "scene", "reason"),
    [
        ("36.4正常", "静待花开", CLASS, Reason.UNKNOWN_SENDER),
        ("我36.5", "李雷妈妈", CLASS, Reason.OWN_READING),
        ("李雷 63.5", "李雷妈妈", CLASS, Reason.IMPLAUSIBLE_TEMPERATURE),
        ("李雷36.5 有接触三类人员", "李雷妈妈", CLASS, Reason.CLASS_NOT_NAMED),
        ("理化生组6人全部正常", "冯秀英", STAFF, Reason.SUM_WITHOUT_NAMES),
        ("郝桂兰老师发烧38请假了", "冯秀英", STAFF, Reason.NEWS_OF_ILLNESS),
        ("孩子昨晚发烧，今天还用接龙吗？", "李雷妈妈", CLASS, Reason.QUESTION_WITH_FACT),
        ("+1", "李雷妈妈", CLASS, Reason.UNDEFINED_MARK),
        ("补报 李雷36.5", "李雷妈妈", CLASS, Reason.LATE_WITHOUT_DAY),
    ],
)
def test_what_a_person_must_look_at(text: str, nickname: str, scene: Scene, reason: Reason) -> None:
    assert [doubt.reason for doubt in read(text, nickname, scene).doubts] == [reason]


def test_an_unknown_name_in_a_chain_is_for_a_person() -> None:
    report = read("冯建业 36.5 正常", "李雷妈妈", entry=True)
    assert [doubt.reason for doubt in report.doubts] == [Reason.UNKNOWN_PERSON]
    assert report.subjects == ()


@pytest.mark.parametrize(
    "text",
    [
        "收到",
        "谢谢老师",
        "发热的私聊老师",
        "没有症状的扣1",
        "老师，体温到多少度算发烧啊，37.2算吗",
        "听说三班有个孩子发烧39度，真的假的？",
        "马上量",
    ],
)
def test_chatter_reports_nobody(text: str) -> None:
    assert read(text, "李雷妈妈").act is Act.CHATTER


def test_a_teachers_notice_reports_nobody() -> None:
    text = "各位家长：如孩子出现发热（≥37.3℃）、咳嗽等症状，请及时就诊，收到请回复。"
    assert read(text, "班主任徐老师").act is Act.CHATTER


def test_yesterday_and_today_are_two_reports() -> None:
    report = read("昨天忘接龙了，李雷昨天36.4，今天36.7", "李雷妈妈")
    assert [subject.day for subject in report.subjects] == [date(2020, 2, 19), None]


def test_a_correction_names_what_it_replaces() -> None:
    (subject,) = read("打错了打错了，是36.5", "李雷妈妈").subjects
    assert Topic.TEMPERATURE in subject.replaces


def test_a_bare_name_in_a_chain_is_inferred() -> None:
    (subject,) = read("李雷", "李雷妈妈", entry=True).subjects
    assert (subject.basis, subject.statements) == (Basis.INFERRED, ())


@pytest.mark.parametrize(
    ("text", "flags"),
    [("①李雷②36.5③无④无⑤否", ""), ("①李雷②36.5③无④有⑤否", "family_ill"), ("李雷 36.5 无 无 是", "travel")],
)
def test_answers_in_the_order_of_the_questions(text: str, flags: str) -> None:
    questions = ("姓名", "体温", "本人有无发热咳嗽", "家人有无咳嗽", "是否离开昌图")
    (subject,) = read(text, "李雷妈妈", entry=True, questions=questions).subjects
    assert " ".join(sorted(raised(subject.statements))) == flags


def test_a_piece_too_long_to_read_is_for_a_person() -> None:
    report = read("李雷36.5 " + "今天天气好" * 500, "李雷妈妈")
    assert [doubt.reason for doubt in report.doubts] == [Reason.UNREADABLE]


WORDS = st.sampled_from(
    [
        "李雷",
        "韩梅梅",
        "36.5",
        "37度8",
        "发烧",
        "咳嗽",
        "无",
        "没有",
        "不",
        "有点",
        "妈妈",
        "弟弟",
        "昨天",
        "今天",
        "去",
        "沈阳",
        "武汉",
        "回来",
        "隔离",
        "接触",
        "三类",
        ",",
        "。",
        "?",
        "、",
        ":",
        "(",
        ")",
        "正常",
        "更正",
        "补报",
        "吗",
        "1.",
    ]
)


@given(st.lists(WORDS, max_size=30).map("".join) | st.text(max_size=60), st.booleans())
@settings(max_examples=300)
def test_any_text_is_read_and_every_span_is_within_it(text: str, entry: bool) -> None:  # noqa: FBT001 -- given
    report = read(text, "李雷妈妈", entry=entry)
    spans = [statement.span for subject in report.subjects for statement in subject.statements]
    spans += [doubt.span for doubt in report.doubts]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(34 <= celsius <= 43 for some in temperatures(text, "李雷妈妈", entry=entry).values() for celsius in some)


@given(
    st.permutations(["发热", "咳嗽", "乏力", "腹泻", "流涕", "咽痛"]), st.sampled_from(["无", "没有", "否认", "无任何"])
)
def test_a_denied_list_raises_nothing_whatever_its_order(symptoms: list[str], denial: str) -> None:
    (subject,) = read(f"李雷36.5 {denial}{'、'.join(symptoms)}", "李雷妈妈").subjects
    assert raised(subject.statements) == frozenset()

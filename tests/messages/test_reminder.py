"""What is said in a group's chat, word for word."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.counts.roll import Roll
from bot.messages import reminder
from models.vocabulary import GroupKind
from tests.messages.facts import at

THREE = ("何雨桐", "马骁", "欧阳思博")
TEN = tuple(f"{name}同学" for name in "甲乙丙丁戊己庚辛壬癸")
LONG_GROUP = "九年一贯制河湾学校七年级(12)班寄宿部第二宿舍楼甲组和乙组（含走读）"
ELEVEN = (*TEN, "子同学")


def a_class(heard: int, *missing: str, full_names: bool = False) -> Roll:
    return Roll("四年级(2)班", GroupKind.CLASS, heard, missing, full_names)


def staff(heard: int, *missing: str) -> Roll:
    return Roll("教职工群", GroupKind.STAFF, heard, missing, full_names=False)


FIRST = (
    (
        a_class(27, *THREE),
        at(9),
        "家长早上好，四年级(2)班今天的接龙已有27位，还差3位：何*桐、马*、欧**博。11点前补上就好，谢谢！",
    ),
    (
        a_class(27, *THREE, full_names=True),
        at(9),
        "家长早上好，四年级(2)班今天的接龙已有27位，还差3位：何雨桐、马骁、欧阳思博。11点前补上就好，谢谢！",
    ),
    (
        a_class(27, "王小明", "马骁", "王大明"),
        at(9),
        "家长早上好，四年级(2)班今天的接龙已有27位，还差3位：王*明2位、马*。11点前补上就好，谢谢！",
    ),
    (
        a_class(27, *THREE),
        at(10, 30),
        "家长上午好，四年级(2)班今天的接龙已有27位，还差3位：何*桐、马*、欧**博。11点前补上就好，谢谢！",
    ),
    (
        a_class(27, *THREE),
        at(11),
        "家长上午好，四年级(2)班今天的接龙已有27位，还差3位：何*桐、马*、欧**博。有空补上就好，谢谢！",
    ),
    (
        a_class(20, *TEN),
        at(9),
        (
            "家长早上好，四年级(2)班今天的接龙已有20位，还差10位：甲*学、乙*学、丙*学、丁*学、戊*学、己*学、庚*学、"
            "辛*学、壬*学、癸*学。11点前补上就好，谢谢！"
        ),
    ),
    (
        a_class(9, *ELEVEN),
        at(9),
        "家长早上好，四年级(2)班今天的接龙已有9位，还差11位。11点前都来得及，不用急。",
    ),
    (
        a_class(9, *ELEVEN),
        at(13),
        "家长中午好，四年级(2)班今天的接龙已有9位，还差11位。有空报上就好，不用急。",
    ),
    (
        a_class(0, *THREE),
        at(9),
        "家长早上好，四年级(2)班今天的接龙还差3位：何*桐、马*、欧**博。11点前补上就好，谢谢！",
    ),
    (a_class(0, *ELEVEN), at(9), "家长早上好，四年级(2)班今天的接龙开始了，11点前报上就好。"),
    (a_class(0, *ELEVEN), at(16), "家长下午好，四年级(2)班今天的接龙开始了，有空报上就好。"),
    (
        staff(40, "邵甲子"),
        at(9),
        "各位老师早上好，教职工群今天的接龙已有40位，还差1位：邵*子。11点前补上就好，谢谢！",
    ),
    (
        Roll(LONG_GROUP, GroupKind.CLASS, 1, ("阿卜杜热合曼·买买提艾力江",), full_names=False),
        at(19),
        (
            "家长晚上好，九年一贯制河湾学校七年级(12)班寄宿部第二宿舍楼甲组和乙…今天的接龙已有1位，还差1位：阿**********江。"
            "有空补上就好，谢谢！"
        ),
    ),
)

AGAIN = (
    (a_class(29, "马骁"), at(10, 30), "还差1位：马*。11点前补一行就行，不方便就打电话给班主任。"),
    (a_class(29, "马骁"), at(11, 5), "还差1位：马*。有空补一行就行，不方便就打电话给班主任。"),
    (a_class(9, *ELEVEN), at(10, 30), "还差11位。11点前补一行就行，不方便就打电话给班主任。"),
    (
        a_class(0, *THREE),
        at(10, 30),
        "还差3位：何*桐、马*、欧**博。11点前补一行就行，不方便就打电话给班主任。",
    ),
    (a_class(0, *ELEVEN), at(10, 30), "还差11位。11点前补一行就行，不方便就打电话给班主任。"),
    (staff(40, "邵甲子"), at(10, 30), "还差1位：邵*子。11点前补一行就行，不方便就跟学校办公室说一声。"),
)


@pytest.mark.parametrize(("roll", "when", "words"), FIRST)
def test_first_of_a_day(roll: Roll, when: datetime, words: str) -> None:
    assert reminder.text(roll, when) == words


@pytest.mark.parametrize(("roll", "when", "words"), AGAIN)
def test_later_on_the_day(roll: Roll, when: datetime, words: str) -> None:
    assert reminder.text(roll, when, again=True) == words


def test_before_anybody_could_answer_nobody_is_named() -> None:
    assert (
        reminder.opening(a_class(0, *THREE), at(6, 58)) == "家长早上好，四年级(2)班今天的接龙开始了，11点前报上就好。"
    )


def test_while_reports_wait_to_be_read_nobody_is_named() -> None:
    words = reminder.unnamed(a_class(27, *THREE), at(9))
    assert words == "家长早上好，四年级(2)班今天的接龙，还没报的11点前补上就好，谢谢！"
    assert reminder.unnamed(a_class(30), at(9)) is None


@pytest.mark.parametrize(
    ("missing", "full_names", "mentioned"),
    [(THREE, True, True), (THREE, False, False), (ELEVEN, True, False)],
    ids=["named in full", "masked", "nobody is named"],
)
def test_a_mention_shows_a_name_so_only_who_is_named_in_full_is_mentioned(
    missing: tuple[str, ...],
    full_names: bool,  # noqa: FBT001
    mentioned: bool,  # noqa: FBT001
) -> None:
    roll = replace(a_class(27, *missing, full_names=full_names), accounts=("zhengyt",))
    assert reminder.mentions(roll) == (("zhengyt",) if mentioned else ())


@pytest.mark.parametrize("again", [False, True])
def test_nobody_missing(again: bool) -> None:  # noqa: FBT001
    assert reminder.text(a_class(30), at(9), again=again, privacy_url="https://a.example/privacy") is None


def test_the_very_first_says_where_to_read_on() -> None:
    words = reminder.text(a_class(29, "马骁"), at(9), privacy_url="https://jielong.example/privacy")
    assert words is not None
    assert words.splitlines() == [
        "家长早上好，四年级(2)班今天的接龙已有29位，还差1位：马*。11点前补上就好，谢谢！",
        "我们怎样处理这些信息：https://jielong.example/privacy",
    ]

"""Names in a group chat, and words that people have made: masked, and nothing but words."""

import re
import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import example, given, settings, strategies as st

from bot.counts.roll import Roll
from bot.messages import digest, reminder
from bot.messages.names import listed, masked
from bot.messages.plain import MOST_CHARACTERS, NAMELESS, plain
from models.vocabulary import GroupKind
from tests.messages.facts import at, bureau_facts, school_facts
from tests.messages.tokens import NASTY, tokens

RATE = re.compile(r"\d+\.\d%")
MASKS = (
    ("王小明", "王*明"),
    ("马骁", "马*"),
    ("欧阳思博", "欧**博"),
    ("阿依古丽·吐尔逊", "阿******逊"),
    ("阿卜杜热合曼·买买提艾力江", "阿**********江"),
    ("甲", "*"),
    ("", "无*"),
    ("王 明", "王*"),
    ("𠮷田", "𠮷*"),
    ("李\u0301雷", "李*"),
    ("@所有人", "所*人"),
)


@pytest.mark.parametrize(("name", "mask"), MASKS)
def test_masks(name: str, mask: str) -> None:
    assert masked(name) == mask


LISTS: Sequence[tuple[list[str], list[str], list[str]]] = (
    (["何雨桐", "马骁", "欧阳思博"], ["何*桐", "马*", "欧**博"], ["何雨桐", "马骁", "欧阳思博"]),
    (["王小明", "马骁", "王大明"], ["王*明2位", "马*"], ["王小明", "马骁", "王大明"]),
    (["王小明", "王小明"], ["王*明2位"], ["王小明2位"]),
    ([], [], []),
)


@pytest.mark.parametrize(("names", "masks", "full"), LISTS)
def test_lists(names: list[str], masks: list[str], full: list[str]) -> None:
    assert (listed(names, full=False), listed(names, full=True)) == (masks, full)


PLAIN = (
    ("四年级(2)班", "四年级(2)班"),
    ("阿依古丽·吐尔逊", "阿依古丽·吐尔逊"),
    ("三年二班<@all>", "三年二班all"),
    ("＠所有人 三班", "所有人 三班"),
    ("﹫all", "all"),
    ("三班\n【教育局】通知", "三班 【教育局】通知"),
    ("三班\u2028五班", "三班 五班"),
    ("[点我](http://a.cn)", "点我(http：--a·cn)"),
    ("www.a.cn", "www·a·cn"),
    ("教育局。中国", "教育局·中国"),
    ("**三班** `x` _y_ ~z~ #1", "三班 x y z 1"),
    ("王\u200b小\u202e明\ufeff", "王小明"),
    ("\ud800王", "王"),
    ("<>@", NAMELESS),
    ("  ", NAMELESS),
    ("长" * 31, "长" * 29 + "…"),
)


@pytest.mark.parametrize(("text", "words"), PLAIN)
def test_plain(text: str, words: str) -> None:
    assert plain(text) == words


ANY = st.one_of(
    st.text(st.characters(), max_size=40),  # surrogates too
    st.lists(st.sampled_from(NASTY) | st.characters(), max_size=12).map("".join),
)


@settings(max_examples=5_000)
@given(ANY)
@example("＜@all＞")
def test_no_name_is_more_than_words(text: str) -> None:
    words = plain(text)
    assert words
    assert len(words) <= MOST_CHARACTERS
    assert tokens(words) == []
    assert "。" not in words
    assert not {unicodedata.category(sign)[0] for sign in words} - set("LMNPSZ")
    assert words.encode().decode() == words
    assert tokens(masked(text).replace("*", "")) == []


@settings(max_examples=300)
@given(names=st.lists(ANY, min_size=1, max_size=10), place=ANY)
@example(names=["/"], place="/")
def test_no_message_has_a_token_of_a_name(names: list[str], place: str) -> None:
    for kind in GroupKind:
        for full in (True, False):
            text = reminder.text(Roll(place, kind, 3, tuple(names), full_names=full), at(9), again=False)
            assert text is not None
            assert tokens(text.replace("*", "")) == []
            assert len(text.encode()) <= 2_048
    schools = {name: {place: (0, 30, 0)} for name in names}
    for text in (
        digest.bureau(bureau_facts(schools, county=place), 1, at(11)),
        digest.school(school_facts(place, dict.fromkeys(names, (0, 30, 0))), 1, at(11)),
    ):
        assert [tokens(RATE.sub("", line)) for line in text.split("\n")] == [[]] * (text.count("\n") + 1)
        assert len(text.encode()) <= 2_048

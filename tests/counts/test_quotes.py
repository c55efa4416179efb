"""Quotes: which lines of a message are shown, which words of them are marked, what is left out of long ones."""

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from bot.counts.quotes import LONGEST, Mark, Quote, Stretch, Written, passage, quote
from bot.reading.statement import Span

CHAIN = (
    "#接龙\n2月18日体温接龙\n\n1. 李雷 36.5 正常\n2、韩梅梅 37.6 有点咳嗽\n早上量的\n10．王小明 36.4    11、马骁 36.6"
)


def span_of(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def shown(made: Quote) -> str:
    """`_read_`, `*raised*`, `~unsure~`."""
    signs = {Mark.READ: "_", Mark.RAISED: "*", Mark.UNSURE: "~", None: ""}
    return "".join(f"{signs[one.mark]}{one.text}{signs[one.mark]}" for one in made.stretches)


@pytest.mark.parametrize(
    ("text", "entry", "lines", "number"),
    [
        (CHAIN, "李雷 36.5 正常", "1. 李雷 36.5 正常", 1),
        (CHAIN, "韩梅梅 37.6 有点咳嗽\n早上量的", "2、韩梅梅 37.6 有点咳嗽\n早上量的", 2),
        (CHAIN, "37.6", "2、韩梅梅 37.6 有点咳嗽", 2),  # a doubt about a word of an entry
        (CHAIN, "王小明 36.4", "10．王小明 36.4", 10),  # entries that share a line
        (CHAIN, "马骁 36.6", "11、马骁 36.6", 11),
        ("李雷 36.5", "李雷 36.5", "李雷 36.5", None),
        ("  李雷 36.5  \r\n谢谢", "李雷 36.5", "李雷 36.5", None),
        ("李雷 36.5，\n一切都好", "李雷 36.5，\n一切都好", "李雷 36.5，\n一切都好", None),
        ("205 李雷36.5 韩梅梅36.6", "205 李雷36.5 韩梅梅36.6", "205 李雷36.5 韩梅梅36.6", None),  # a room
    ],
)
def test_whose_lines_are_shown(text: str, entry: str, lines: str, number: int | None) -> None:
    found = passage(text, span_of(text, entry))
    assert (text[found.start : found.end], found.line) == (lines, number)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([], "2. 韩梅梅 37.6 有点咳嗽"),
        ([("37.6", Mark.RAISED), ("有点咳嗽", Mark.RAISED)], "2. 韩梅梅 *37.6* *有点咳嗽*"),
        ([("37.6", Mark.READ)], "2. 韩梅梅 _37.6_ 有点咳嗽"),
        ([("韩梅梅", Mark.UNSURE), ("37.6", Mark.READ)], "2. ~韩梅梅~ _37.6_ 有点咳嗽"),
        ([("37.6 有点", Mark.READ), ("有点咳嗽", Mark.RAISED)], "2. 韩梅梅 _37.6 _*有点咳嗽*"),
        ([("有点咳嗽", Mark.RAISED), ("37.6 有点", Mark.UNSURE)], "2. 韩梅梅 ~37.6 ~*有点咳嗽*"),
        ([("37.6", Mark.UNSURE), ("37.6 有点", Mark.READ)], "2. 韩梅梅 ~37.6~_ 有点_咳嗽"),
        ([("韩梅梅 37.6 有点咳嗽", Mark.UNSURE)], "2. 韩梅梅 37.6 有点咳嗽"),  # all of it: the reason says so
        ([("李雷", Mark.RAISED)], "2. 韩梅梅 37.6 有点咳嗽"),  # somebody else's line
    ],
)
def test_which_words_are_marked(marks: list[tuple[str, Mark]], expected: str) -> None:
    text = "1. 李雷 36.5\n2. 韩梅梅 37.6 有点咳嗽"
    place = passage(text, span_of(text, "韩梅梅 37.6 有点咳嗽"))
    made = quote(Written(text, "", None), place, [(span_of(text, words), mark) for words, mark in marks])
    assert shown(made) == expected


def test_a_long_entry_keeps_its_beginning_and_what_is_around_its_marks() -> None:
    text = "李雷早上" + "说了很多" * 40 + "量了37.8就没去" + "又说了些" * 40
    span = Span(0, len(text))
    made = quote(Written(text, "李雷妈妈", None), passage(text, span), [(span_of(text, "37.8"), Mark.RAISED)])
    before, after = ("说了很多" * 6)[-22:], ("又说了些" * 6)[:21]
    assert shown(made) == f"李雷早上{'说了很多' * 5}……{before}量了*37.8*就没去{after}……"
    assert (made.letters, "".join(one.text for one in made.whole)) == (len(text), text)


LETTERS = st.sampled_from("李雷 36.5正常1、\n\r\u2028①　👍#")


@given(text=st.text(LETTERS, min_size=1, max_size=3 * LONGEST), picks=st.data())
def test_a_quote_is_the_words_themselves(text: str, picks: st.DataObject) -> None:
    """Whatever was written: the stretches make up the passage, it holds its piece, and marks stay in their places."""
    ends = st.integers(0, len(text)).flatmap(lambda low: st.tuples(st.just(low), st.integers(0, len(text))))
    spans = [Span(*sorted(pair)) for pair in picks.draw(st.lists(ends, min_size=1)) if pair[0] != pair[1]]
    if not spans:
        return
    place = passage(text, spans[0])
    assert place.start <= spans[0].start < spans[0].end <= place.end
    marks = [(span, picks.draw(st.sampled_from(Mark))) for span in spans[1:]]
    made = quote(Written(text, "", None), place, marks)
    every = made.whole or made.stretches
    assert "".join(one.text for one in every) == text[place.start : place.end]
    assert all(one.text for one in every)
    at = place.start
    for one in every:
        if one.mark is not None:
            covering = {mark for span, mark in marks if span.start < at + len(one.text) and at < span.end}
            assert one.mark in covering
        at += len(one.text)
    assert all(here.mark is not after.mark for here, after in pairwise(every))
    assert len("".join(one.text for one in made.stretches)) <= max(LONGEST * 2, 1)


def test_no_words_are_told_by_accident() -> None:
    made = Quote((Stretch("37.6", Mark.RAISED),), "李雷妈妈", None)
    assert not any(word in repr(made) for word in ("37.6", "李雷"))

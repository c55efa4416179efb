"""The fold: the same from memory, from nothing and for any order of arrival, and a copy costs what is new in it."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings, strategies as st

from bot.cli.replay import days_of
from bot.reading import reader
from bot.reading.fold import GroupState, Told, fold, read_order, step
from bot.reading.normalise import Text
from bot.reading.outcome import Report
from bot.reading.report import read_report
from bot.reading.scene import Message
from tests.reading.group import NAMES, SCENE, at, messages_of

# Two days with branches, a change by the family, one by somebody else, a stale copy, a slip and its correction, talk.
TWO_DAYS = messages_of(
    """07:00 李雷妈妈: 2月18日体温接龙|1.李雷 36.5
       07:05 韩梅梅妈妈: 2月18日体温接龙|1.李雷 36.5|2.韩梅梅 37.6
       07:05 王子涵爸爸: 2月18日体温接龙|1.李雷 36.5|2.王子涵 36.6
       07:06 赵一诺妈妈: 2月18日体温接龙|1.李雷 36.5|2.韩梅梅 36.6|3.赵一诺 36.3
       07:06 班主任陈老师: 还差几位,抓紧
       07:08 孙宇航妈妈: 2月18日体温接龙|1.李雷 36.5|2.王子涵 36.6|3.孙宇航 63.5
       07:09 孙宇航妈妈: 36.5,打反了
       07:12 李雷爸爸: 2月18日体温接龙|1.李雷 36.8|2.王子涵 36.6|3.孙宇航 63.5
       07:13 路人: 36.4
       07:20 周小雨妈妈: 2月18日体温接龙|1.李雷 36.5|2.韩梅梅 37.6|3.周小雨 36.2
       07:30 吴佳琪妈妈: 吴佳琪36.5,没出门
       07:40 家委会: #接龙|校服尺码|1.李雷 150
       02-19 06:50 郑浩然妈妈: 2月18日体温接龙|1.李雷 36.5|2.韩梅梅 37.6|3.周小雨 36.2|4.郑浩然 36.1
       02-19 07:00 李雷妈妈: 2月19日体温接龙|1.李雷 36.5
       02-19 07:01 韩梅梅妈妈: 2月19日体温接龙|1.李雷 36.5|2.韩梅梅 36.6
       02-19 07:02 王子涵爸爸: 2月19日体温接龙|1.李雷 36.5|2.韩梅梅 36.6|3.王子涵 37.4
       02-19 07:03 王子涵妈妈: 2月19日体温接龙|1.李雷 36.5|2.韩梅梅 36.6|3.王子涵 36.4
       02-19 07:05 赵一诺妈妈: 赵一诺36.6
       02-19 07:06 吴佳琪妈妈: 36.4
       02-19 07:09 班主任陈老师: 收到"""
)


def same(one: Told, other: Told) -> bool:
    return (one.readings, one.unclear, one.state) == (other.readings, other.unclear, other.state)


IN_ORDER = fold(TWO_DAYS, SCENE)


def test_the_messages_of_these_tests_hold_what_they_are_for() -> None:
    days = days_of(IN_ORDER.readings)
    assert len(TWO_DAYS) == 20
    assert len(days) == 2
    assert {unclear.message for unclear in IN_ORDER.unclear} == {"m4", "m9"}
    assert any(reading.retracts for reading in IN_ORDER.readings)


@settings(max_examples=500)
@given(arrived=st.permutations(TWO_DAYS))
def test_the_order_of_arrival_decides_nothing(arrived: Sequence[Message]) -> None:
    assert same(fold(arrived, SCENE), IN_ORDER)


@given(cut=st.integers(0, len(TWO_DAYS)), arrived=st.permutations(TWO_DAYS))
def test_from_memory_as_from_nothing(cut: int, arrived: Sequence[Message]) -> None:
    ordered = sorted(arrived, key=read_order)
    before = fold(ordered[:cut], SCENE)
    after = fold(ordered[cut:], SCENE, before.state)
    waiting = tuple(unclear for unclear in before.unclear if unclear.key not in after.settled)
    assert before.readings + after.readings == IN_ORDER.readings
    assert waiting + after.unclear == IN_ORDER.unclear
    assert after.state == IN_ORDER.state


@given(missing=st.sets(st.integers(0, len(TWO_DAYS) - 1)))
def test_a_state_is_a_value_that_reading_on_does_not_change(missing: set[int]) -> None:
    kept = [message for place, message in enumerate(TWO_DAYS) if place not in missing]
    state = fold(kept[:-1], SCENE).state
    again = fold(kept[:-1], SCENE).state
    if kept:
        step(state, kept[-1], SCENE)
    assert state == again


def test_every_key_is_its_own() -> None:
    keys = [reading.key for reading in IN_ORDER.readings] + [unclear.key for unclear in IN_ORDER.unclear]
    assert len(keys) == len(set(keys))


@given(
    text=st.text(max_size=200)
    | st.lists(st.sampled_from([*NAMES, "36.5", "1.", "\n", "接龙", "2月18日", "「", "」"])).map("".join)
)
def test_any_text_is_read_and_every_span_lies_in_it(text: str) -> None:
    message = Message("m21", at("08:00", "2020-02-19"), "李雷妈妈", None, text)
    told = step(IN_ORDER.state, message, SCENE)
    spans = [reading.span for reading in told.readings] + [unclear.span for unclear in told.unclear]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@pytest.mark.parametrize(
    ("ids", "expected"), [(["m10", "m9", "m2"], ["m2", "m9", "m10"]), (["10", "a", "9"], ["9", "10", "a"])]
)
def test_messages_of_one_instant_are_read_in_the_natural_order_of_their_ids(
    ids: list[str], expected: list[str]
) -> None:
    messages = [Message(id_, at("07:00"), "", None, "") for id_ in ids]
    assert [message.id for message in sorted(messages, key=read_order)] == expected


class Counter:
    """Counts how often a piece is read."""

    def __init__(self) -> None:
        self.reads = 0
        self._read = read_report

    def __call__(self, text: Text, start: int, end: int, **where: object) -> Report:
        self.reads += 1
        return self._read(text, start, end, **where)  # type: ignore[arg-type]


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Counter:
    found = Counter()
    monkeypatch.setattr(reader, "read_report", found)
    return found


@pytest.mark.parametrize("entries", [46, 500])
def test_a_copy_reads_only_what_is_new_in_it(counter: Counter, entries: int) -> None:
    lines = [f"{number}.{NAMES[number % len(NAMES)]} 36.{number % 10} 第{number}次" for number in range(1, entries + 1)]
    state = GroupState()
    for size in range(1, entries + 1):
        text = "\n".join(["2月18日体温接龙", *lines[:size]])
        message = Message(f"m{size}", at("07:00"), "班长", None, text)
        state = step(state, message, SCENE).state
    assert counter.reads == entries
    step(state, Message("again", at("09:00"), "班长", None, "\n".join(["2月18日体温接龙", *lines])), SCENE)
    assert counter.reads == entries

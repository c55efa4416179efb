"""The picture of two weeks says what the numbers say: a gap where nothing was said, all at the top, today last."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given, strategies as st

from bot.counts.tally import Count, Numbers
from bot.messages.figures import change, rate, rise
from bot.pages.bureau_chart import BAR_MOST, BOTTOM, FIRST_X, STEP_X, TOP, Chart, chart
from models.vocabulary import Flag

DAY = date(2020, 2, 7)


def numbers(heard: int, expected: int = 100, flagged: int = 0) -> Numbers:
    return Numbers(
        expected=expected,
        missing=expected - heard,
        flagged=flagged,
        review=0,
        stated=heard - flagged,
        inferred=0,
        kinds=MappingProxyType(dict.fromkeys(Flag, 0)),
    )


def picture(students: Sequence[int], staff: Sequence[int] | None = None, flagged: Sequence[int] = ()) -> Chart | None:
    """Of days on which so many of 100 students, and as many staff unless given, were heard of."""
    flagged = flagged or [0] * len(students)
    days = zip(students, staff or students, flagged, strict=True)
    return chart(
        [
            (DAY + timedelta(days=at), Count(students=numbers(one, flagged=some), staff=numbers(other), doubts=0))
            for at, (one, other, some) in enumerate(days)
        ]
    )


def test_lines_with_a_gap() -> None:
    shown = picture([98, 100, 0, 99, 100])
    assert shown is not None
    assert shown.students.path == "M42 104L64 28M108 66L130 28"
    assert shown.students.end == (130.0, 28.0)
    assert shown.rules == ((28.0, "100%"), (66.0, "99%"), (104.0, "98%"))


def test_a_day_between_gaps_is_a_dot() -> None:
    shown = picture([100, 0, 100])
    assert shown is not None
    assert shown.students.path == "M42 28h.01M86 28h.01"


def test_a_last_day_without_a_word_has_no_end() -> None:
    shown = picture([100, 90, 0])
    assert shown is not None
    assert (shown.students.end, shown.students.last) == (None, "—")
    assert shown.words == "2月7日学生 100%，教职工 100%，有情况 0 人；2月8日学生 90.0%，教职工 90.0%，有情况 0 人。"


@pytest.mark.parametrize("students", [[], [100], [0, 0, 100], [0] * 14])
def test_nothing_to_compare(students: list[int]) -> None:
    assert picture(students) is None


@pytest.mark.parametrize(
    ("lowest", "rules"),
    [
        (100, ["100%", "99%", "98%"]),
        (97, ["100%", "98%", "96%"]),
        (91, ["100%", "95%", "90%"]),
        (81, ["100%", "90%", "80%"]),
        (61, ["100%", "80%", "60%"]),
        (1, ["100%", "50%", "0%"]),
    ],
)
def test_the_rules_hold_the_lowest_day(lowest: int, rules: list[str]) -> None:
    shown = picture([lowest, 100])
    assert shown is not None
    assert [word for _, word in shown.rules] == rules


def test_bars() -> None:
    shown = picture([100, 100, 100], flagged=[0, 5, 10])
    assert shown is not None
    assert [(bar.x, bar.height, bar.number, bar.day.day) for bar in shown.bars] == [
        (42, 0, 0, 7),
        (64, BAR_MOST / 2, 5, 8),
        (86, BAR_MOST, 10, 9),
    ]


@given(st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=14))
def test_everything_is_inside(days: list[tuple[int, int]]) -> None:
    shown = picture([one for one, _ in days], [other for _, other in days])
    if shown is None:
        assert sum(one + other > 0 for one, other in days) < 2
        return
    for line in (shown.students, shown.staff):
        for x, y in (point for piece in line.pieces for point in piece):
            assert TOP <= y <= BOTTOM
            assert FIRST_X <= x <= FIRST_X + STEP_X * (len(days) - 1)
    assert sum(len(piece) for piece in shown.students.pieces) == sum(one > 0 for one, _ in days)


@pytest.mark.parametrize(
    ("heard", "expected", "shown"),
    [(0, 0, "—"), (0, 9, "0%"), (9, 9, "100%"), (9999, 10000, "99.9%"), (1, 10000, "0.1%"), (27, 30, "90.0%")],
)
def test_rates(heard: int, expected: int, shown: str) -> None:
    assert rate(numbers(heard, expected)) == shown


@pytest.mark.parametrize(
    ("now", "before", "shown"),
    [
        (numbers(98), numbers(97), "+1.0"),
        (numbers(97), numbers(98), "−1.0"),
        (numbers(98), numbers(98), "0"),
        (numbers(98), numbers(0), None),
        (numbers(0, 0), numbers(98), None),
        (numbers(98), numbers(0, 0), None),
    ],
)
def test_rises(now: Numbers, before: Numbers, shown: str | None) -> None:
    assert rise(now, before) == shown


@pytest.mark.parametrize(("now", "before", "shown"), [(3, 0, "+3"), (0, 2, "−2"), (4, 4, "0"), (12, 2, "+10")])
def test_changes(now: int, before: int, shown: str) -> None:
    assert change(now, before) == shown


def test_a_rate_is_what_the_digest_says() -> None:
    assert numbers(1, 3).percent == Decimal("33.3")
    assert rate(numbers(1, 3)) == "33.3%"

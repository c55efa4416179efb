"""The picture of two weeks: how many were heard of, as two lines with gaps where nothing was said; who had something.

Its sizes are units of the picture's own viewBox.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.counts.tally import Count, Numbers
from bot.messages.figures import month_day, rate

FIRST_X, STEP_X = 42, 22
TOP, BOTTOM = 28, 104  # of the lines: all, and the lowest rule
BAR_MOST = 38
STEPS = (1, 2, 5, 10, 20, 50)  # percent between two of the three rules
_ALL = Decimal(100)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bar:
    """How many had something on a day."""

    x: int  # its middle
    height: float
    number: int
    day: date


@dataclass(frozen=True, slots=True)
class Line:
    """Rates of several days: pieces without a gap, each in order of days."""

    pieces: tuple[tuple[Point, ...], ...]
    last: str  # the rate of the last day, "—" where nobody was heard of

    @property
    def path(self) -> str:
        """As a path of SVG; a day between two gaps is a dot."""
        return "".join(
            "".join(f"{'L' if at else 'M'}{x:g} {y:g}" for at, (x, y) in enumerate(piece))
            + ("h.01" * (len(piece) == 1))
            for piece in self.pieces
        )

    @property
    def end(self) -> Point | None:
        """Where the last day is; None where nobody was heard of on it."""
        if self.last == "—":
            return None
        return self.pieces[-1][-1]


@dataclass(frozen=True, slots=True)
class Chart:
    """Two weeks of the county."""

    rules: tuple[tuple[float, str], ...]  # height and percent
    students: Line
    staff: Line
    bars: tuple[Bar, ...]
    words: str  # what the picture shows, for whoever does not see it


def chart(counts: Sequence[tuple[date, Count]]) -> Chart | None:
    """The picture of days in order, one a place; None where there are not two days to compare."""
    heard = [count for _, count in counts if count.people.heard]
    if len(heard) < 2:  # noqa: PLR2004 - one is no line
        return None
    percents = [each.percent for count in heard for each in (count.students, count.staff) if _was_heard(each)]
    lowest = min(one for one in percents if one is not None)
    step = next(step for step in STEPS if _ALL - 2 * step <= lowest)

    def height(percent: Decimal) -> float:
        return round(float(TOP + (_ALL - percent) * (BOTTOM - TOP) / (2 * step)), 1)

    students = _line([count.students for _, count in counts], height)
    staff = _line([count.staff for _, count in counts], height)
    most = max(count.people.flagged for _, count in counts)
    bars = tuple(
        Bar(_x(at), round(count.people.flagged * BAR_MOST / max(most, 1), 1), count.people.flagged, day)
        for at, (day, count) in enumerate(counts)
    )
    rules = tuple((height(_ALL - place * step), f"{100 - place * step}%") for place in range(3))
    return Chart(rules, students, staff, bars, _words(counts))


def _was_heard(numbers: Numbers) -> bool:
    return numbers.heard > 0


def _x(at: int) -> int:
    return FIRST_X + at * STEP_X


def _line(days: Sequence[Numbers], height: Callable[[Decimal], float]) -> Line:
    pieces: list[list[Point]] = [[]]
    for at, numbers in enumerate(days):
        if numbers.percent is not None and _was_heard(numbers):
            pieces[-1].append((_x(at), height(numbers.percent)))
        elif pieces[-1]:
            pieces.append([])
    last = rate(days[-1]) if _was_heard(days[-1]) else "—"
    return Line(tuple(tuple(piece) for piece in pieces if piece), last)


def _words(counts: Sequence[tuple[date, Count]]) -> str:
    """The first and the last day that say something."""
    heard = [one for one in counts if one[1].people.heard]
    ends = "；".join(
        f"{month_day(day)}学生 {rate(count.students)}，教职工 {rate(count.staff)}，有情况 {count.people.flagged} 人"
        for day, count in (heard[0], heard[-1])
    )
    return f"{ends}。"

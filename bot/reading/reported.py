"""Which earlier day the words at a place report on: 补昨天的 36.5, 2月18日: 36.3."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from operator import attrgetter

from bot.reading.day import DayWord, Sort
from bot.reading.piece import Clause, Piece
from bot.reading.said import Said
from bot.reading.temperature import Measured
from bot.reading.words import load

_LATE = load("cues")["late"]
_LATE_ALONE = re.compile(
    r"(?:补报?|补一下|补上|老师|更正(?:一下)?|,)*+\s*(?:的|补|补报|报|接龙|体温|的体温|那天的?|份的)?"
)
_LONGEST_LATE = 10  # letters of a clause that only names the day: 补昨天的接龙
_DATE_TO_READING = re.compile(
    r"(?:[\s:,的是量]|体温|补|报|早|晚|上|午|晨|中|下|日|也|都|正常|[一-龥]{2,4}(?=[\s:]|$))*"
)
_JOURNEY = re.compile(r"[去从回来]|(?<!烧)到")
_FORGOTTEN = re.compile("补|忘报|忘了|忘记|漏报|没报|忘接|没接")
_TURNS_TO_TODAY = re.compile(r"[;。!\n]|今")


class DayWords:
    """Which of the day words of a piece governs a place."""

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self.all = [day for clause in piece.clauses for day in clause.of(DayWord)]

    def governing(self, at: int) -> DayWord | None:
        """The day word that a reading or 正常 belongs to."""
        number = self.piece.number_at(at)
        if number is None or not self.all:
            return None
        clause = self.piece.clauses[number]
        here = [day for day in clause.of(DayWord) if day.start <= at]
        return self._reaching(here[-1], at) if here else self._alone_before(number, clause)

    @cached_property
    def is_late(self) -> bool:
        """Whether the piece says that it makes up for a report that was missed."""
        whole = self.piece.whole()
        return any(cue in whole for cue in _LATE)

    def _reaching(self, day: DayWord, at: int) -> DayWord | None:
        """A day word of the clause itself, None where what stands between is about something else."""
        between = self.piece.norm[day.end : at]
        if day.sort is Sort.DATE and not _DATE_TO_READING.fullmatch(between):
            return None
        return None if _JOURNEY.search(between) else day

    def _alone_before(self, number: int, clause: Clause) -> DayWord | None:
        """A day word that a clause before consists of: 补昨天的, 体温36.5."""
        nearest = self._spoken[number]
        if nearest is None or (clause.opens in ("。", "\n") and nearest < number - 1):
            return None
        before = self.piece.clauses[nearest]
        days = before.of(DayWord)
        if not days or days[-1].sort is Sort.SPAN:
            return None
        rest = before.words.strip()
        is_alone = len(rest) <= _LONGEST_LATE and _LATE_ALONE.fullmatch(
            rest.replace(self.piece.norm[days[-1].start : days[-1].end], "")
        )
        return days[-1] if is_alone else None

    @cached_property
    def _spoken(self) -> list[int | None]:
        """For each clause the nearest one before it that names a day or a temperature."""
        found: list[int | None] = []
        last = None
        for number, clause in enumerate(self.piece.clauses):
            found.append(last)
            if any(isinstance(thing, DayWord | Measured) for thing in clause.things):
                last = number
        return found


class ReportedDays:
    """The earlier day that words report on, None for today."""

    def __init__(self, days: DayWords, readings: Sequence[Said]) -> None:
        """`readings`: the temperatures that the piece tells, in order."""
        self._piece = days.piece
        self._days = days
        self._readings = readings

    def of_illness(self, at: int) -> date | None:
        """The day of a symptom or fever."""
        day = self._days.governing(at)
        if day is None:
            return self._of_reading_before(at)
        if day.sort in (Sort.TODAY, Sort.SPAN) or day.day >= self._piece.today:
            return None
        if not _FORGOTTEN.search(self._piece.whole()):
            return None
        clause = self._piece.clause_at(at)
        return None if clause is None or day.start < clause.start else day.day

    def of_well(self, at: int) -> date | None:
        """The day of a word of well-being."""
        day = self._days.governing(at)
        if day is None:
            return self._of_reading_before(at)
        if day.sort is not Sort.RELATIVE or day.day >= self._piece.today:
            return None
        clause = self._piece.clause_at(at)
        if clause is None or (not self._days.is_late and "也" not in self._piece.norm[day.end : at]):
            return None
        return day.day if day.start >= clause.start or "补" in self._piece.whole() else None

    def _of_reading_before(self, at: int) -> date | None:
        """The earlier day of the reading that stands before in the same sentence: 补2月18日 36.3 有点咳嗽."""
        number = bisect_left(self._readings, at, key=attrgetter("at"))
        reading = self._readings[number - 1] if number else None
        if reading is None or reading.day is None:
            return None
        between = self._piece.norm[reading.at : at]
        if _TURNS_TO_TODAY.search(between) or any(reading.at < day.start < at for day in self._days.all):
            return None
        return reading.day

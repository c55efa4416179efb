"""Timetables: at which local times of a day a job is due, and whether an occurrence is still to come, due or too late.

Without a calendar every day has the duty. Only the occurrences of today count: what was due before midnight is worth
nothing after it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.vocabulary import JobKind
from scheduler.days import local_day

LATEST = timedelta(minutes=30)  # an occurrence that nobody did by then is skipped, and said
LATE = timedelta(minutes=5)  # from here on it is called late

Occurrence = tuple[JobKind, str, int]
"""What tells the occurrences of a day apart: kind, unit, ordinal."""


@dataclass(frozen=True, slots=True)
class Due:
    """One occurrence of a job whose time has come."""

    kind: JobKind
    unit: str  # scheduler/slots.py has how units are named
    day: date  # school-local
    ordinal: int  # of the day, from 0
    due_at: datetime

    @property
    def occurrence(self) -> Occurrence:
        """Which one of its day it is; its time does not count."""
        return (self.kind, self.unit, self.ordinal)

    def is_late(self, now: datetime) -> bool:
        """Whether it is done so late that it must be said."""
        return now - self.due_at > LATE

    def is_past(self, now: datetime) -> bool:
        """Whether it must not be done any more."""
        return now - self.due_at > LATEST


@dataclass(frozen=True, slots=True)
class Timetable:
    """The local times of a day at which a job is due, in their order; an occurrence's place in it is its ordinal."""

    times: tuple[time, ...]

    def come(self, kind: JobKind, unit: str, now: datetime, zone: ZoneInfo) -> Iterator[Due]:
        """Today's occurrences whose time has come, those that are past included, in the order of the timetable."""
        day = local_day(now, zone)
        for ordinal, at in enumerate(self.times):
            due_at = instant(day, at, zone)
            if due_at <= now:
                yield Due(kind, unit, day, ordinal, due_at)


USUAL_REMINDERS = Timetable((time(9), time(10, 30)))
"""When a group is reminded that has no times of its own."""
DIGESTS = Timetable((time(11),))
"""When schools and the bureau get their digests."""


def reminders(kept: Sequence[str] | None) -> Timetable:
    """A group's timetable out of the times that are kept of it, "09:00"; None: it has none of its own."""
    return USUAL_REMINDERS if kept is None else Timetable(tuple(time.fromisoformat(one) for one in kept))


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """A local time of a day, in UTC: two instants of one zone would be subtracted as the clock on the wall shows them.

    A time that the clock skips in spring is as long after midnight as its figures say; of one that comes twice in
    autumn it is the first.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)

"""Which occurrences of a day have come, and which of them are too late."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from models.vocabulary import JobKind
from scheduler.timetable import Due, Timetable, instant

SHANGHAI = ZoneInfo("Asia/Shanghai")
USUAL = Timetable((time(9), time(10, 30)))
LAST = Timetable((time(23, 50),))


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("timetable", "now", "come"),
    [
        (USUAL, "2020-02-19T08:59:59.999999", []),
        (USUAL, "2020-02-19T09:00", ["0 due"]),
        (USUAL, "2020-02-19T09:05", ["0 due"]),
        (USUAL, "2020-02-19T09:05:01", ["0 late"]),
        (USUAL, "2020-02-19T09:30", ["0 late"]),
        (USUAL, "2020-02-19T09:30:01", ["0 past"]),
        (USUAL, "2020-02-19T10:30", ["0 past", "1 due"]),
        (USUAL, "2020-02-19T11:00", ["0 past", "1 late"]),
        (USUAL, "2020-02-19T23:59:59", ["0 past", "1 past"]),
        (USUAL, "2020-02-20T00:00", []),
        (USUAL, "2020-02-23T09:00", ["0 due"]),  # a Sunday: without a calendar every day has the duty
        (LAST, "2020-02-19T23:59:59", ["0 late"]),
        (LAST, "2020-02-20T00:00", []),  # yesterday's is worth nothing, though it is ten minutes old
        (Timetable(()), "2020-02-19T09:00", []),
        (Timetable((time(9, 15),)), "2020-02-19T09:14:59", []),
        (Timetable((time(9, 15),)), "2020-02-19T09:15", ["0 due"]),
    ],
)
def test_what_has_come(timetable: Timetable, now: str, come: list[str]) -> None:
    def said(due: Due) -> str:
        how = "past" if due.is_past(local(now)) else "late" if due.is_late(local(now)) else "due"
        return f"{due.ordinal} {how}"

    assert [said(due) for due in timetable.come(JobKind.REMINDER, "group/1", local(now), SHANGHAI)] == come


@pytest.mark.parametrize(
    ("zone", "now", "day", "due_at"),
    [
        ("Asia/Shanghai", "2020-02-19T01:00+00:00", date(2020, 2, 19), "2020-02-19T01:00+00:00"),
        ("Asia/Urumqi", "2020-02-19T03:10+00:00", date(2020, 2, 19), "2020-02-19T03:00+00:00"),
        ("Pacific/Kiritimati", "2020-02-18T19:10+00:00", date(2020, 2, 19), "2020-02-18T19:00+00:00"),
        ("Asia/Shanghai", "1988-07-01T00:00+00:00", date(1988, 7, 1), "1988-07-01T00:00+00:00"),  # summer time
    ],
)
def test_nine_oclock_elsewhere(zone: str, now: str, day: date, due_at: str) -> None:
    (due,) = USUAL.come(JobKind.REMINDER, "group/1", datetime.fromisoformat(now), ZoneInfo(zone))
    assert due == Due(JobKind.REMINDER, "group/1", day, 0, datetime.fromisoformat(due_at))


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        (date(2020, 3, 29), time(2, 30), "2020-03-29T01:30"),  # the clock goes from 02:00 to 03:00
        (date(2020, 10, 25), time(2, 30), "2020-10-25T00:30"),  # 02:30 comes twice
    ],
)
def test_a_time_that_is_not_there_and_one_that_comes_twice(day: date, at: time, utc: str) -> None:
    assert instant(day, at, ZoneInfo("Europe/Berlin")) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


def test_half_an_hour_is_half_an_hour_when_the_clock_is_changed() -> None:
    """At 03:10 of summer time, what was due at 01:50 is 20 minutes old, though the clock shows 80."""
    berlin = ZoneInfo("Europe/Berlin")
    now = local("2020-03-29T03:10", berlin)
    (due,) = Timetable((time(1, 50),)).come(JobKind.REMINDER, "group/1", now.astimezone(berlin), berlin)
    assert due.is_late(now.astimezone(berlin))
    assert not due.is_past(now.astimezone(berlin))

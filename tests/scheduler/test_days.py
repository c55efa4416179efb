"""Which day an instant is of at school, and which days are open."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from scheduler.days import first_open_day, is_open, local_day

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2020, 2, 17, 15, 59, 59, tzinfo=UTC), date(2020, 2, 17)),
        (datetime(2020, 2, 17, 16, 0, 0, tzinfo=UTC), date(2020, 2, 18)),
        (datetime(1988, 7, 1, 15, 30, 0, tzinfo=UTC), date(1988, 7, 2)),  # summer time, nine hours ahead
    ],
)
def test_the_schools_local_date(instant: datetime, day: date) -> None:
    assert local_day(instant, ZONE) == day


@pytest.mark.parametrize(
    ("open_days", "first"),
    [
        (1, date(2020, 2, 18)),
        (7, date(2020, 2, 12)),
        (10_000, date(1992, 10, 3)),
        (10**9, date(1, 1, 2)),
    ],
)
def test_today_and_the_days_before(open_days: int, first: date) -> None:
    assert first_open_day(date(2020, 2, 18), open_days) == first


@pytest.mark.parametrize(
    ("day", "opened"),
    [
        (date(2020, 2, 11), False),
        (date(2020, 2, 12), True),
        (date(2020, 2, 18), True),
        (date(2020, 2, 19), True),  # two minutes to midnight, and a platform's clock runs ahead
        (date(2020, 2, 20), False),
    ],
)
def test_open_days(day: date, opened: bool) -> None:  # noqa: FBT001
    assert is_open(day, datetime(2020, 2, 18, 15, 58, tzinfo=UTC), ZONE, 7) is opened

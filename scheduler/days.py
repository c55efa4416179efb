"""School-local days: which day an instant is of, and which days are open. Knows no text and no channel."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

CLOCK_SKEW = timedelta(minutes=5)  # a platform's clock may run a little ahead of ours around midnight


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The school's local date of an instant."""
    return instant.astimezone(zone).date()


def first_open_day(today: date, open_days: int) -> date:
    """The earliest open day: today and the `open_days` - 1 before it are open."""
    return max(date.min + timedelta(days=1), today - timedelta(days=min(open_days - 1, (today - date.min).days - 1)))


def is_open(day: date, now: datetime, zone: ZoneInfo, open_days: int) -> bool:
    """Whether a message of `day` that arrives `now` can still change records."""
    return first_open_day(local_day(now, zone), open_days) <= day <= local_day(now + CLOCK_SKEW, zone)

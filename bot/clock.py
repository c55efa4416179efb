"""The only place that asks for the time."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def seconds() -> float:
    """Seconds of a clock that never goes back, for durations."""
    return time.monotonic()

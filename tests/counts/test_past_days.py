"""Days gone by are counted like any day, and remembered for as long as whoever asks allows."""

from datetime import date, timedelta
from unittest.mock import Mock

import pytest
from sqlalchemy.orm import Session

from bot.counts import past_days
from bot.counts.past_days import MOST, PastDays
from bot.counts.tally import Tally
from tests.intake.county import NOW

DAY = date(2020, 2, 18)
HOUR = timedelta(hours=1)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The days that are counted, in order."""
    days: list[date] = []

    def tally(_session: Session, day: date) -> Tally:
        days.append(day)
        return Tally(day, (), {})

    monkeypatch.setattr(past_days, "tally", tally)
    return days


@pytest.mark.parametrize(
    ("after", "within", "again"),
    [
        (timedelta(), HOUR, False),
        (timedelta(minutes=59), HOUR, False),
        (HOUR, HOUR, True),
        (timedelta(minutes=5), timedelta(minutes=5), True),
        (timedelta(seconds=-1), HOUR, True),  # a clock that was set back
    ],
)
def test_how_long_a_day_is_remembered(counted: list[date], after: timedelta, within: timedelta, *, again: bool) -> None:
    past = PastDays()
    for now in (NOW, NOW + after):
        assert set(past.counts(Mock(), [DAY], now, within)) == {DAY}
    assert counted == [DAY] * (1 + again)


def test_days_are_forgotten_one_by_one(counted: list[date]) -> None:
    past = PastDays()
    days = [DAY - timedelta(days=ago) for ago in range(MOST + 1)]
    assert list(past.counts(Mock(), days, NOW, HOUR)) == days
    past.counts(Mock(), days[1:], NOW, HOUR)
    assert counted == days
    past.counts(Mock(), days[:1], NOW, HOUR)
    assert counted == [*days, DAY]

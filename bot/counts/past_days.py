"""The county's numbers of days gone by: each is counted like any day, and remembered for a while.

Counting a county's day takes about a tenth of a second, and a page shows two weeks. What is late for a day that is over
is seen at once on that day's own page, and a little later where it stands beside others.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Lock

from sqlalchemy.orm import Session

from bot.counts.tally import Count, tally

MOST = 60  # days that are remembered


@dataclass(eq=False)
class PastDays:
    """What is remembered of one database; several threads may ask."""

    _known: dict[date, tuple[datetime, Count]] = field(default_factory=dict)  # when it was counted
    _lock: Lock = field(default_factory=Lock)

    def counts(self, session: Session, days: Iterable[date], now: datetime, within: timedelta) -> dict[date, Count]:
        """The county's numbers of each day, counted no longer than `within` ago."""
        found = {}
        for day in days:
            known = self._known.get(day)
            if known is None or not timedelta() <= now - known[0] < within:
                known = (now, tally(session, day).whole)
                self._remember(day, known)
            found[day] = known[1]
        return found

    def _remember(self, day: date, known: tuple[datetime, Count]) -> None:
        with self._lock:
            self._known[day] = known
            while len(self._known) > MOST:
                del self._known[next(iter(self._known))]

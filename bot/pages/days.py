"""Which day a page is asked to show."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from bot.messages.figures import day_words
from bot.pages.errors import NotFound
from bot.pages.visit import Visit

FIRST = date(2019, 1, 1)  # nothing of this product is older
AHEAD = timedelta(days=1)  # a chain for tomorrow is often begun the evening before
TABS = ("前天", "昨天", "今天")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def asked_day(visit: Visit) -> date:
    """The `day` of the address, today where it names none; raises NotFound where it is no day that anything is of."""
    return day_in(visit.query, visit)


def day_in(fields: Mapping[str, str], visit: Visit, name: str = "day") -> date:
    """The same of any fields."""
    asked = fields.get(name)
    if asked is None:
        return visit.today
    try:
        day = date.fromisoformat(asked) if _DAY.fullmatch(asked) else None
    except ValueError:
        day = None
    if day is None or not FIRST <= day <= visit.today + AHEAD:
        raise NotFound
    return day


def tabs(visit: Visit, address: str, number: Callable[[date], str]) -> list[tuple[str, str, str]]:
    """The last three days as (word, address, small print), today last: its number is the page's own."""
    found = []
    for back, word in zip(reversed(range(len(TABS))), TABS, strict=True):
        day = visit.today - timedelta(days=back)
        found.append((word, dated(address, day, visit), number(day) if back else day_words(day)))
    return found


def tab_of(day: date, visit: Visit) -> int | None:
    """Which of the three days a page is of, None where it is another."""
    back = (visit.today - day).days
    return len(TABS) - 1 - back if back in range(len(TABS)) else None


def dated(address: str, day: date, visit: Visit) -> str:
    """An address of a day; that of today names none, so that a page left open overnight is of the new day."""
    return address if day == visit.today else f"{address}?day={day}"

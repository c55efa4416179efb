"""How people are named in a group chat: 王*明, unless their school wants full names."""

import unicodedata
from collections import Counter
from collections.abc import Iterable

from bot.messages.plain import plain

HIDDEN = "*"
MOST_HIDDEN = 10


def masked(name: str) -> str:
    """The first and the last character of a name: 王*明, 马*, 欧**博; of one character nothing is shown."""
    shown = [sign for sign in plain(name) if sign != " " and not unicodedata.category(sign).startswith("M")]
    if len(shown) <= 1:
        return HIDDEN
    inner = min(max(len(shown) - 2, 1), MOST_HIDDEN)
    return shown[0] + HIDDEN * inner + "".join(shown[2:][-1:])


def listed(names: Iterable[str], *, full: bool) -> list[str]:
    """The names in order, in full or masked; those that look alike are written once, with their number: 王*明2位."""
    looks = Counter(plain(name) if full else masked(name) for name in names)
    return [look if people == 1 else f"{look}{people}位" for look, people in looks.items()]

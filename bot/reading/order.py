"""The order in which messages of one instant were written, as their ids tell it."""

import re

_DIGITS = re.compile(r"(\d+)")


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key in which the numbers inside a text count as numbers: m9 before m10."""
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in _DIGITS.split(text) if part)

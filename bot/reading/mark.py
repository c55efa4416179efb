"""A mark in place of words: +1, 1, 同上, a raised thumb. It reports only where somebody defined it."""

import re
from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at the head of a message."""

    end: int  # length of the mark with the blanks around it
    is_defined: bool


_ALONE = re.compile(r"\s*(?:\+\s*1|1|同上|(?:\[(?:强|OK|ok|好的|赞|握手)\]|[👍👌✅🆗💪√☑])+)[\s!。.~]*")
_GOES_ON = re.compile(r"\s*[\s,.。;!~\[]|$")


def read_mark(words: str, defined: Collection[str]) -> Mark | None:
    """The mark that a normalised message begins with where it is defined, or consists of; None for words."""
    head = words.lstrip()
    blank = len(words) - len(head)
    for mark in sorted(defined, key=len, reverse=True):
        if head.startswith(mark) and _GOES_ON.match(head, len(mark)):
            return Mark(blank + len(mark), is_defined=True)
    return Mark(len(words), is_defined=False) if _ALONE.fullmatch(words) else None

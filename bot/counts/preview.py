"""What would be: a group's days after some texts are saved and read."""

from dataclasses import dataclass, field
from datetime import date

from bot.counts.group_day import GroupDay
from bot.counts.members import MemberDay


@dataclass(frozen=True, slots=True)
class Recognised:
    """What the texts are."""

    messages: int
    known: int  # of them, that were saved before
    lines: int | None  # of the chain, where the texts are one
    chain_day: date | None  # that its heading names
    tells: bool  # something of somebody's health, known or not
    unread: tuple[str, ...] = field(repr=False)  # lines that report nobody, in order


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be after the texts are saved and read."""

    recognised: Recognised
    days: tuple[GroupDay, ...]  # that the texts tell of, the latest first; what they add is `new`
    before: tuple[MemberDay, ...] = field(repr=False)  # of these days, as they stand

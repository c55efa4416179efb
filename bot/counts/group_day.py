"""A group's day: its members by state, each with the words that say so, and what waits for a person."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from bot.counts.members import MemberDay
from models.vocabulary import Flag, GroupKind, Reason, State


class Mark(StrEnum):
    """What was made of a stretch of what somebody wrote."""

    READ = "read"
    RAISED = "raised"  # it raised a flag
    UNSURE = "unsure"  # it could not be read for sure


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a quote that were taken alike; mark None: nothing was read in them."""

    text: str = field(repr=False)
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody wrote, with what was read in it."""

    stretches: tuple[Stretch, ...]
    sender: str = field(repr=False)  # the nickname that the message shows, "" where it shows none
    at: datetime | None  # aware, in the school's time zone; None where nobody knows
    line: int | None = None  # its number in a chain


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member of the day, and the words that tell of them."""

    of: MemberDay
    quotes: tuple[Quote, ...] = ()  # in the order in which they were written
    phones: tuple[str, ...] = field(default=(), repr=False)  # whom to call, as the roster has them
    new: bool = False  # of a preview: what was pasted says something that was not known


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a message that waits for a person might mean."""

    temperature: Decimal | None = field(repr=False)
    flags: tuple[Flag, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """What a person must look at."""

    reason: Reason
    quote: Quote
    names: tuple[str, ...] = field(repr=False)  # of the members that it may concern, possibly none
    proposal: Proposal | None = None
    new: bool = False  # of a preview: it is in what was pasted


@dataclass(frozen=True, slots=True)
class GroupDay:
    """A group on a school-local day."""

    day: date
    school: str
    group: str
    kind: GroupKind
    members: tuple[MemberLine, ...]
    doubts: tuple[DoubtLine, ...]
    heard_at: datetime | None  # when the day's last message was written, in the school's time zone; None: there is none
    waiting: int = 0  # messages that have arrived and are not read yet

    @property
    def expected(self) -> int:
        """Who is to report."""
        return len(self.members)

    @property
    def heard(self) -> int:
        """Who was heard from: everybody who is not missing."""
        return self.expected - self.count(State.MISSING)

    def of(self, state: State) -> Iterator[MemberLine]:
        """The members in a state, in the order of the roster."""
        return (one for one in self.members if one.of.state is state)

    def count(self, state: State) -> int:
        """How many members are in a state."""
        return sum(1 for _ in self.of(state))

"""What a group's messages have said so far, as far as it is needed to read the next one."""

from collections.abc import Mapping, Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.reading.chain import Document
from bot.reading.order import natural
from bot.reading.outcome import Frame
from bot.reading.scene import Message
from bot.reading.statement import Reading, Unclear

REMEMBERED = timedelta(days=14)
"""Documents that nobody touched, templates, reported days and open questions older than this are let go: what a message
says depends on nothing older, so a fold that begins so much earlier gives the same as one that has read everything."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An unclear piece that a later message may still answer."""

    unclear: Unclear
    sender: str = field(repr=False)
    account: str | None = field(repr=False)
    content: str = field(default="", repr=False)


@dataclass(frozen=True)
class GroupState:
    """What must be remembered of a group's messages to read the next one. Start with `GroupState()`."""

    documents: tuple[Document, ...] = ()
    asked: Frame = field(default_factory=Frame)  # of the newest template
    asked_on: date | None = None  # marks and the meaning of a bare name hold for that day
    reported: Mapping[date, frozenset[int]] = field(default_factory=dict)  # day -> members with a reading
    waiting: tuple[Waiting, ...] = ()
    last: tuple[object, ...] | None = field(default=None, repr=False)  # read_order of the newest message


@dataclass(frozen=True, slots=True)
class Step:
    """What one input brings."""

    state: GroupState
    readings: tuple[Reading, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    settled: AbstractSet[str] = frozenset()  # keys of earlier Unclear that this input answers


def read_order(message: Message) -> tuple[object, ...]:
    """Sort key of a group's messages: instant, then the natural order of the platform's id (m9 before m10)."""
    return message.at, natural(message.id)


def forget(state: GroupState, at: datetime) -> GroupState:
    """The state without what nobody goes back to."""
    oldest = at - REMEMBERED
    first = oldest.date()
    is_asked_long_ago = state.asked_on is not None and state.asked_on < first
    if not (
        is_asked_long_ago
        or any(document.touched < oldest for document in state.documents)
        or any(day < first for day in state.reported)
        or any(item.unclear.day < first for item in state.waiting)
    ):
        return state
    return replace(
        state,
        documents=tuple(document for document in state.documents if document.touched >= oldest),
        asked=Frame() if is_asked_long_ago else state.asked,
        asked_on=None if is_asked_long_ago else state.asked_on,
        reported={day: members for day, members in state.reported.items() if day >= first},
        waiting=tuple(item for item in state.waiting if item.unclear.day >= first),
    )

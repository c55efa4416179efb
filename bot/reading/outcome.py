"""What reading a piece of text comes to: of whom what, and what a person must look at."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.reading.scene import Member
from bot.reading.statement import Span, Statement, Value
from models.vocabulary import Basis, Reason, Topic


class Act(StrEnum):
    """What a piece of text does."""

    REPORT = "report"  # says something of somebody's health or day
    CHATTER = "chatter"  # thanks, chat, jokes, commands, notices, questions: reports nobody


@dataclass(frozen=True, slots=True)
class Frame:
    """What a heading or form asks, in order, so that 无, 否 and 是 by position can be understood."""

    questions: tuple[str, ...] = ()  # normalised labels in order, the name's included
    name_is_report: bool = False  # the heading says that a name alone means all well
    marks: AbstractSet[str] = frozenset()  # marks that the heading defines as a report: +1, 1, 同上


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report says of one member."""

    member: Member
    statements: tuple[Statement[Value], ...]
    span: Span
    basis: Basis
    day: date | None = None  # the day that the words themselves name (昨天, 2月18日), None where they name none
    replaces: AbstractSet[Topic] = frozenset()  # 更正, 打错了: topics that are mentioned and so replaced


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason why a person must look at this piece, and whom it may concern."""

    reason: Reason
    span: Span
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What a piece of text says: of whom what, and what is unclear. Both may be there at once."""

    act: Act
    subjects: tuple[Subject, ...] = ()
    doubts: tuple[Doubt, ...] = ()

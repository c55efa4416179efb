"""One report: a message of its own or one entry of a chain, who it is about and what it says of each."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from bot.reading.member import Speaker, mentions
from bot.reading.normalise import Text
from bot.reading.scene import Member, Scene
from bot.reading.statement import Context, Span, Statement, Temperature, Value
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


def read_report(
    text: Text, start: int, end: int, *, speaker: Speaker, frame: Frame, entry: bool, at: datetime, scene: Scene
) -> Report:
    """What `text.norm[start:end]` says.

    `entry`: the piece is an entry of a chain, whose subject is named in it, never by the speaker's nickname.
    `at`: the instant of the message in the school's time zone; 昨天 and 今早 count from its local date.
    """
    piece = text.norm[start:end]
    named = [m for m in mentions(text, start, end, scene) if len(m.members) == 1]
    members = tuple(dict.fromkeys(m.members[0] for m in named)) or (() if entry else speaker.members)
    statements: list[Statement[Value]] = []
    for found in re.finditer(r"(?<!\d)(3[4-9]|4[0-2])[.,度°](\d)(?!\d)", piece):
        span = text.span(start + found.start(), start + found.end())
        statements.append(
            Statement(Temperature(Decimal(f"{found[1]}.{found[2]}")), Context(), span, "temperature.crude")
        )
    if not statements:
        return Report(Act.CHATTER)
    if not members:
        return Report(Act.REPORT, (), (Doubt(Reason.UNKNOWN_PERSON, text.span(start, end)),))
    whole = text.span(start, end)
    return Report(Act.REPORT, tuple(Subject(m, tuple(statements), whole, Basis.STATED) for m in members))

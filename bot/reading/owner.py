# ruff: noqa: PLR0913, PLR0917 -- a statement has as many parts
"""Of whom each place of a piece speaks, and what was said of whom."""

import re
from dataclasses import dataclass, field
from datetime import date

from bot.reading.answer import Answer
from bot.reading.day import DayWord
from bot.reading.member import Speaker
from bot.reading.piece import Piece
from bot.reading.scene import Member
from bot.reading.statement import (
    Context,
    Statement,
    Value,
)
from bot.reading.subject import Subject, Who, lives_apart, lives_there, subjects
from bot.reading.temperature import Measured
from models.vocabulary import Experiencer, Polarity, Temporality


@dataclass(frozen=True, slots=True)
class Said:
    """A statement, of whom it is (() for whoever the piece is about), and the day that its words give."""

    statement: Statement[Value]
    members: tuple[Member, ...]
    at: int
    day: date | None = None


@dataclass
class Told:
    """All that a piece says, before it is dealt out to the members."""

    said: list[Said] = field(default_factory=list)
    implausible: list[Measured] = field(default_factory=list)
    own_reading: bool = False  # the writer's temperature, where the writer is not the reported person
    class_not_named: list[tuple[int, int]] = field(default_factory=list)
    strong: bool = False  # says something of health that is no mere politeness
    others_ill: bool = False  # somebody outside the household is said to be ill
    asked_fact: bool = False  # a question carries an affirmed fact


class Owners:
    """Of whom each place of a piece speaks; collects what is said."""

    def __init__(
        self,
        piece: Piece,
        speaker: Speaker,
        questions: tuple[str, ...],
        answers: list[Answer],
        mains: tuple[Member, ...],
        *,
        entry: bool,
    ) -> None:
        """Prepare the owners of every place of the piece; `answers` are those with labels of their own."""
        self.piece = piece
        self.speaker = speaker
        self.questions = questions
        self.mains = mains
        self.told = Told()
        self.subjects = subjects(piece, speaker, entry=entry)
        self.answers = list(answers)
        self.days = [day for clause in piece.clauses for day in clause.of(DayWord) if isinstance(day, DayWord)]
        self.temperatures = [m for clause in piece.clauses for m in clause.of(Measured) if isinstance(m, Measured)]

    def _border(self, low: int, high: int) -> bool:
        """Whether a sentence ends between two places."""
        return re.search(r"[。!\n]", self.piece.norm[low:high]) is not None

    def subject_at(self, at: int) -> Subject | None:
        """The word for a person that governs a place, None where it is whoever the piece is about."""
        before = [one for one in self.subjects if one.start <= at]
        if not before:
            return None
        last = before[-1]
        if last.who is Who.MEMBER and last.members:
            return last
        if self._border(last.end, at):
            named = [one for one in before if one.who is Who.MEMBER and one.members]
            return named[-1] if named else None
        return last

    def who_at(self, at: int) -> Who:
        """Whom a place speaks of."""
        subject = self.subject_at(at)
        return Who.MEMBER if subject is None else subject.who

    def members_at(self, at: int) -> tuple[Member, ...]:
        """The members of whom a place speaks; () for all that the piece is about."""
        named = [one for one in self.subjects if one.start <= at and one.members and one.who is not Who.OTHER]
        if not named:
            return ()
        last = named[-1]
        clause = next((c for c in self.piece.clauses if c.start <= at < c.end), None)
        if (
            clause is not None
            and re.match(r"\s*(?:都|均|全都?|两个|俩|三个|大家|各)", self.piece.norm[clause.start : clause.end])
            and clause.start > last.end - 1
        ):
            return tuple(dict.fromkeys(member for one in named for member in one.members))
        return self._group(named.index(last), named)

    def _group(self, number: int, named: list[Subject]) -> tuple[Member, ...]:
        """The members listed together with a named one: 张一诺、张一言."""
        members = list(named[number].members)
        while number:
            between = self.piece.norm[named[number - 1].end : named[number].start]
            if not re.fullmatch(r"[、,\s和与跟及]*", between):
                break
            number -= 1
            members[:0] = named[number].members
        return tuple(dict.fromkeys(members))

    def _experiencer(self, at: int) -> Experiencer:
        subject = self.subject_at(at)
        if subject is None or subject.who is Who.MEMBER:
            return Experiencer.PERSON
        if subject.who is Who.OTHER:
            return Experiencer.OTHER
        if subject.who is Who.KIN:
            return Experiencer.HOUSEHOLD if lives_there(self.piece, subject.start) else Experiencer.OTHER
        if subject.who is Who.WE:
            return Experiencer.HOUSEHOLD
        return (
            Experiencer.OTHER
            if lives_apart(self.piece, subject.start, self._next_person(subject))
            else Experiencer.HOUSEHOLD
        )

    def _next_person(self, subject: Subject) -> int:
        """Where the text turns to somebody else."""
        return next(
            (
                one.start
                for one in self.subjects
                if one.start > subject.start and one.word != subject.word and not one.me
            ),
            self.piece.end,
        )

    def _add(
        self,
        value: Value,
        start: int,
        end: int,
        rule: str,
        polarity: Polarity = Polarity.AFFIRMED,
        temporality: Temporality = Temporality.NOW,
        experiencer: Experiencer = Experiencer.PERSON,
        day: date | None = None,
        members: tuple[Member, ...] | None = None,
    ) -> None:
        context = Context(polarity, experiencer, temporality)
        statement: Statement[Value] = Statement(value, context, self.piece.text.span(start, max(end, start + 1)), rule)
        self.told.said.append(Said(statement, self.members_at(start) if members is None else members, start, day))

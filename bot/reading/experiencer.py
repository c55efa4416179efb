"""Of whom each place of a piece speaks: the person, the household, somebody else (the experiencer of ConText)."""

import re
from bisect import bisect_right
from functools import cached_property
from operator import attrgetter

from bot.reading.piece import Piece
from bot.reading.scene import Member
from bot.reading.subject import Subject, Who, lives_apart, lives_there
from models.vocabulary import Experiencer

_ALL = re.compile(r"\s*(?:都|均|全都?|两个|俩|三个|大家|各)")
_LISTED = re.compile(r"[、,\s和与跟及]*")


class Experiencers:
    """Of whom each place of a piece speaks."""

    def __init__(self, piece: Piece, subjects: list[Subject]) -> None:
        """`subjects`: the words for persons in the piece, in order."""
        self.piece = piece
        self.subjects = subjects
        self._starts = [one.start for one in subjects]

    def subject_at(self, at: int) -> Subject | None:
        """The word for a person that governs a place, None where it is whoever the piece is about."""
        number = bisect_right(self._starts, at)
        if not number:
            return None
        last = self.subjects[number - 1]
        if last.who is Who.MEMBER and last.members:
            return last
        if self.piece.ends_between(last.end, at):
            return self._last_named[number - 1]
        return last

    def who_at(self, at: int) -> Who:
        """Whom a place speaks of."""
        subject = self.subject_at(at)
        return Who.MEMBER if subject is None else subject.who

    def members_at(self, at: int) -> tuple[Member, ...]:
        """The members of whom a place speaks; () for all that the piece is about."""
        number = bisect_right(self._named, at, key=attrgetter("start"))
        if not number:
            return ()
        clause = self.piece.clause_at(at)
        if clause is not None and _ALL.match(clause.words) and clause.start >= self._named[number - 1].end:
            return tuple(dict.fromkeys(member for one in self._named[:number] for member in one.members))
        return self._groups[number - 1]

    @cached_property
    def _named(self) -> list[Subject]:
        return [one for one in self.subjects if one.members and one.who is not Who.OTHER]

    @cached_property
    def _groups(self) -> list[tuple[Member, ...]]:
        """For each named one the members listed together with it up to there: 张一诺、张一言."""
        found: list[tuple[Member, ...]] = []
        for number, one in enumerate(self._named):
            together = one.members
            if number and _LISTED.fullmatch(self.piece.norm, self._named[number - 1].end, one.start):
                together = tuple(dict.fromkeys((*found[-1], *one.members)))
            found.append(together)
        return found

    @cached_property
    def _last_named(self) -> list[Subject | None]:
        """For each word for a person the last named member up to there."""
        found: list[Subject | None] = []
        for one in self.subjects:
            is_named = one.who is Who.MEMBER and bool(one.members)
            found.append(one if is_named else found[-1] if found else None)
        return found

    def experiencer_at(self, at: int) -> Experiencer:
        """Who has what is said at a place."""
        subject = self.subject_at(at)
        if subject is None or subject.who is Who.MEMBER:
            return Experiencer.PERSON
        if subject.who is Who.OTHER:
            return Experiencer.OTHER
        if subject.who is Who.KIN:
            return Experiencer.HOUSEHOLD if lives_there(self.piece, subject.start) else Experiencer.OTHER
        if subject.who is Who.WE:
            return Experiencer.HOUSEHOLD
        return Experiencer.OTHER if self.lives_apart(subject) else Experiencer.HOUSEHOLD

    def lives_apart(self, subject: Subject) -> bool:
        """Whether what is said of somebody, up to the next person, says that they live elsewhere."""
        return lives_apart(self.piece, subject.start, self._next_person(subject))

    def _next_person(self, subject: Subject) -> int:
        """Where the text turns to somebody else."""
        others = self._turns
        number = bisect_right(others, (subject.start, ""), key=lambda turn: (turn[0], ""))
        return next((start for start, word in others[number:] if word != subject.word), self.piece.end)

    @cached_property
    def _turns(self) -> list[tuple[int, str]]:
        """Where the text turns to somebody, and the word for them; a word that is only repeated is no turn."""
        found: list[tuple[int, str]] = []
        for one in self.subjects:
            if not one.me and not (found and found[-1][1] == one.word):
                found.append((one.start, one.word))
        return found

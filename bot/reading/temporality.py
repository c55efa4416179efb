"""Which symptoms and fevers are past and over: 昨天咳嗽, 今天好了."""

import re
from functools import cached_property

from bot.reading.context import Event
from bot.reading.day import DayWord, Sort
from bot.reading.experiencer import Experiencers
from bot.reading.piece import Clause, Piece
from bot.reading.reported import ReportedDays
from bot.reading.rules import Match
from bot.reading.temperature import FEVER as FEVER_FROM, Measured
from models.vocabulary import Polarity, Temporality

_BEARS_UP = frozenset(["精神", "挺精神", "能吃能喝", "能吃能睡"])
_BEFORE_TODAY = re.compile(r"昨|前几天|前两天|前些天|前阵|上周|那会儿|之前|以前|半夜|夜里")
_GOES_ON = re.compile(r"开始|一直|到现在|至今|还(?!是)|起(?!床|来|夜)|持续|没缓|没好|又")
_NOT_YET = re.compile(r"还没|没缓|没好|就是")
_NO_MORE = re.compile(r"(?:不|没)(?:再)?[一-龥]{1,3}了")
_NOW = re.compile(r"今天|今早|今晨|今日|现在|目前|今儿|这两天|醒来|起来|今|早上")
_OVER_WITHIN = 3  # clauses in which somebody says that it is over: 昨天烧了, 吃了药, 睡一觉, 退了
_NORMAL_WITHIN = 4  # clauses in which somebody says that all is normal


def mark_past(piece: Piece, events: list[Event], experiencers: Experiencers, days: ReportedDays) -> None:
    """Mark as past each state of yesterday where the text goes on to say that it is over, or that today is normal."""
    course = _Course(piece, events, experiencers)
    for event in events:
        if event.polarity is Polarity.NEGATED or event.temporality is not Temporality.NOW:
            continue
        if days.of_illness(event.match.start) is not None:
            continue
        before_today = _began_before_today(piece, event)
        if course.is_said_over(event) or (before_today and course.is_normal_later(event)):
            event.temporality = Temporality.PAST


def _began_before_today(piece: Piece, event: Event) -> bool:
    """Whether the words before an illness place it on an earlier day."""
    start = event.match.start
    if any(
        day.start <= start and day.sort is not Sort.TODAY and day.day < piece.today
        for day in _days_of(piece, event.clause)
    ):
        return True
    return _BEFORE_TODAY.search(piece.norm[piece.clauses[event.clause].start : start]) is not None


def _days_of(piece: Piece, number: int) -> list[DayWord]:
    """The day words of a clause, else those of the clause before in the same sentence."""
    clause = piece.clauses[number]
    days = clause.of(DayWord)
    if not days and number and clause.opens not in ("。", "\n"):
        return piece.clauses[number - 1].of(DayWord)
    return days


class _Course:
    """What a text says later of the illnesses that it named."""

    def __init__(self, piece: Piece, events: list[Event], experiencers: Experiencers) -> None:
        self._piece = piece
        self._events = events
        self._experiencer_at = experiencers.experiencer_at

    @cached_property
    def _gone(self) -> dict[str, list[Event]]:
        """What is said to be there no more, by its name: 不烧了, 不吐了."""
        found: dict[str, list[Event]] = {}
        for event in self._events:
            behind = self._piece.norm[event.match.end : event.match.end + 2]
            if event.polarity is Polarity.NEGATED and ("了" in behind or "啦" in behind):
                found.setdefault(event.match.value, []).append(event)
        return found

    def is_said_over(self, event: Event) -> bool:
        """Whether a later clause says that this very thing is over: 退了, 好了, 不吐了."""
        if any(
            other.match.start > event.match.start
            and other.clause != event.clause
            and self._same_person(other.match.start, event)
            for other in self._gone.get(event.match.value, ())
        ):
            return True
        following = self._piece.clauses[event.clause + 1 : event.clause + 1 + _OVER_WITHIN]
        return any(self._ends(clause, event) for clause in following)

    def _ends(self, clause: Clause, event: Event) -> bool:
        """Whether a clause says that it is over, of this illness and not of one that it names itself."""
        overs = clause.matches("over")
        if not overs or clause.matches("not_over"):
            return False
        over = overs[0]
        if any(match.start < over.start for match in clause.matches("symptom", "fever")):
            return False
        of_fever = "退" in over.value or "烧" in over.value
        return self._same_person(over.start, event) and (event.match.kind == "fever" or not of_fever)

    def is_normal_later(self, event: Event) -> bool:
        """Whether the rest of the text says that all is normal since."""
        clauses = self._piece.clauses
        if _GOES_ON.search(clauses[event.clause].words):
            return False
        for number in range(event.clause, min(event.clause + _NORMAL_WITHIN + 1, len(clauses))):
            clause = clauses[number]
            behind = self._piece.norm[event.match.end : clause.end] if number == event.clause else clause.words
            if clause.matches("not_over") or _NOT_YET.search(behind):
                return False
            if self._says_normal(clause, behind, event):
                return True
        return False

    def _says_normal(self, clause: Clause, behind: str, event: Event) -> bool:
        """Whether a clause says that somebody is well; `behind`: what of it stands behind the illness."""
        end = event.match.end
        wells = [match for match in clause.matches("well", "over") if match.start > end and self._is_normal(match)]
        if wells and self._same_person(wells[0].start, event):
            return True
        readings = [reading for reading in clause.of(Measured) if reading.start > end]
        is_low = bool(readings) and readings[0].celsius < FEVER_FROM
        if event.match.kind == "fever" and is_low and _NOW.search(behind):
            return True
        return _NO_MORE.search(behind) is not None

    def _is_normal(self, word: Match) -> bool:
        """Whether a word says that all is well, and not only that somebody bears up: 精神还行."""
        return word.end - word.start > 1 and self._piece.norm[word.start : word.end] not in _BEARS_UP

    def _same_person(self, at: int, event: Event) -> bool:
        """Whether a place speaks of whoever has the illness."""
        return self._experiencer_at(at) is self._experiencer_at(event.match.start)

# ruff: noqa: PLR0911, PLR2004
# a decision read from top to bottom; lengths in letters are what a rule says, not constants
"""When the statements of a piece hold: yesterday's states, reports of earlier days."""

import re
from bisect import bisect_left
from datetime import date
from functools import cached_property
from operator import attrgetter

from bot.reading.context import Event
from bot.reading.day import DayWord, Sort
from bot.reading.owner import Owners, Said
from bot.reading.rules import Match
from bot.reading.temperature import FEVER as FEVER_FROM, Measured
from bot.reading.words import load
from models.vocabulary import Polarity, Temporality

_LATE = load("cues")["late"]
_BEARS_UP = frozenset(["精神", "挺精神", "能吃能喝", "能吃能睡"])
_LATE_ALONE = re.compile(
    r"(?:补报?|补一下|补上|老师|更正(?:一下)?|,)*+\s*(?:的|补|补报|报|接龙|体温|的体温|那天的?|份的)?"
)


class Timing(Owners):
    """When each place of a piece speaks of."""

    readings: list[Said]  # the temperatures told, in order

    def _past_states(self, events: list[Event]) -> None:
        """A state of yesterday is over where the text goes on to say that today is normal."""
        piece, gone = self.piece, self._gone(events)
        for event in events:
            if event.polarity is Polarity.NEGATED or event.temporality is not Temporality.NOW:
                continue
            if self._late_day(event.match.start) is not None:
                continue
            clause = piece.clauses[event.clause]
            words = clause.words
            before = (
                any(
                    day.start <= event.match.start and day.sort is not Sort.TODAY and day.day < piece.today
                    for day in self._days_of(event.clause)
                )
                or re.search(
                    r"昨|前几天|前两天|前些天|前阵|上周|那会儿|之前|以前|半夜|夜里",
                    piece.norm[clause.start : event.match.start],
                )
                is not None
            )
            if self._gone_later(event, gone) or (before and self._normal_later(event, words)):
                event.temporality = Temporality.PAST

    def _days_of(self, number: int) -> list[DayWord]:
        days = self.piece.clauses[number].of(DayWord)
        if not days and number and self.piece.clauses[number].opens not in ("。", "\n"):
            days = self.piece.clauses[number - 1].of(DayWord)
        return days

    def _gone(self, events: list[Event]) -> dict[str, list[Event]]:
        """What is said to be there no more, by its name: 不烧了, 不吐了."""
        found: dict[str, list[Event]] = {}
        for event in events:
            behind = self.piece.norm[event.match.end : event.match.end + 2]
            if event.polarity is Polarity.NEGATED and ("了" in behind or "啦" in behind):
                found.setdefault(event.match.value, []).append(event)
        return found

    def _gone_later(self, event: Event, gone: dict[str, list[Event]]) -> bool:
        """Whether a later clause says that this very thing is over: 退了, 好了, 不吐了."""
        here = self._experiencer(event.match.start)
        if any(
            other.match.start > event.match.start
            and other.clause != event.clause
            and self._experiencer(other.match.start) is here
            for other in gone.get(event.match.value, ())
        ):
            return True
        for number in range(event.clause + 1, min(event.clause + 4, len(self.piece.clauses))):
            clause = self.piece.clauses[number]
            overs = clause.matches("over")
            if not overs or clause.matches("not_over"):
                continue
            word = overs[0].value
            own = any(match.start < overs[0].start for match in clause.matches("symptom", "fever"))
            fever_word = (word[0] in "退烧已" and "退" in word) or "烧" in word or "退" in word
            if own or self._experiencer(overs[0].start) is not here:
                continue
            if (fever_word and event.match.kind == "fever") or (not fever_word):
                return True
        return False

    def _normal_later(self, event: Event, words: str) -> bool:
        if re.search(r"开始|一直|到现在|至今|还(?!是)|起(?!床|来|夜)|持续|没缓|没好|又", words):
            return False
        for number in range(event.clause, len(self.piece.clauses)):
            clause = self.piece.clauses[number]
            text = (
                self.piece.norm[max(clause.start, event.match.end) : clause.end]
                if number == event.clause
                else clause.words
            )
            if number > event.clause and number - event.clause > 4:
                break
            if clause.matches("not_over") or re.search(r"还没|没缓|没好|就是", text):
                return False
            wells = [m for m in clause.matches("well", "over") if m.start > event.match.end and self._is_normal(m)]
            now = re.search(r"今天|今早|今晨|今日|现在|目前|今儿|这两天|醒来|起来|今|早上", text)
            if (
                wells
                and self._experiencer(wells[0].start) is self._experiencer(event.match.start)
                and (now or clause.matches("over") or event.clause == number or len(wells) > 0)
            ):
                return True
            reading = [m for m in clause.of(Measured) if m.start > event.match.end]
            if event.match.kind == "fever" and reading and reading[0].celsius < FEVER_FROM and now:
                return True
            if re.search(r"(?:不|没)(?:再)?[一-龥]{1,3}了", text):
                return True
        return False

    def _is_normal(self, word: Match) -> bool:
        """Whether a word says that all is well, and not only that somebody bears up: 精神还行."""
        return word.end - word.start > 1 and self.piece.norm[word.start : word.end] not in _BEARS_UP

    def _governing(self, at: int) -> DayWord | None:
        """The day word that a reading or 正常 belongs to."""
        clause_number = self.piece.number_at(at)
        if clause_number is None or not self.days:
            return None
        clause = self.piece.clauses[clause_number]
        here = [day for day in clause.of(DayWord) if day.start <= at]
        if here:
            day = here[-1]
            between = self.piece.norm[day.end : at]
            if day.sort is Sort.DATE and not re.fullmatch(
                r"(?:[\s:,的是量]|体温|补|报|早|晚|上|午|晨|中|下|日|也|都|正常|[一-龥]{2,4}(?=[\s:]|$))*", between
            ):
                return None
            if re.search(r"[去从回来]|(?<!烧)到", between):
                return None
            return day
        number = self._spoken[clause_number]
        if number is None or (clause.opens in ("。", "\n") and number < clause_number - 1):
            return None
        before = self.piece.clauses[number]
        days = before.of(DayWord)
        if not days or days[-1].sort is Sort.SPAN:
            return None
        rest = before.words.strip()
        is_alone = len(rest) <= 10 and _LATE_ALONE.fullmatch(
            rest.replace(self.piece.norm[days[-1].start : days[-1].end], "")
        )
        return days[-1] if is_alone else None

    @cached_property
    def _spoken(self) -> list[int | None]:
        """For each clause the nearest one before it that names a day or a temperature."""
        found: list[int | None] = []
        last = None
        for number, clause in enumerate(self.piece.clauses):
            found.append(last)
            if any(isinstance(thing, DayWord | Measured) for thing in clause.things):
                last = number
        return found

    def _late_cue(self) -> bool:
        whole = self.piece.whole()
        return any(cue in whole for cue in _LATE)

    def _late_day(self, at: int) -> date | None:
        """The earlier day that words at a place report on, None for today."""
        day = self._governing(at)
        if day is None:
            return self._day_of_reading(at)
        if day.sort in (Sort.TODAY, Sort.SPAN) or day.day >= self.piece.today:
            return None
        if not re.search("补|忘报|忘了|忘记|漏报|没报|忘接|没接", self.piece.whole()):
            return None
        clause = self.piece.clause_at(at)
        if clause is None or day.start < clause.start:
            return None
        return day.day

    def _day_of_reading(self, at: int) -> date | None:
        """The earlier day of the reading that stands before in the same sentence: 补2月18日 36.3 有点咳嗽."""
        number = bisect_left(self.readings, at, key=attrgetter("at"))
        reading = self.readings[number - 1] if number else None
        if reading is None or reading.day is None:
            return None
        between = self.piece.norm[reading.at : at]
        if re.search(r"[;。!\n]|今", between) or any(reading.at < day.start < at for day in self.days):
            return None
        return reading.day

    def _late_well(self, at: int) -> date | None:
        day = self._governing(at)
        if day is None:
            return self._day_of_reading(at)
        if day.sort is not Sort.RELATIVE or day.day >= self.piece.today:
            return None
        clause = self.piece.clause_at(at)
        if clause is None or (not self._late_cue() and "也" not in self.piece.norm[day.end : at]):
            return None
        return day.day if day.start >= clause.start or re.search("补", self.piece.whole()) else None

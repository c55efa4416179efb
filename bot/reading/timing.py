# ruff: noqa: PLR0911, PLR2004
# a decision read from top to bottom; lengths in letters are what a rule says, not constants
"""When the statements of a piece hold: yesterday's states, reports of earlier days."""

import re
from datetime import date

from bot.reading.context import Event
from bot.reading.day import DayWord, Sort
from bot.reading.owner import Owners
from bot.reading.statement import (
    Temperature,
)
from bot.reading.temperature import FEVER as FEVER_FROM, Measured
from bot.reading.words import load
from models.vocabulary import Polarity, Temporality

_LATE = load("cues")["late"]


class Timing(Owners):
    """When each place of a piece speaks of."""

    def _past_states(self, events: list[Event]) -> None:
        """A state of yesterday is over where the text goes on to say that today is normal."""
        piece = self.piece
        for event in events:
            if event.polarity is Polarity.NEGATED or event.temporality is not Temporality.NOW:
                continue
            if self._late_day(event.match.start) is not None:
                continue
            clause = piece.clauses[event.clause]
            words = piece.words(clause)
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
            gone = self._gone_later(event, events)
            if gone or (before and self._normal_later(event, words)):
                event.temporality = Temporality.PAST

    def _days_of(self, number: int) -> list[DayWord]:
        days = [day for day in self.piece.clauses[number].of(DayWord) if isinstance(day, DayWord)]
        if not days and number and self.piece.clauses[number].opens not in ("。", "\n"):
            days = [day for day in self.piece.clauses[number - 1].of(DayWord) if isinstance(day, DayWord)]
        return days

    def _gone_later(self, event: Event, events: list[Event]) -> bool:
        """Whether a later clause says that this very thing is over: 退了, 好了, 不吐了."""
        here = self._experiencer(event.match.start)
        for other in events:
            if (
                other.match.start > event.match.start
                and other.match.value == event.match.value
                and other.clause != event.clause
            ):
                behind = self.piece.norm[other.match.end : other.match.end + 2]
                if (
                    other.polarity is Polarity.NEGATED
                    and ("了" in behind or "啦" in behind)
                    and self._experiencer(other.match.start) is here
                ):
                    return True
        for number in range(event.clause + 1, min(event.clause + 4, len(self.piece.clauses))):
            clause = self.piece.clauses[number]
            overs = clause.matches("over")
            if not overs or clause.matches("not_over"):
                continue
            word = overs[0].value
            own = [other for other in events if other.clause == number and other.match.start < overs[0].start]
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
                else self.piece.words(clause)
            )
            if number > event.clause and number - event.clause > 4:
                break
            if clause.matches("not_over") or re.search(r"还没|没缓|没好|就是", text):
                return False
            wells = [m for m in clause.matches("well", "over") if m.start > event.match.end and m.end - m.start > 1]
            now = re.search(r"今天|今早|今晨|今日|现在|目前|今儿|这两天|醒来|起来|今|早上", text)
            if (
                wells
                and self._experiencer(wells[0].start) is self._experiencer(event.match.start)
                and (now or clause.matches("over") or event.clause == number or len(wells) > 0)
            ):
                return True
            reading = [m for m in clause.of(Measured) if isinstance(m, Measured) and m.start > event.match.end]
            if event.match.kind == "fever" and reading and reading[0].celsius < FEVER_FROM and now:
                return True
            if re.search(r"(?:不|没)(?:再)?[一-龥]{1,3}了", text):
                return True
        return False

    def _governing(self, at: int) -> DayWord | None:
        """The day word that a reading or 正常 belongs to."""
        clause_number = next((n for n, c in enumerate(self.piece.clauses) if c.start <= at < c.end), None)
        if clause_number is None:
            return None
        clause = self.piece.clauses[clause_number]
        here = [day for day in self.days if clause.start <= day.start <= at]
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
        for number in range(clause_number - 1, -1, -1):
            before = self.piece.clauses[number]
            if clause.opens in ("。", "\n") and number < clause_number - 1:
                return None
            days = [day for day in self.days if before.start <= day.start < before.end]
            if days:
                rest = self.piece.words(before).strip()
                alone = (
                    re.fullmatch(
                        r"(?:补报?|补一下|补上|老师|更正(?:一下)?|，|,)*\s*(?:的|补|补报|报|接龙|体温|的体温|那天的?|份的)?",
                        rest.replace(self.piece.norm[days[-1].start : days[-1].end], ""),
                    )
                    is not None
                )
                has_reading = any(before.start <= m.start < before.end for m in self.temperatures)
                return (
                    days[-1]
                    if (alone and len(rest) <= 10 and (days[-1].sort is not Sort.SPAN))
                    or (
                        has_reading
                        and not any(m.start < at and m.start >= before.end for m in self.temperatures)
                        and False
                    )
                    else None
                )
            if any(before.start <= m.start < before.end for m in self.temperatures):
                return None
        return None

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
        clause = next(c for c in self.piece.clauses if c.start <= at < c.end)
        if day.start < clause.start:
            return None
        return day.day

    def _day_of_reading(self, at: int) -> date | None:
        """The earlier day of the reading that stands before in the same sentence: 补2月18日 36.3 有点咳嗽."""
        before = [said for said in self.told.said if said.at < at and isinstance(said.statement.value, Temperature)]
        if not before or before[-1].day is None:
            return None
        between = self.piece.norm[before[-1].at : at]
        if re.search(r"[;。!\n]|今", between) or any(before[-1].at < day.start < at for day in self.days):
            return None
        return before[-1].day

    def _late_well(self, at: int) -> date | None:
        day = self._governing(at)
        if day is None:
            return self._day_of_reading(at)
        if day.sort is not Sort.RELATIVE or day.day >= self.piece.today:
            return None
        clause = next(c for c in self.piece.clauses if c.start <= at < c.end)
        if not self._late_cue() and "也" not in self.piece.norm[day.end : at]:
            return None
        return day.day if day.start >= clause.start or re.search("补", self.piece.whole()) else None

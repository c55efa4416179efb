# ruff: noqa: PLR0911, PLR2004
# a decision read from top to bottom; lengths in letters are what a rule says, not constants
"""Which numbers of a piece are whose temperature."""

import itertools
import re
from bisect import bisect_right
from datetime import date
from operator import attrgetter

from bot.reading.context import supposes
from bot.reading.day import DayWord, Sort
from bot.reading.scene import Member
from bot.reading.statement import (
    Temperature,
)
from bot.reading.subject import Who, lives_apart
from bot.reading.temperature import FEVER as FEVER_FROM, Measured
from bot.reading.timing import Timing
from models.vocabulary import Experiencer, Polarity, Temporality

_NOT_LISTED = frozenset(["我俩", "我们", "我们俩", "咱俩", "孩子", "学生"])


class Measuring(Timing):
    """Whose temperature each number of a piece is."""

    def _tell_temperatures(self) -> None:
        plausible = [m for m in self.temperatures if m.plausible and not self._no_reading(m)]
        if any(m.explicit for m in plausible):
            plausible = [m for m in plausible if m.explicit or self._stands_as_reading(m)]
        plain = [m for m in self.temperatures if not m.plausible]
        if not plausible:
            self.told.implausible = [m for m in plain if self._stands_as_reading(m)]
        retracted = any(clause.matches("false_alarm") for clause in self.piece.clauses)
        if retracted and len(plausible) > 1:
            plausible = [m for m in plausible if m.celsius < FEVER_FROM]
        lists = self._lists(plausible)
        owners = {id(m): lists.get(id(m)) or self._owner(m, plausible) for m in plausible}
        past = self._past_readings(plausible)
        for m in plausible:
            who, members = owners[id(m)]
            day, state = past[id(m)]
            if who is Who.OTHER or who is Who.KIN:
                continue
            experiencer = Experiencer.PERSON if who is Who.MEMBER else Experiencer.HOUSEHOLD
            if who is Who.HOUSEHOLD:
                subject = self.subject_at(m.start)
                if subject is not None and subject.me:
                    self.told.own_reading = True
                if subject is not None and lives_apart(self.piece, subject.start, self._next_person(subject)):
                    continue
            else:
                self.told.strong = True
            self._add(
                Temperature(m.celsius), m.start, m.end, m.rule, Polarity.AFFIRMED, state, experiencer, day, members
            )
        self.readings = list(self.told.said)

    def _no_reading(self, m: Measured) -> bool:
        clause = self.piece.clause_at(m.start)
        if clause is None:
            return True
        words = clause.words
        if (
            clause.asks
            and re.search(r"算|多少度|几度|是不是|正常吗|要紧吗|行吗|\?", words + clause.closes)
            and re.search("算|几度|多少度|才", words)
        ):
            return True
        before = self.piece.norm[clause.start : m.start]
        if re.search(r"(?:是不是|多少|不是)$", before):
            return True
        return (supposes(clause, m.start) and re.search("如|若|要是|万一|怕|一旦|等", before) is not None) or re.search(
            r"量谁都|谁都|改成|那个$|写成|报成|打成", before
        ) is not None

    def _stands_as_reading(self, m: Measured) -> bool:
        """Whether a bare or impossible number stands where a reading stands: behind a name or 体温, or alone."""
        before = self.piece.norm[self.piece.start : m.start].rstrip(" :,、。是为/|-(")
        behind = self.piece.norm[m.end : m.end + 1]
        if re.match(r"[\d号班栋楼年级岁人]", behind):
            return False
        if not before or before.endswith(
            ("体温", "温度", "测温", "烧", "量", "量了", "量的", "是", "还", "今天", "早", "晚", "午")
        ):
            return True
        return any(
            mention.start < m.start and len(before) + self.piece.start <= mention.relation_end
            for mention in self.piece.mentions
        ) or self._behind_name(before)

    def _behind_name(self, before: str) -> bool:
        return re.fullmatch(r"\s*(?:\d{1,3}[.、\s]*)?[一-龥]{2,4}", before) is not None

    def _lists(self, readings: list[Measured]) -> dict[int, tuple[Who, tuple[Member, ...]]]:
        """Readings in the order of persons listed before them: 那雯雯、妈妈、爸爸：36.3、36.4、36.6."""
        runs: list[list[Measured]] = []
        for m in readings:
            joined = runs and re.fullmatch(r"[\s、,/和°度C]*", self.piece.norm[runs[-1][-1].end : m.start])
            if joined:
                runs[-1].append(m)
            else:
                runs.append([m])
        owners: dict[int, tuple[Who, tuple[Member, ...]]] = {}
        listable = [one for one in self.subjects if one.word not in _NOT_LISTED]
        for run in runs:
            if len(run) < 2:
                continue
            number = bisect_right(listable, run[0].start, key=attrgetter("end"))
            people = listable[max(0, number - len(run)) : number]
            if len(people) != len(run):
                continue
            gaps = [self.piece.norm[a.end : b.start] for a, b in itertools.pairwise(people)]
            if all(re.fullmatch(r"[、,\s和与跟及]*", gap) for gap in gaps) and not any(
                m.start < run[0].start and m.start > people[0].start for m in readings
            ):
                for m, one in zip(run, people, strict=True):
                    owners[id(m)] = (one.who, one.members)
        return owners

    def _owner(self, m: Measured, readings: list[Measured]) -> tuple[Who, tuple[Member, ...]]:
        norm = self.piece.norm
        after = re.match(
            r"\s*+(?:°C|度|°)?\s*+\(\s*+(孩子?|娃|本人|学生|父亲?|母亲?|爸爸?|妈妈?|爷爷?|奶奶?|姥姥?|我|家长|哥哥?|弟弟?|姐姐?|妹妹?)[^)]{0,4}\)",
            norm[m.end : m.end + 12],
        )
        if after:
            return (Who.MEMBER if after[1][0] in "孩娃本学" else Who.HOUSEHOLD), self.members_at(m.start)
        subject = self.subject_at(m.start)
        if subject is None:
            return Who.MEMBER, self.members_at(m.start)
        if subject.who is Who.WE:
            return Who.MEMBER, ()
        if subject.who is Who.MEMBER:
            if subject.me and subject.members:
                return Who.MEMBER, subject.members
            return Who.MEMBER, self.members_at(m.start)
        clause = self.piece.clause_at(m.start)
        own_clause = clause is not None and clause.start <= subject.start
        between = norm[subject.end : m.start]
        others = any(r is not m and self.who_at(r.start) is Who.MEMBER for r in readings)
        if own_clause and (len(between) <= 14):
            if subject.named and subject.who is Who.HOUSEHOLD and not others and not between.strip(" :,是量的体温"):
                return Who.MEMBER, subject.members
            return subject.who, subject.members
        if others or len(between) <= 4 or re.search(r"发?烧|热|退", between):
            return subject.who, subject.members
        return Who.MEMBER, self.members_at(m.start)

    def _past_readings(self, readings: list[Measured]) -> dict[int, tuple[date | None, Temporality]]:
        """Of each reading the earlier day that it reports on, and whether it is a state that is over."""
        result: dict[int, tuple[date | None, Temporality]] = {}
        governing = {id(m): self._governing(m.start) for m in readings}
        late = self._late_cue()
        for m in readings:
            day = governing[id(m)]
            before = self.piece.norm[max(self.piece.start, m.start - 8) : m.start]
            if day is None or day.sort is Sort.TODAY or day.day >= self.piece.today:
                result[id(m)] = (None, Temporality.NOW)
                continue
            others_today = any(other is not m and self._is_todays(governing[id(other)]) for other in readings)
            normal_today = others_today or self._normal_now(m.end)
            is_report = (
                day.sort is Sort.DATE
                or (day.sort is Sort.RELATIVE and (late or m.celsius < FEVER_FROM))
                or (day.sort is Sort.NIGHT and re.search("补", self.piece.whole()))
            )
            if "那个" in before or (before[-1:] == "是" and "那" in before):
                result[id(m)] = (None, Temporality.PAST)
            elif is_report and day.sort is not Sort.SPAN:
                result[id(m)] = (day.day, Temporality.NOW)
            else:
                result[id(m)] = (None, Temporality.PAST if normal_today else Temporality.NOW)
        return result

    def _normal_now(self, at: int) -> bool:
        rest = self.piece.norm[at : self.piece.end]
        return (
            re.search(
                r"退|今[天早晨日儿]?[^,。]{0,6}(?:正常|好了|没事|不烧)|现在[^,。]{0,6}(?:正常|好|没事|不烧)|好了", rest
            )
            is not None
        )

    def _is_todays(self, day: DayWord | None) -> bool:
        """Whether a reading with this day word is one of today."""
        return day is None or day.day >= self.piece.today

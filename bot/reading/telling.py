"""From the words of a piece to statements, each with its owner: the topics put together."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from bot.reading.answer import Answer, positional
from bot.reading.contact import Met, contacts
from bot.reading.context import Event, events_of, is_question, supposes
from bot.reading.day import DayWord, Sort
from bot.reading.isolation import isolations
from bot.reading.member import Mention, Speaker
from bot.reading.piece import Clause, Piece
from bot.reading.rules import Match
from bot.reading.scene import Member
from bot.reading.statement import (
    Contact,
    Context,
    Fever,
    Isolation,
    Statement,
    Symptom,
    Temperature,
    Travel,
    Value,
    Well,
)
from bot.reading.subject import Subject, Who, lives_apart, lives_there, subjects
from bot.reading.temperature import FEVER as FEVER_FROM, Measured
from bot.reading.travel import journeys
from bot.reading.words import load, one_of
from models.vocabulary import ContactClass, Experiencer, Polarity, Temporality

_LATE = load("cues")["late"]
_NEG = Context(polarity=Polarity.NEGATED)


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


class Teller:
    """Reads one piece whose subjects are known."""

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

    # --- owners

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
        words = self.piece.norm[last.end : at]
        if (
            clause is not None
            and re.match(r"\s*(?:都|均|全都?|两个|俩|三个|大家|各)", self.piece.norm[clause.start : clause.end])
            and clause.start > last.end - 1
        ):
            return tuple(dict.fromkeys(member for one in named for member in one.members))
        group = self._group(named.index(last), named)
        del words
        return group

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

    # --- the topics

    def tell(self) -> Told:
        """Read all topics."""
        piece = self.piece
        self._find_answers()
        fields = [(a.start, a.end) for a in self.answers if a.asked.location or a.asked.travel]
        self._tell_temperatures()
        events = events_of(piece)
        self._past_states(events)
        for event in events:
            self._tell_event(event)
        trips = journeys(piece, fields)
        for trip in trips:
            who = self.who_at(trip.start)
            if who in (Who.MEMBER, Who.WE) and trip.counts and not self._is_visitor(trip.start, trip.end):
                self._add(Travel(trip.place), trip.start, trip.end, trip.rule, trip.polarity, trip.temporality)
            if trip.polarity is not Polarity.AFFIRMED or who in (Who.MEMBER, Who.WE):
                self.told.strong = True
        for met in contacts(piece, trips, self.who_at):
            self._tell_contact(met)
        for isolated in isolations(piece):
            if self.who_at(isolated.start) in (Who.MEMBER, Who.WE):
                self._add(
                    Isolation(), isolated.start, isolated.end, isolated.rule, isolated.polarity, isolated.temporality
                )
                self.told.strong = self.told.strong or isolated.polarity is Polarity.AFFIRMED or isolated.denied
        self._tell_well()
        self._tell_bounds()
        self._tell_answers()
        return self.told

    def _is_visitor(self, start: int, end: int) -> bool:
        """跟武汉回来的表哥吃过饭: the journey is that of the one who was met."""
        low = max((c.start for c in self.piece.clauses if c.start <= start), default=self.piece.start)
        high = next((c.end for c in self.piece.clauses if c.start <= start < c.end), self.piece.end)
        before, behind = self.piece.norm[low:start], self.piece.norm[end:high]
        if re.search(r"(?:跟|和|与|同|接触(?:过|了)?|见(?:过|了)?|有|来(?:了|过))(?:从|由)?[^,。]{0,6}$", before):
            return re.search(r"(?:来|返|回|人|亲戚|客)", behind) is not None and not re.match(
                r".{0,3}(?:去|回来了?$)", behind
            )
        return _WHO_CAME.match(behind) is not None and not behind.startswith(("姥", "奶"))

    def _find_answers(self) -> None:
        norm, piece = self.piece.norm, self.piece
        taken = [(one.start, one.relation_end) for one in piece.mentions] + [
            (m.start, m.end) for m in self.temperatures
        ]
        if self.questions and not self.answers:
            self.answers = list(positional(norm, piece.start, piece.end, self.questions, taken))

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

    def _tell_event(self, event: Event) -> None:
        match = event.match
        at = match.start
        if self.piece.norm.startswith("的是", match.end):  # 咳嗽的是弟弟
            behind = [one.start for one in self.subjects if match.end <= one.start <= match.end + 8]
            at = behind[-1] if behind else at
        value: Value = Fever() if match.kind == "fever" else Symptom(match.value)
        who = self._experiencer(at)
        holds = event.polarity is not Polarity.NEGATED and event.temporality is Temporality.NOW
        if who is Experiencer.OTHER:
            self.told.others_ill = self.told.others_ill or holds
        elif event.temporality is not Temporality.HYPOTHETICAL:
            self.told.strong = True
        if _joke(self.piece, event):
            return
        subject = self.subject_at(at)
        if subject is not None and _WITH_CHILD.fullmatch(subject.word) and who is Experiencer.HOUSEHOLD:
            self._add(
                value, match.start, match.end, match.rule, event.polarity, event.temporality, day=self._late_day(at)
            )
        self._add(
            value,
            match.start,
            match.end,
            match.rule,
            event.polarity,
            event.temporality,
            who,
            day=self._late_day(match.start),
            members=self.members_at(at),
        )

    # --- time

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
            fever_word = word[0] in "退烧已" and "退" in word or "烧" in word or "退" in word
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

    # --- temperatures

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

    def _no_reading(self, m: Measured) -> bool:
        clause = next((c for c in self.piece.clauses if c.start <= m.start < c.end), None)
        if clause is None:
            return True
        words = self.piece.words(clause)
        if (
            is_question(self.piece, clause)
            and re.search(r"算|多少度|几度|是不是|正常吗|要紧吗|行吗|\?", words + clause.closes)
            and re.search("算|几度|多少度|才", words)
        ):
            return True
        before = self.piece.norm[clause.start : m.start]
        if re.search(r"(?:是不是|多少|不是)$", before):
            return True
        return (
            supposes(clause, m.start)
            and re.search("如|若|要是|万一|怕|一旦|等", before) is not None
            or re.search(r"量谁都|谁都|改成|那个$|写成|报成|打成", before) is not None
        )

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
        for run in runs:
            if len(run) < 2:
                continue
            before = [
                one
                for one in self.subjects
                if one.end <= run[0].start
                and one.word not in ("我俩", "我们", "我们俩", "咱俩")
                and not (one.word in ("孩子", "学生"))
            ]
            people = before[-len(run) :]
            if len(people) != len(run):
                continue
            gaps = [self.piece.norm[a.end : b.start] for a, b in zip(people, people[1:], strict=False)]
            if all(re.fullmatch(r"[、,\s和与跟及]*", gap) for gap in gaps) and not any(
                m.start < run[0].start and m.start > people[0].start for m in readings
            ):
                for m, one in zip(run, people, strict=True):
                    owners[id(m)] = (one.who, one.members)
        return owners

    def _owner(self, m: Measured, readings: list[Measured]) -> tuple[Who, tuple[Member, ...]]:
        norm = self.piece.norm
        after = re.match(
            r"\s*(?:°C|度|°)?\s*\(\s*(孩子?|娃|本人|学生|父亲?|母亲?|爸爸?|妈妈?|爷爷?|奶奶?|姥姥?|我|家长|哥哥?|弟弟?|姐姐?|妹妹?)[^)]{0,4}\)",
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
        clause = next((c for c in self.piece.clauses if c.start <= m.start < c.end), None)
        own_clause = clause is not None and clause.start <= subject.start
        between = norm[subject.end : m.start]
        others = [r for r in readings if r is not m and self.who_at(r.start) is Who.MEMBER]
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
            others_today = [
                r
                for r in readings
                if r is not m and (governing[id(r)] is None or governing[id(r)].day >= self.piece.today)
            ]  # type: ignore[union-attr]
            normal_today = bool(others_today) or self._normal_now(m.end)
            is_report = (
                day.sort is Sort.DATE
                or (day.sort is Sort.RELATIVE and (late or m.celsius < FEVER_FROM))
                or (day.sort is Sort.NIGHT and re.search("补", self.piece.whole()))
            )
            if "那个" in before or "是" == before[-1:] and "那" in before:
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

    # --- the rest

    def _tell_contact(self, met: Met) -> None:
        if met.polarity is Polarity.NEGATED:
            self.told.strong = True
            if met.contact_class is not None:
                self._add(Contact(met.contact_class), met.start, met.end, met.rule, Polarity.NEGATED)
            return
        if met.contact_class is None:
            self.told.class_not_named.append((met.start, met.end))
            self.told.strong = True
            return
        self.told.strong = True
        if met.own and met.contact_class in (ContactClass.ONE, ContactClass.THREE):
            self._add(Travel(None), met.start, met.end, met.rule)
            return
        self._add(Contact(met.contact_class), met.start, met.end, met.rule)

    def _tell_well(self) -> None:
        for number, clause in enumerate(self.piece.clauses):
            if is_question(self.piece, clause):
                continue
            for match in clause.matches("well"):
                denied = any(0 <= match.start - cue.end <= 1 for cue in clause.matches("denies"))
                if denied or supposes(clause, match.start):
                    continue
                who = self._experiencer(match.start)
                if who is Experiencer.OTHER:
                    continue
                word = self.piece.norm[match.start : match.end]
                if word == "好" and not self._plain_good(clause, match):
                    continue
                if word in ("正常",) and re.match(
                    r"上课|开学|上学|上班|出勤|返校|吃饭|作息", self.piece.norm[match.end : match.end + 2]
                ):
                    continue
                self._add(
                    Well(), match.start, match.end, "well.word", experiencer=who, day=self._late_well(match.start)
                )
                if word not in (
                    "好",
                    "没事",
                    "精神",
                    "还好",
                    "没问题",
                    "没事儿",
                    "都好",
                    "很好",
                    "挺好",
                    "OK",
                    "ok",
                    "没啥问题",
                    "没什么问题",
                ):
                    self.told.strong = True
                elif (
                    who is Experiencer.PERSON
                    and (self.piece.mentions or len(self.piece.whole()) <= 6 + len(word))
                    and number < 4
                ):
                    self.told.strong = True
        if any(
            clause.matches("denies")
            and re.search("接触|外出|出门|出去|离开|出县|出屯|动地方", self.piece.words(clause))
            for clause in self.piece.clauses
        ):
            self.told.strong = True

    def _tell_bounds(self) -> None:
        """不到37, 低于37.3: no reading, but a report that all is well."""
        for match in _BELOW.finditer(self.piece.norm, self.piece.start, self.piece.end):
            if self.who_at(match.start()) in (Who.MEMBER, Who.WE):
                self._add(Well(), match.start(), match.end(), "well.below")
                self.told.strong = True

    def _plain_good(self, clause: Clause, match: Match) -> bool:
        rest = self.piece.norm[match.end : clause.end].strip(" 的了呢啊呀")
        return not rest and match.start > self.piece.start

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

    def _tell_answers(self) -> None:
        for answer in self.answers:
            about = answer.asked
            at, to = answer.start, max(answer.end, answer.start + 1)
            if answer.yes is False:
                self.told.strong = True
                self._add(Well(), at, to, "answer.no")
                continue
            if answer.yes is not True:
                continue
            self.told.strong = True
            if any(
                answer.start <= said.at < max(answer.end, answer.start + 40)
                and _affirmed(said.statement)
                and not isinstance(said.statement.value, (Temperature, Well))
                for said in self.told.said
                if not self._border(answer.start, said.at)
            ):
                continue
            for value in _asked_values(answer):
                self._add(
                    value,
                    at,
                    to,
                    "answer.yes",
                    experiencer=about.experiencer if isinstance(value, (Fever, Symptom)) else Experiencer.PERSON,
                )
            if about.contact and not about.classes:
                self.told.class_not_named.append((at, to))


def _affirmed(statement: Statement[Value]) -> bool:
    return (
        statement.context.polarity is not Polarity.NEGATED
        and statement.context.temporality is not Temporality.HYPOTHETICAL
    )


def _asked_values(answer: Answer) -> Iterable[Value]:
    about = answer.asked
    if about.fever:
        yield Fever()
    if about.symptom:
        yield Symptom("不适")
    if about.travel:
        yield Travel(None)
    if about.isolation:
        yield Isolation()
    for contact_class in about.classes:
        yield Contact(contact_class)


_FAR_KIN = load("people")["kin"]
_WHO_CAME = re.compile(
    r"\s*(?:来的?|回来的?|过来的?|返[回程昌]?的?|归来的?)"
    + one_of(_FAR_KIN, load("people")["household"], ("人", "客", "亲"))
    + "(?![一-龥]?家)"
    "|的?" + one_of(_FAR_KIN, ("人员",)) + "(?![一-龥]?家)"
)
_WITH_CHILD = re.compile(
    "一家[三四五六]口|全家[三四五六]口|我和孩子|我跟孩子|(?:我们)?娘俩|爷俩|我们?俩|我们仨|(?:我们)?母女俩?|父子俩|我们两口子和孩子"
)
_BELOW = re.compile(
    r"(?:低于|不超过|没超过|未超过|不到|没到|不足|小于|没过|不高于|<=?|≤)\s?(?:3[678](?:\.\d)?|三十[六七])"
)
_JOKE = re.compile(r"(?:作业|题|字|着就|想想|看着|一看|愁|急得|气得|笑得|听着|网课)[^,。]{0,6}$")


def _joke(piece: Piece, event: Event) -> bool:
    """头疼 of homework is no headache."""
    clause = piece.clauses[event.clause]
    if event.match.value == "腹痛" and re.search("例假|大姨妈|生理期|痛经|月经", piece.words(clause)):
        return True
    if event.match.value not in ("头痛", "头晕", "不适"):
        return False
    return _JOKE.search(piece.norm[clause.start : event.match.start]) is not None and not event.hedged


def by_member(told: Told, mains: tuple[Member, ...]) -> dict[tuple[int, date | None], list[Said]]:
    """Deal what was said out to the members and days; what is nobody's in particular goes to all."""
    dealt: dict[tuple[int, date | None], list[Said]] = defaultdict(list)
    ids = {member.id for member in mains}
    for said in told.said:
        owners = [member.id for member in said.members if member.id in ids] or [member.id for member in mains]
        for owner in owners:
            dealt[owner, said.day].append(said)
    return dealt

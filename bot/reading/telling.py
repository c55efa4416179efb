# ruff: noqa: PLR2004 -- lengths in letters are what a rule says, not constants
"""From the words of a piece to statements, each with its owner: the topics put together."""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from bot.reading.answer import Answer, positional
from bot.reading.contact import Met, contacts
from bot.reading.context import Event, events_of, supposes
from bot.reading.isolation import isolations
from bot.reading.measuring import Measuring
from bot.reading.owner import Said, Told
from bot.reading.piece import Clause, Piece
from bot.reading.rules import Match
from bot.reading.scene import Member
from bot.reading.statement import (
    Contact,
    Fever,
    Isolation,
    Statement,
    Symptom,
    Temperature,
    Travel,
    Value,
    Well,
)
from bot.reading.subject import Who
from bot.reading.travel import journeys
from bot.reading.words import load, one_of
from models.vocabulary import ContactClass, Experiencer, Polarity, Temporality


class Teller(Measuring):
    """Reads one piece whose subjects are known."""

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
        clause = self.piece.clause_at(start)
        low, high = (clause.start, clause.end) if clause is not None else (start, end)
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
            if clause.asks:
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
                if word == "正常" and re.match(
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
                ) or (
                    who is Experiencer.PERSON
                    and (self.piece.mentions or len(self.piece.whole()) <= 6 + len(word))
                    and number < 4
                ):
                    self.told.strong = True
        if any(
            clause.matches("denies") and re.search("接触|外出|出门|出去|离开|出县|出屯|动地方", clause.words)
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
    if event.match.value == "腹痛" and re.search("例假|大姨妈|生理期|痛经|月经", clause.words):
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

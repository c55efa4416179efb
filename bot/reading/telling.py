"""From the words of a piece to statements, each with its owner: the topics put together."""

import re
from collections.abc import Iterable
from datetime import date

from bot.reading.answer import Answer, positional
from bot.reading.contact import Met, contacts
from bot.reading.context import Event, events_of
from bot.reading.experiencer import Experiencers
from bot.reading.isolation import Isolated, isolations
from bot.reading.measuring import OwnReading, implausible, readings_of
from bot.reading.piece import Piece
from bot.reading.reported import DayWords, ReportedDays
from bot.reading.said import Said, Told
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
from bot.reading.subject import Subject, Who
from bot.reading.temperature import Measured
from bot.reading.temporality import mark_past
from bot.reading.travel import Journey, journeys
from bot.reading.wellbeing import WellWord, bounds, well_words
from bot.reading.words import load, one_of
from models.vocabulary import ContactClass, Experiencer, Polarity, Temporality

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
_JOKE = re.compile(r"(?:作业|题|字|着就|想想|看着|一看|愁|急得|气得|笑得|听着|网课)[^,。]{0,6}$")
_STAYS = re.compile("接触|外出|出门|出去|离开|出县|出屯|动地方")
_TOPIC_BEFORE = 8  # letters from 咳嗽的是 to the one who has it
_TOLD_BEHIND = 40  # letters from a yes within which its facts are told: 有, 昨天发烧


def told_of(piece: Piece, subjects: list[Subject], questions: tuple[str, ...], labelled: list[Answer]) -> Told:
    """All that a piece says.

    `subjects`: the words for persons in it, in order. `questions`: those of the heading. `labelled`: the answers that
    stand behind labels of their own.
    """
    answers = labelled or _answers_in_order(piece, questions)
    experiencers, days = Experiencers(piece, subjects), DayWords(piece)
    teller = _Teller(piece, experiencers)
    teller.told.implausible = implausible(piece)
    for reading in readings_of(piece, experiencers, days):
        teller.temperature(reading)
    reported = ReportedDays(days, tuple(teller.told.said))
    events = events_of(piece)
    mark_past(piece, events, experiencers, reported)
    for event in events:
        teller.illness(event, reported)
    trips = journeys(piece, [(a.start, a.end) for a in answers if a.asked.location or a.asked.travel])
    for trip in trips:
        teller.journey(trip)
    for met in contacts(piece, trips, experiencers.who_at):
        teller.contact(met)
    for isolated in isolations(piece):
        teller.isolation(isolated)
    for word in well_words(piece, experiencers):
        teller.well(word, reported.of_well(word.start))
    teller.staying()
    for word in bounds(piece, experiencers):
        teller.well(word, None)
    for answer in answers:
        teller.answer(answer)
    return teller.told


def _answers_in_order(piece: Piece, questions: tuple[str, ...]) -> list[Answer]:
    """The answers that stand in the order of the heading's questions."""
    if not questions:
        return []
    names = [(one.start, one.relation_end) for one in piece.mentions]
    numbers = [(m.start, m.end) for clause in piece.clauses for m in clause.of(Measured)]
    return list(positional(piece.norm, piece.start, piece.end, questions, names + numbers))


class _Teller:
    """Turns what the topics find in one piece into statements, each with its owner."""

    def __init__(self, piece: Piece, experiencers: Experiencers) -> None:
        self.told = Told()
        self._piece = piece
        self._experiencers = experiencers

    def temperature(self, reading: OwnReading) -> None:
        """A temperature of a member or of the household; one of whoever lives elsewhere is nobody's."""
        m, who = reading.measured, reading.owner.who
        if who in (Who.OTHER, Who.KIN):
            return
        if who is Who.HOUSEHOLD:
            subject = self._experiencers.subject_at(m.start)
            if subject is not None and subject.me:
                self.told.own_reading = True
            if subject is not None and self._experiencers.lives_apart(subject):
                return
        else:
            self.told.strong = True
        experiencer = Experiencer.PERSON if who is Who.MEMBER else Experiencer.HOUSEHOLD
        context = Context(Polarity.AFFIRMED, experiencer, reading.temporality)
        self._add(
            Temperature(m.celsius), m.start, m.end, m.rule, context, day=reading.day, members=reading.owner.members
        )

    def illness(self, event: Event, reported: ReportedDays) -> None:
        """A symptom or fever."""
        match = event.match
        at = self._bearer_at(event)
        who = self._experiencers.experiencer_at(at)
        holds = event.polarity is not Polarity.NEGATED and event.temporality is Temporality.NOW
        if who is Experiencer.OTHER:
            self.told.others_ill = self.told.others_ill or holds
        elif event.temporality is not Temporality.HYPOTHETICAL:
            self.told.strong = True
        if _joke(self._piece, event):
            return
        value: Value = Fever() if match.kind == "fever" else Symptom(match.value)
        subject = self._experiencers.subject_at(at)
        if subject is not None and _WITH_CHILD.fullmatch(subject.word) and who is Experiencer.HOUSEHOLD:
            context = Context(event.polarity, Experiencer.PERSON, event.temporality)
            self._add(value, match.start, match.end, match.rule, context, day=reported.of_illness(at))
        self._add(
            value,
            match.start,
            match.end,
            match.rule,
            Context(event.polarity, who, event.temporality),
            day=reported.of_illness(match.start),
            members=self._experiencers.members_at(at),
        )

    def _bearer_at(self, event: Event) -> int:
        """Where it is said who has an illness: at its word, or behind it, 咳嗽的是弟弟."""
        match = event.match
        if self._piece.norm.startswith("的是", match.end):
            last = match.end + _TOPIC_BEFORE
            behind = [one.start for one in self._experiencers.subjects if match.end <= one.start <= last]
            return behind[-1] if behind else match.start
        return match.start

    def journey(self, trip: Journey) -> None:
        """Having been, or being, outside the home county."""
        own = self._is_own(trip.start)
        if own and trip.counts and not _is_visitor(self._piece, trip.start, trip.end):
            context = Context(trip.polarity, temporality=trip.temporality)
            self._add(Travel(trip.place), trip.start, trip.end, trip.rule, context)
        if own or trip.polarity is not Polarity.AFFIRMED:
            self.told.strong = True

    def contact(self, met: Met) -> None:
        """Contact with a person of a class; who is of a class of travellers has travelled."""
        self.told.strong = True
        is_denied = met.polarity is Polarity.NEGATED
        if met.contact_class is None:
            if not is_denied:
                self.told.class_not_named.append((met.start, met.end))
            return
        travelled = met.own and met.contact_class in (ContactClass.ONE, ContactClass.THREE)
        value: Value = Travel(None) if travelled and not is_denied else Contact(met.contact_class)
        context = Context(Polarity.NEGATED if is_denied else Polarity.AFFIRMED)
        self._add(value, met.start, met.end, met.rule, context)

    def isolation(self, isolated: Isolated) -> None:
        """Isolation as the member's own state."""
        if self._is_own(isolated.start):
            context = Context(isolated.polarity, temporality=isolated.temporality)
            self._add(Isolation(), isolated.start, isolated.end, isolated.rule, context)
            self.told.strong = self.told.strong or isolated.polarity is Polarity.AFFIRMED or isolated.denied

    def well(self, word: WellWord, day: date | None) -> None:
        """A word of well-being."""
        self._add(Well(), word.start, word.end, word.rule, Context(experiencer=word.experiencer), day=day)
        self.told.strong = self.told.strong or word.is_report

    def staying(self) -> None:
        """没出门, 没接触谁: no statement, but said of health."""
        clauses = self._piece.clauses
        if any(clause.matches("denies") and _STAYS.search(clause.words) for clause in clauses):
            self.told.strong = True

    def answer(self, answer: Answer) -> None:
        """An answer to a question; a yes says what was asked, unless the text tells it itself."""
        if answer.yes is None:
            return
        self.told.strong = True
        at, to, about = answer.start, max(answer.end, answer.start + 1), answer.asked
        if not answer.yes:
            self._add(Well(), at, to, "answer.no", Context())
            return
        if self._is_told(answer):
            return
        for value in _asked_values(answer):
            is_illness = isinstance(value, (Fever, Symptom))
            context = Context(experiencer=about.experiencer if is_illness else Experiencer.PERSON)
            self._add(value, at, to, "answer.yes", context)
        if about.contact and not about.classes:
            self.told.class_not_named.append((at, to))

    def _is_told(self, answer: Answer) -> bool:
        """Whether the words of a yes, or those behind it in the sentence, tell the facts themselves."""
        end = max(answer.end, answer.start + _TOLD_BEHIND)
        return any(
            answer.start <= said.at < end
            and _affirmed(said.statement)
            and not isinstance(said.statement.value, (Temperature, Well))
            for said in self.told.said
            if not self._piece.ends_between(answer.start, said.at)
        )

    def _is_own(self, at: int) -> bool:
        """Whether a place speaks of the reported person, alone or with their household."""
        return self._experiencers.who_at(at) in (Who.MEMBER, Who.WE)

    def _add(
        self,
        value: Value,
        start: int,
        end: int,
        rule: str,
        context: Context,
        *,
        day: date | None = None,
        members: tuple[Member, ...] | None = None,
    ) -> None:
        """Put a statement down; `members` None: of whomever its place speaks."""
        span = self._piece.text.span(start, max(end, start + 1))
        owners = self._experiencers.members_at(start) if members is None else members
        self.told.said.append(Said(Statement(value, context, span, rule), owners, start, day))


def _is_visitor(piece: Piece, start: int, end: int) -> bool:
    """跟武汉回来的表哥吃过饭: the journey is that of the one who was met."""
    clause = piece.clause_at(start)
    low, high = (clause.start, clause.end) if clause is not None else (start, end)
    before, behind = piece.norm[low:start], piece.norm[end:high]
    if re.search(r"(?:跟|和|与|同|接触(?:过|了)?|见(?:过|了)?|有|来(?:了|过))(?:从|由)?[^,。]{0,6}$", before):
        return re.search(r"(?:来|返|回|人|亲戚|客)", behind) is not None and not re.match(
            r".{0,3}(?:去|回来了?$)", behind
        )
    return _WHO_CAME.match(behind) is not None and not behind.startswith(("姥", "奶"))


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


def _joke(piece: Piece, event: Event) -> bool:
    """头疼 of homework is no headache."""
    clause = piece.clauses[event.clause]
    if event.match.value == "腹痛" and re.search("例假|大姨妈|生理期|痛经|月经", clause.words):
        return True
    if event.match.value not in ("头痛", "头晕", "不适"):
        return False
    return _JOKE.search(piece.norm[clause.start : event.match.start]) is not None and not event.hedged

"""A group's day: its members by state, each with the words that say so, and what waits for a person.

`group_day` finds what stands in the database, `assemble` puts it side by side and asks for nothing.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from bot.counts.members import MemberDay, member_days, unexpected_days
from bot.counts.quotes import Mark, Passage, Quote, Written, passage, quote
from bot.reading.alarm import FEVER_FROM
from bot.reading.order import natural
from bot.reading.reasons import BY_REASON
from bot.reading.statement import Reading, Span, Statement, Unclear, Value
from bot.records.flags import FLAGS
from bot.records.merge import merge, said_in, standing_of
from bot.records.stored import message_name, reading_of, statement_of
from models.database import IDS_A_STATEMENT
from models.group import Group
from models.membership import Membership
from models.message import InboxMessage
from models.person import Person
from models.reading import MemberReading
from models.review import ReviewItem
from models.school import School
from models.vocabulary import Basis, Flag, GroupKind, MessageState, Reason, ReviewState, State


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member of the day, and the words that tell of them."""

    of: MemberDay
    quotes: tuple[Quote, ...] = ()  # in the order in which they were written; none where another group has the words
    phones: tuple[str, ...] = field(default=(), repr=False)  # whom to call, as it is dialled
    elsewhere: bool = False  # something was said in another group; its words are that group's
    new: bool = False  # of a preview: what was pasted says something that was not known

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the flags are called, in the order of their table."""
        return _labels(self.of.flags)

    @property
    def feverish(self) -> bool:
        """Whether the temperature is that of a fever."""
        return self.of.temperature is not None and self.of.temperature >= FEVER_FROM


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a message that waits for a person might mean."""

    temperature: Decimal | None = field(repr=False)
    flags: tuple[Flag, ...] = field(repr=False)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the flags are called, in the order of their table."""
        return _labels(self.flags)


@dataclass(frozen=True, slots=True)
class DoubtLine:
    """What a person must look at."""

    reason: Reason
    quote: Quote
    members: AbstractSet[int]  # memberships that it may concern, possibly none
    names: tuple[str, ...] = field(repr=False)  # theirs, in the order of the roster
    proposal: Proposal | None = None
    new: bool = False  # of a preview: it is in what was pasted

    @property
    def sentence(self) -> str:
        """Why somebody must look, for the teacher."""
        return BY_REASON[self.reason].sentence

    @property
    def in_doubt(self) -> str:
        """The words that could not be read for sure, "" where it is the whole."""
        return "".join(one.text for one in self.quote.stretches if one.mark is Mark.UNSURE)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Which group, which day, and who belongs to the group."""

    day: date
    school: str
    group: str
    kind: GroupKind
    names: Mapping[int, str] = field(repr=False)  # membership -> name, of everybody who was ever a member
    phones: Mapping[int, tuple[str, ...]] = field(default_factory=dict, repr=False)  # membership -> whom to call


@dataclass(frozen=True, slots=True)
class Words:
    """All that was said of a group's day."""

    told: Mapping[int, Collection[Reading]]  # membership -> the readings of that person and day, of any group
    doubts: Collection[Unclear]  # that are open, of this group and day
    messages: Mapping[str, Written] = field(repr=False)  # by name; words of a message that is not here are not shown


@dataclass(frozen=True, slots=True)
class GroupDay:
    """A group on a school-local day."""

    day: date
    school: str
    group: str
    kind: GroupKind
    members: tuple[MemberLine, ...]
    doubts: tuple[DoubtLine, ...]  # in the order in which they were written
    heard_at: datetime | None  # when the day's last message was written, in the school's time zone; None: there is none
    waiting: int = 0  # messages that have arrived and are not read yet
    others: tuple[MemberLine, ...] = ()  # who is not to report that day, and has something to report

    @property
    def expected(self) -> int:
        """Who is to report."""
        return len(self.members)

    @property
    def heard(self) -> int:
        """Who was heard from: everybody who is not missing."""
        return self.expected - self.count(State.MISSING)

    def of(self, state: State) -> Iterator[MemberLine]:
        """The members in a state, in the order of the roster."""
        return (one for one in self.members if one.of.state == state)

    @property
    def doubted_elsewhere(self) -> tuple[MemberLine, ...]:
        """Members in review for words that another group has: a person's doubts count wherever they are a member."""
        here = {member for one in self.doubts for member in one.members}
        return tuple(one for one in self.of(State.REVIEW) if one.of.membership_id not in here)

    @property
    def doubts_of_nobody(self) -> int:
        """How many doubts concern nobody who is in review for them."""
        in_review = {one.of.membership_id for one in self.of(State.REVIEW)}
        return sum(1 for one in self.doubts if in_review.isdisjoint(one.members))

    def count(self, state: State) -> int:
        """How many members are in a state."""
        return sum(1 for _ in self.of(state))


def assemble(
    enrolment: Enrolment,
    members: Sequence[MemberDay],
    words: Words,
    *,
    heard_at: datetime | None,
    waiting: int = 0,
    others: Sequence[MemberDay] = (),
) -> GroupDay:
    """The group's day: its expected members, in order, beside what was said of them; `others`: who else is flagged."""
    doubts = [one for one in words.doubts if one.message in words.messages]
    doubts.sort(key=lambda one: (_written_at(words.messages[one.message]), natural(one.message), one.span, one.key))
    return GroupDay(
        day=enrolment.day,
        school=enrolment.school,
        group=enrolment.group,
        kind=enrolment.kind,
        members=tuple(_member_line(one, enrolment, words) for one in members),
        doubts=tuple(_doubt_line(one, enrolment, words) for one in doubts),
        heard_at=heard_at,
        waiting=waiting,
        others=tuple(_member_line(one, enrolment, words) for one in others),
    )


def _labels(flags: Collection[Flag]) -> tuple[str, ...]:
    return tuple(row.label for row in FLAGS if row.flag in flags)


_NEVER = datetime.max.replace(tzinfo=UTC)


def _written_at(written: Written) -> datetime:
    """What orders a message among others; last where nobody knows when it was written."""
    return written.at or _NEVER


def _member_line(member: MemberDay, enrolment: Enrolment, words: Words) -> MemberLine:
    told = standing_of(words.told.get(member.membership_id, ()))
    raising = {(one.reading.key, one.statement) for one in said_in(told) if _raises(one.statement, member.flags)}
    places: dict[tuple[str, Passage], list[tuple[Span, Mark]]] = {}
    for reading in told:
        written = words.messages.get(reading.message)
        if written is None:
            continue
        marks = places.setdefault((reading.message, passage(written.text, reading.span)), [])
        for one in reading.statements:
            marks.append((one.span, Mark.RAISED if (reading.key, one) in raising else Mark.READ))
    return MemberLine(
        of=member,
        quotes=tuple(quote(words.messages[message], place, marks) for (message, place), marks in places.items()),
        phones=tuple(enrolment.phones.get(member.membership_id, ())),
        elsewhere=any(reading.message not in words.messages for reading in told),
    )


def _raises(statement: Statement[Value], flags: Collection[Flag]) -> bool:
    return any(row.flag in flags and row.raises(statement) for row in FLAGS)


def _doubt_line(doubt: Unclear, enrolment: Enrolment, words: Words) -> DoubtLine:
    written = words.messages[doubt.message]
    place = passage(written.text, doubt.span)
    marks = [(doubt.span, Mark.UNSURE)]
    for reading in _read_in(doubt.message, place, words):
        marks.extend((one.span, Mark.RAISED if _raises(one, tuple(Flag)) else Mark.READ) for one in reading.statements)
    proposal = None
    if doubt.proposed is not None:
        marks.extend((one.span, Mark.READ) for one in doubt.proposed.statements)
        merged = merge([doubt.proposed])
        proposal = Proposal(merged.temperature, tuple(sorted(merged.flags))) if merged else None
    return DoubtLine(
        reason=doubt.reason,
        quote=quote(written, place, marks),
        members=doubt.members,
        names=tuple(enrolment.names[member] for member in sorted(doubt.members) if member in enrolment.names),
        proposal=proposal,
    )


def _read_in(message: str, place: Passage, words: Words) -> Iterable[Reading]:
    """What was read in a passage, of whomever."""
    every = (one for told in words.told.values() for one in told)
    return (one for one in every if one.message == message and place.covers(one.span))


def group_day(session: Session, group_id: int, day: date, zone: ZoneInfo) -> GroupDay:
    """The day of a group that is there, as it stands; how many queries it takes does not grow with the members."""
    items = session.scalars(
        select(ReviewItem).where(
            ReviewItem.group_id == group_id, ReviewItem.day == day, ReviewItem.state == ReviewState.OPEN
        )
    ).all()
    people = select(Membership.person_id).where(Membership.group_id == group_id)
    rows = session.scalars(
        select(MemberReading).where(MemberReading.day == day, MemberReading.person_id.in_(people))
    ).all()
    messages = _messages(session, {one.message_id for one in items} | {one.message_id for one in rows})
    names = {one.id: message_name(one) for one in messages}
    told: dict[int, list[Reading]] = defaultdict(list)
    for row in rows:
        told[row.person_id].append(reading_of(row, names[row.message_id], row.at))
    persons = _persons(session, group_id)
    words = Words(
        told={membership: told[person.id] for membership, person in persons.items() if person.id in told},
        doubts=[_doubt(one, names[one.message_id]) for one in items],
        messages={names[one.id]: _written(one, zone) for one in messages if one.group_id == group_id},
    )
    last = session.scalar(
        select(func.max(_WRITTEN_AT)).where(
            InboxMessage.group_id == group_id, InboxMessage.day == day, InboxMessage.state != MessageState.QUARANTINED
        )
    )
    return assemble(
        _enrolment(session, group_id, day, persons),
        member_days(session, day, group_id=group_id),
        words,
        heard_at=last.astimezone(zone) if last else None,
        waiting=_waiting(session, group_id),
        others=unexpected_days(session, day, group_id),
    )


_WRITTEN_AT = func.coalesce(InboxMessage.sent_at, InboxMessage.arrived_at)


def _waiting(session: Session, group_id: int) -> int:
    wait = select(func.count()).where(InboxMessage.group_id == group_id, InboxMessage.state == MessageState.WAITING)
    return session.scalar(wait) or 0


def _messages(session: Session, ids: Collection[int]) -> list[InboxMessage]:
    ordered = sorted(ids)
    return [
        message
        for start in range(0, len(ordered), IDS_A_STATEMENT)
        for message in session.scalars(
            select(InboxMessage).where(InboxMessage.id.in_(ordered[start : start + IDS_A_STATEMENT]))
        )
    ]


def _persons(session: Session, group_id: int) -> dict[int, Person]:
    """Membership -> person, of everybody who was ever a member, with their guardians."""
    rows = session.execute(
        select(Membership.id, Person)
        .join(Person, Membership.person_id == Person.id)
        .where(Membership.group_id == group_id)
        .options(selectinload(Person.guardians))
        .order_by(Membership.id)
    )
    return dict(rows.all())


def _enrolment(session: Session, group_id: int, day: date, persons: Mapping[int, Person]) -> Enrolment:
    group, kind, school = session.execute(
        select(Group.name, Group.kind, School.name)
        .join(School, Group.school_id == School.id)
        .where(Group.id == group_id)
    ).one()
    return Enrolment(
        day=day,
        school=school,
        group=group,
        kind=GroupKind(kind),
        names={membership: person.name for membership, person in persons.items()},
        phones={membership: _phones(person) for membership, person in persons.items()},
    )


_NUMBER = re.compile(r"\+?\d(?:[ -]?\d){4,17}")


def _phones(person: Person) -> tuple[str, ...]:
    """The guardians' numbers and the person's own, each once, in digits as they are dialled."""
    every = [*(one.phone for one in person.guardians), person.phone]
    found = (number for phone in every if phone for number in _NUMBER.findall(phone))
    return tuple(dict.fromkeys(re.sub("[ -]", "", number) for number in found))


def _written(message: InboxMessage, zone: ZoneInfo) -> Written:
    return Written(message.text, message.sender_name or "", (message.sent_at or message.arrived_at).astimezone(zone))


def _doubt(item: ReviewItem, message: str) -> Unclear:
    """The doubt that a review item keeps; its key is the stored digest."""
    key, span = item.key.hex(), Span(item.start, item.end)
    members = frozenset(one.membership_id for one in item.concerns)
    proposed = None
    if item.proposed and members:  # what is proposed is proposed of one member
        proposed = Reading(
            key=key,
            message=message,
            at=item.opened_at,
            member=min(members),
            day=item.day,
            basis=Basis.STATED,
            statements=tuple(statement_of(one) for one in item.proposed),
            span=span,
        )
    return Unclear(key, message, item.day, Reason(item.reason), span, members, proposed)

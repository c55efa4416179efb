"""The numbers of groups, schools and the county, all of one query: who is expected, heard from, missing, in what state.

They are made of the same rows as the member-days, put into states and counted by the database.
"""

import json
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import groupby
from types import MappingProxyType

from sqlalchemy import Subquery, and_, func, not_, select
from sqlalchemy.orm import Session

from bot.counts.members import FLAGS_TEXT, NO_FLAGS, expected_on, is_expected, state_on
from models.group import Group
from models.membership import Membership
from models.message import InboxMessage
from models.reading import MemberReading
from models.record import Record
from models.review import ReviewConcern, ReviewItem
from models.school import School
from models.vocabulary import Basis, Flag, GroupKind, MessageState, ReviewState, Role, State

_TENTH = Decimal("0.1")
_ALL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Unit:
    """A group and its school."""

    school_id: int
    school: str
    group_id: int
    group: str
    kind: GroupKind


@dataclass(frozen=True, slots=True)
class Cell:
    """Members of a group who are alike in everything that is counted."""

    unit: Unit
    is_student: bool
    state: State
    basis: Basis | None
    flags: tuple[Flag, ...]
    first: bool  # False: their school counts these people in an earlier group of theirs
    elsewhere: bool  # they have another membership: what is known of them may come from there
    people: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """What is counted of some people; kinds: how many have which flag, one person may have several."""

    expected: int
    missing: int
    flagged: int
    review: int
    stated: int  # clear, because they said so
    inferred: int  # clear, because a bare name in a chain stands for it
    kinds: Mapping[Flag, int]

    @property
    def heard(self) -> int:
        """Who was heard from: everybody who is not missing."""
        return self.expected - self.missing

    @property
    def percent(self) -> Decimal | None:
        """Heard of expected with one decimal; 100 and 0 only where it is all and nobody. None: nobody is expected."""
        if not self.expected:
            return None
        if not self.missing:
            return _ALL
        if not self.heard:
            return Decimal(0)
        rounded = (_ALL * self.heard / self.expected).quantize(_TENTH, ROUND_HALF_UP)
        return min(_ALL - _TENTH, max(_TENTH, rounded))


@dataclass(frozen=True)
class Count:
    """The numbers of a unit, students and staff (teachers are staff here) apart."""

    students: Numbers
    staff: Numbers
    doubts: int  # what waits for a person and is of nobody who is to report: messages, and who else has a finding

    @cached_property
    def people(self) -> Numbers:
        """Both together."""
        one, other = self.students, self.staff
        return Numbers(
            expected=one.expected + other.expected,
            missing=one.missing + other.missing,
            flagged=one.flagged + other.flagged,
            review=one.review + other.review,
            stated=one.stated + other.stated,
            inferred=one.inferred + other.inferred,
            kinds=MappingProxyType({flag: one.kinds[flag] + other.kinds[flag] for flag in Flag}),
        )

    @property
    def complete(self) -> bool:
        """Nobody is missing."""
        return not self.people.missing

    @property
    def zero(self) -> bool:
        """Complete, with nothing found and nothing to look at: what a zero report (零报告) confirms."""
        return self.complete and not (self.people.flagged or self.people.review or self.doubts)


@dataclass(frozen=True)
class GroupCount(Count):
    """The numbers of a group. A person in two groups counts in each of them."""

    unit: Unit
    heard_here: bool  # somebody is heard of who is a member of this group alone


@dataclass(frozen=True)
class SchoolCount(Count):
    """The numbers of a school. A person in several groups counts once."""

    school_id: int
    school: str


@dataclass(frozen=True)
class Tally:
    """All that is counted of a day. Groups and schools where nobody is to report are not in it."""

    day: date
    cells: tuple[Cell, ...]  # in the order of schools and groups
    doubts: Mapping[int, int]  # by group; see Count

    @cached_property
    def whole(self) -> Count:
        """The numbers of all that was counted together: the county, or the one school or group."""
        return Count(*_apart(cell for cell in self.cells if cell.first), doubts=sum(self.doubts.values()))

    @cached_property
    def schools(self) -> tuple[SchoolCount, ...]:
        """Each school's numbers, in the order of the schools."""
        return tuple(
            SchoolCount(
                *_apart(cell for cell in cells if cell.first),
                doubts=sum(self.doubts.get(group_id, 0) for group_id in {cell.unit.group_id for cell in cells}),
                school_id=school_id,
                school=cells[0].unit.school,
            )
            for school_id, cells in _by(lambda cell: cell.unit.school_id, self.cells)
        )

    @cached_property
    def groups(self) -> tuple[GroupCount, ...]:
        """Each group's numbers, in the order of schools and groups."""
        return tuple(
            GroupCount(
                *_apart(cells),
                doubts=self.doubts.get(cells[0].unit.group_id, 0),
                unit=cells[0].unit,
                heard_here=any(cell.state is not State.MISSING and not cell.elsewhere for cell in cells),
            )
            for _, cells in _by(lambda cell: cell.unit.group_id, self.cells)
        )


def tally(session: Session, day: date, *, school_id: int | None = None, group_id: int | None = None) -> Tally:
    """Count the member-days of a day in the database, those of one school or one group where it is given."""
    in_several = _in_several(day)
    as_student = Membership.role == Role.STUDENT
    members = (
        expected_on(
            select(
                Group.id.label("group_id"),
                as_student.label("is_student"),
                state_on(day).label("state"),
                Record.basis.label("basis"),
                func.coalesce(FLAGS_TEXT, NO_FLAGS).label("flags"),
                (func.coalesce(in_several.c.first_id, Membership.id) == Membership.id).label("first"),
                in_several.c.first_id.is_not(None).label("elsewhere"),
            ),
            day,
            school_id=school_id,
            group_id=group_id,
        )
        .outerjoin(
            in_several,
            and_(
                in_several.c.person_id == Membership.person_id,
                in_several.c.school_id == School.id,
                in_several.c.is_student == as_student,
            ),
        )
        .subquery()
    )
    alike = tuple(members.c)
    cells = select(*alike, func.count().label("people")).group_by(*alike).subquery()
    rows = session.execute(
        select(cells, School.id, School.name, Group.name, Group.kind)
        .join(Group, Group.id == cells.c.group_id)
        .join(School, School.id == Group.school_id)
        .order_by(School.id, Group.id)
    )
    units: dict[int, Unit] = {}
    counted = []
    for unit, is_student, state, basis, flags, first, elsewhere, people, school, school_name, name, kind in rows:
        if unit not in units:
            units[unit] = Unit(school, school_name, unit, name, GroupKind(kind))
        counted.append(
            Cell(
                unit=units[unit],
                is_student=bool(is_student),
                state=State(state),
                basis=None if basis is None else Basis(basis),
                flags=() if basis is None else _flags(flags),
                first=bool(first),
                elsewhere=bool(elsewhere),
                people=people,
            )
        )
    return Tally(day, tuple(counted), _doubts(session, day, units))


def _doubts(session: Session, day: date, group_ids: Container[int]) -> dict[int, int]:
    """For each group: open review items of the day that concern nobody who is to report, and findings of others.

    Somebody who has left the class may be ill all the same, and nobody else's number tells of it.
    """
    concerns = (
        select(ReviewConcern.item_id)
        .join(Membership, Membership.id == ReviewConcern.membership_id)
        .where(ReviewConcern.item_id == ReviewItem.id, is_expected(day))
    )
    items = (
        select(ReviewItem.group_id, func.count())
        .where(ReviewItem.state == ReviewState.OPEN, ReviewItem.day == day, ~concerns.exists())
        .group_by(ReviewItem.group_id)
    )
    others = (
        select(MemberReading.group_id, func.count(MemberReading.membership_id.distinct()))
        .join(Membership, Membership.id == MemberReading.membership_id)
        .join(Record, and_(Record.person_id == Membership.person_id, Record.day == day))
        .where(MemberReading.day == day, not_(is_expected(day)), Record.basis.is_not(None), FLAGS_TEXT != NO_FLAGS)
        .group_by(MemberReading.group_id)
    )
    found: Counter[int] = Counter()
    for group_id, many in [*session.execute(items), *session.execute(others)]:
        if group_id in group_ids:
            found[group_id] += many
    return dict(found)


def _in_several(day: date) -> Subquery:
    """For who has several memberships: the first in each school in which they are expected, as student or as staff.

    They are few; a window over all members would sort them all, which takes longer than all the rest.
    """
    several = select(Membership.person_id).group_by(Membership.person_id).having(func.count() > 1)
    as_student = Membership.role == Role.STUDENT
    return (
        select(
            Membership.person_id,
            Group.school_id,
            as_student.label("is_student"),
            func.min(Membership.id).label("first_id"),
        )
        .join(Group, Membership.group_id == Group.id)
        .where(Membership.person_id.in_(several), is_expected(day))
        .group_by(Membership.person_id, Group.school_id, as_student)
        .subquery()
    )


def last_messages(session: Session, day: date) -> dict[int, datetime]:
    """For each group that has messages of the day, when the one that came last was written; those in quarantine apart.

    Instants are aware, in UTC. Only the index of messages is read, then one row a group: their texts are long.
    """
    quarantined = select(InboxMessage.id).where(InboxMessage.state == MessageState.QUARANTINED)
    last = (
        select(func.max(InboxMessage.id))
        .where(
            InboxMessage.group_id.in_(select(Group.id)),  # the index begins with the group
            InboxMessage.day == day,
            InboxMessage.id.not_in(quarantined),
        )
        .group_by(InboxMessage.group_id)
    )
    written_at = func.coalesce(InboxMessage.sent_at, InboxMessage.arrived_at)
    return dict(session.execute(select(InboxMessage.group_id, written_at).where(InboxMessage.id.in_(last))).all())


def silent_groups(counted: Tally, last: Mapping[int, datetime]) -> tuple[GroupCount, ...]:
    """The groups that nobody heard of: no message of the day (`last_messages`), and no report of who is only in them.

    A homeroom teacher who reports in the staff group says nothing of the class.
    """
    return tuple(group for group in counted.groups if group.unit.group_id not in last and not group.heard_here)


def _flags(text: str) -> tuple[Flag, ...]:
    return () if text == NO_FLAGS else tuple(Flag(flag) for flag in json.loads(text))


def _by(key: Callable[[Cell], int], cells: Iterable[Cell]) -> Iterator[tuple[int, list[Cell]]]:
    return ((one, list(some)) for one, some in groupby(cells, key))


def _apart(cells: Iterable[Cell]) -> tuple[Numbers, Numbers]:
    """The numbers of the students and of the staff."""
    every = tuple(cells)
    students, staff = (tuple(cell for cell in every if cell.is_student is one) for one in (True, False))
    return _numbers(students), _numbers(staff)


def _numbers(cells: Iterable[Cell]) -> Numbers:
    states: Counter[State] = Counter()
    kinds = dict.fromkeys(Flag, 0)
    inferred = 0
    for cell in cells:
        states[cell.state] += cell.people
        inferred += cell.people * (cell.state is State.CLEAR and cell.basis is Basis.INFERRED)
        for flag in cell.flags:
            kinds[flag] += cell.people
    return Numbers(
        expected=states.total(),
        missing=states[State.MISSING],
        flagged=states[State.FLAGGED],
        review=states[State.REVIEW],
        stated=states[State.CLEAR] - inferred,
        inferred=inferred,
        kinds=MappingProxyType(kinds),
    )

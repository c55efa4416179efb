"""Member-days: what is known of each expected member on a day. What records, missing lists and numbers are made of."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, not_, or_, select
from sqlalchemy.orm import Session, aliased

from models.database import IDS_A_STATEMENT
from models.group import Group
from models.membership import Membership
from models.message import InboxMessage
from models.person import Person
from models.reading import MemberReading
from models.record import Record
from models.review import ReviewConcern, ReviewItem
from models.school import School
from models.vocabulary import Basis, Flag, ReviewState, Role, State

Columns = TypeVarTuple("Columns")

FLAGS_TEXT = cast(Record.flags, Text)
"""A record's flags as JSON text, which SQLite and PostgreSQL write alike."""
NO_FLAGS = "[]"
_Concerned = aliased(Membership)


@dataclass(frozen=True, slots=True)
class MemberDay:
    """What is known of a member on a school-local day; basis None: no record stands."""

    membership_id: int
    day: date
    school: str
    group: str
    name: str = field(repr=False)
    role: Role
    state: State
    basis: Basis | None
    temperature: Decimal | None = field(repr=False)  # °C, the highest stated; None: none was
    flags: tuple[Flag, ...] = field(repr=False)
    places: tuple[str, ...] = field(repr=False)
    messages: tuple[
        str, ...
    ]  # platform ids of the messages that the record comes from, in the natural order of those ids


def state_on(day: date) -> ColumnElement[str]:
    """The state of a member-day, in a query that joins records to memberships. Not said is not healthy."""
    stands = Record.basis.is_not(None)
    in_review = Membership.person_id.in_(
        select(_Concerned.person_id)
        .join(ReviewConcern, ReviewConcern.membership_id == _Concerned.id)
        .join(ReviewItem, ReviewItem.id == ReviewConcern.item_id)
        .where(ReviewItem.state == ReviewState.OPEN, ReviewItem.day == day)
    )
    return case(
        (and_(stands, FLAGS_TEXT != NO_FLAGS), State.FLAGGED.value),
        (in_review, State.REVIEW.value),
        (stands, State.CLEAR.value),
        else_=State.MISSING.value,
    )


def is_expected(day: date) -> ColumnElement[bool]:
    """Whether a membership holds on the day, and is to report."""
    return and_(
        Membership.expected,
        or_(Membership.from_day.is_(None), Membership.from_day <= day),
        or_(Membership.until_day.is_(None), Membership.until_day >= day),
    )


def expected_on(
    wanted: Select[*Columns], day: date, *, school_id: int | None = None, group_id: int | None = None
) -> Select[*Columns]:
    """Columns of Membership, Group, School and Record, a row a membership that holds on the day and is to report."""
    wanted = _with_records(wanted, day).where(is_expected(day))
    if school_id is not None:
        wanted = wanted.where(School.id == school_id)
    if group_id is not None:
        wanted = wanted.where(Group.id == group_id)
    return wanted


def _with_records(wanted: Select[*Columns], day: date) -> Select[*Columns]:
    return (
        wanted.select_from(Membership)
        .join(Group, Membership.group_id == Group.id)
        .join(School, Group.school_id == School.id)
        .outerjoin(Record, and_(Record.person_id == Membership.person_id, Record.day == day))
    )


def member_days(
    session: Session, day: date, *, school_id: int | None = None, group_id: int | None = None
) -> list[MemberDay]:
    """One a membership that holds on the day and is expected to report, in the order of schools, groups, members."""
    wanted = expected_on(_columns(day), day, school_id=school_id, group_id=group_id)
    return _days(session, day, wanted)


def unexpected_days(session: Session, day: date, group_id: int) -> list[MemberDay]:
    """The members of a group who are not to report on the day, and of whom it said something that raised a flag."""
    read = select(MemberReading.membership_id).where(MemberReading.group_id == group_id, MemberReading.day == day)
    wanted = _with_records(_columns(day), day).where(
        Membership.id.in_(read), not_(is_expected(day)), Record.basis.is_not(None), FLAGS_TEXT != NO_FLAGS
    )
    return _days(session, day, wanted)


def _columns(day: date) -> Select[*tuple[Any, ...]]:
    return select(
        Membership.id.label("membership_id"),
        School.name.label("school"),
        Group.name.label("group"),
        Person.name.label("name"),
        Membership.role,
        Record.basis,
        Record.temperature,
        Record.flags,
        Record.places,
        Record.messages,
        state_on(day).label("state"),
    )


def _days(session: Session, day: date, wanted: Select[*tuple[Any, ...]]) -> list[MemberDay]:
    rows = session.execute(
        wanted.join(Person, Membership.person_id == Person.id).order_by(School.id, Group.id, Membership.id)
    ).all()
    platform_ids = _platform_ids(session, {one for row in rows for one in row.messages or ()})
    days = []
    for row in rows:
        stands = row.basis is not None
        days.append(
            MemberDay(
                membership_id=row.membership_id,
                day=day,
                school=row.school,
                group=row.group,
                name=row.name,
                role=Role(row.role),
                state=State(row.state),
                basis=Basis(row.basis) if stands else None,
                temperature=row.temperature if stands else None,
                flags=tuple(Flag(flag) for flag in row.flags) if stands else (),
                places=tuple(row.places) if stands else (),
                # A message may be gone, its text kept no longer than its day was open; the record stays.
                messages=tuple(platform_ids[one] for one in row.messages if one in platform_ids) if stands else (),
            )
        )
    return days


def missing(days: list[MemberDay]) -> Iterator[str]:
    """The names of those of whom nothing was said, and nothing waits to be looked at."""
    return (one.name for one in days if one.state is State.MISSING)


def _platform_ids(session: Session, message_ids: Collection[int]) -> dict[int, str]:
    ordered = sorted(message_ids)
    return {
        message_id: platform_id
        for start in range(0, len(ordered), IDS_A_STATEMENT)
        for message_id, platform_id in session.execute(
            select(InboxMessage.id, InboxMessage.platform_id).where(
                InboxMessage.id.in_(ordered[start : start + IDS_A_STATEMENT])
            )
        )
    }

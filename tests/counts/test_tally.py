"""Numbers of groups, schools and the county: they are those of the member-days, each person once a school."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from bot.cli.replay import Case
from bot.counts.members import MemberDay, member_days
from bot.counts.tally import Count, Numbers, Tally, last_messages, silent_groups, tally
from bot.wiring import migrate
from models.database import Database, open_database
from models.group import Group
from models.membership import Membership
from models.message import InboxMessage
from models.person import Person
from models.record import Record
from models.review import ReviewConcern, ReviewItem
from models.school import School
from models.vocabulary import Basis, Flag, GroupKind, MessageState, Reason, ReviewState, Role, State
from tests.counts.corpus import COUNTIES, corpus_county
from tests.roster.county import KEYRING

DAY = date(2020, 2, 18)
NOW = datetime(2020, 2, 18, 0, 5, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url, KEYRING)
    migrate(opened, KEYRING)
    yield opened
    opened.close()


@contextmanager
def scratch(database: Database) -> Iterator[Session]:
    """A session whose writing is thrown away."""
    with database.hold() as session:
        yield session
        session.rollback()


@dataclass(frozen=True)
class Made:
    """A person to be put in: memberships as (group, role, expected), and what is known of them."""

    groups: tuple[tuple[int, Role, bool], ...]
    basis: Basis | None = None
    flags: tuple[Flag, ...] = ()
    recorded: bool = True
    in_review: bool = False


def put_in(session: Session, schools: Iterable[tuple[GroupKind, ...]], people: Iterable[Made]) -> list[int]:
    """Schools by the kinds of their groups, and people in them by the groups' numbers; the groups' ids."""
    groups = []
    for number, kinds in enumerate(schools):
        school = School(name=f"学校{number}")
        groups += [Group(school=school, name=f"群{place}", kind=kind) for place, kind in enumerate(kinds)]
    session.add_all(groups)
    session.flush()
    for number, made in enumerate(people):
        person = Person(name=f"人{number}", name_digest=KEYRING.digest("name", str(number)))
        session.add(person)
        session.flush()
        members = [
            Membership(group_id=groups[place].id, person_id=person.id, role=role, expected=expected)
            for place, role, expected in made.groups
        ]
        session.add_all(members)
        session.flush()
        if made.recorded:
            session.add(
                Record(
                    person_id=person.id,
                    day=DAY,
                    version=1,
                    basis=made.basis,
                    temperature=None,
                    flags=sorted(made.flags),
                    places=[],
                    messages=[],
                    evidence=[],
                )
            )
        if made.in_review:
            session.add(review_of(session, members[-1]))
    session.flush()
    return [group.id for group in groups]


def message_of(session: Session, group_id: int, **columns: object) -> InboxMessage:
    """A message in a group's chat."""
    number = str(len(session.new)) + str(columns)
    values = {
        "channel": "gateway/demo",
        "chat_digest": KEYRING.digest("chat", str(group_id)),
        "platform_id": number,
        "platform_digest": KEYRING.digest("message", number),
        "content_digest": KEYRING.digest("content", number),
        "sender": "s",
        "sender_name": None,
        "text": "t",
        "sent_at": None,
        "arrived_at": NOW,
        "day": DAY,
        "open": True,
        "state": MessageState.DONE,
        **columns,
    }
    message = InboxMessage(group_id=group_id, **values)
    session.add(message)
    session.flush()
    return message


def review_of(session: Session, member: Membership) -> ReviewItem:
    message = message_of(session, member.group_id, day=DAY - timedelta(days=1), platform_id=str(member.id))
    return ReviewItem(
        group_id=member.group_id,
        message_id=message.id,
        day=DAY,
        key=KEYRING.digest("item", str(member.id)),
        reason=Reason.UNREADABLE,
        start=0,
        end=1,
        proposed=[],
        state=ReviewState.OPEN,
        opened_at=NOW,
        concerns=[ReviewConcern(membership_id=member.id)],
    )


def counted(days: Iterable[MemberDay]) -> Numbers:
    """The numbers as a person would count them on a list."""
    every = list(days)
    clear = [one.basis for one in every if one.state is State.CLEAR]
    states = [one.state for one in every]
    return Numbers(
        expected=len(every),
        missing=states.count(State.MISSING),
        flagged=states.count(State.FLAGGED),
        review=states.count(State.REVIEW),
        stated=clear.count(Basis.STATED),
        inferred=clear.count(Basis.INFERRED),
        kinds={flag: sum(flag in one.flags for one in every) for flag in Flag},
    )


def agree(session: Session, day: date) -> None:
    """Every number of the day is that of the member-days, with each person counted once a school."""
    of_group: dict[int, list[MemberDay]] = defaultdict(list)
    of_school: dict[int, dict[tuple[int, bool], MemberDay]] = defaultdict(dict)
    whose: Mapping[int, tuple[int, int, int]] = {
        member: (school, group, person)
        for member, school, group, person in session.execute(
            select(Membership.id, Group.school_id, Group.id, Membership.person_id).join(
                Group, Membership.group_id == Group.id
            )
        )
    }
    for one in member_days(session, day):
        school, group, person = whose[one.membership_id]
        of_group[group].append(one)
        of_school[school].setdefault((person, one.role is Role.STUDENT), one)

    def same(count: Count, days: Iterable[MemberDay]) -> None:
        every = list(days)
        assert count.students == counted(one for one in every if one.role is Role.STUDENT)
        assert count.staff == counted(one for one in every if one.role is not Role.STUDENT)
        assert count.people == counted(every)

    found = tally(session, day)
    assert {group.unit.group_id for group in found.groups} == set(of_group)
    assert {school.school_id for school in found.schools} == set(of_school)
    for group_count in found.groups:
        same(group_count, of_group[group_count.unit.group_id])
        (alone,) = tally(session, day, group_id=group_count.unit.group_id).groups
        assert alone == group_count
    for school_count in found.schools:
        same(school_count, of_school[school_count.school_id].values())
        (alone_,) = tally(session, day, school_id=school_count.school_id).schools
        assert alone_ == school_count
    same(found.whole, (one for people in of_school.values() for one in people.values()))


@pytest.mark.parametrize("cases", COUNTIES, ids=lambda cases: cases[0].id)
def test_numbers_of_the_corpora_are_those_of_the_member_days(
    cases: list[Case], database_url: str, tmp_path: Path
) -> None:
    with corpus_county(database_url, cases, tmp_path) as county, county.database.read() as session:
        for day in county.days():
            agree(session, day)


MADE = st.builds(
    Made,
    groups=st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from(Role), st.booleans()),
        min_size=1,
        max_size=4,
        unique_by=lambda one: one[0],
    ).map(tuple),
    basis=st.none() | st.sampled_from(Basis),
    flags=st.frozensets(st.sampled_from(Flag), max_size=3).map(tuple),
    recorded=st.booleans(),
    in_review=st.booleans(),
)
SCHOOLS = ((GroupKind.CLASS, GroupKind.CLASS, GroupKind.STAFF), (GroupKind.STAFF, GroupKind.CLASS))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(MADE, max_size=12))
def test_numbers_of_any_county_are_those_of_the_member_days(database: Database, people: list[Made]) -> None:
    with scratch(database) as session:
        put_in(session, SCHOOLS, people)
        agree(session, DAY)


def state_of(basis: Basis | None, flags: Collection[Flag], *, in_review: bool) -> State:
    """The state of a member-day. Not said is not healthy, not read is not missing."""
    if basis is not None and flags:
        return State.FLAGGED
    if in_review:
        return State.REVIEW
    return State.MISSING if basis is None else State.CLEAR


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=MADE)
def test_a_state_is_the_same_in_the_database_and_out_of_it(database: Database, made: Made) -> None:
    with scratch(database) as session:
        put_in(session, SCHOOLS, [made])
        basis = made.basis if made.recorded else None
        wanted = state_of(basis, made.flags, in_review=made.in_review)
        assert {one.state for one in member_days(session, DAY)} <= {wanted}


def test_who_is_in_two_groups_counts_once_a_school(database: Database) -> None:
    teacher = Made(((0, Role.TEACHER, True), (2, Role.TEACHER, True)), Basis.STATED, (Flag.FEVER,))
    pupil = Made(((0, Role.STUDENT, True),), Basis.INFERRED)
    elsewhere_too = Made(((2, Role.STAFF, True), (3, Role.STAFF, True)), recorded=False)
    with scratch(database) as session:
        put_in(session, SCHOOLS, [teacher, pupil, elsewhere_too])
        found = tally(session, DAY)
    heads = [(one.unit.group, one.people.expected, one.people.flagged) for one in found.groups]
    assert heads == [("群0", 2, 1), ("群2", 2, 1), ("群0", 1, 0)]
    assert [(one.school, one.staff.expected, one.staff.missing) for one in found.schools] == [
        ("学校0", 2, 1),
        ("学校1", 1, 1),
    ]
    assert (found.whole.people.expected, found.whole.staff.kinds[Flag.FEVER]) == (4, 1)


def test_who_left_the_earlier_group_counts_in_the_later_one(database: Database) -> None:
    with scratch(database) as session:
        put_in(session, SCHOOLS, [Made(((0, Role.TEACHER, False), (2, Role.TEACHER, True)), Basis.STATED)])
        found = tally(session, DAY)
    assert [(one.unit.group, one.people.heard) for one in found.groups] == [("群2", 1)]
    assert (found.whole.people.expected, found.schools[0].people.heard) == (1, 1)


@pytest.mark.parametrize(
    ("expected", "missing", "percent"),
    [
        (0, 0, None),
        (30, 0, "100"),
        (30, 30, "0"),
        (18_640, 252, "98.6"),
        (30_000, 1, "99.9"),
        (30_000, 29_999, "0.1"),
        (8, 7, "12.5"),
    ],
)
def test_percent_is_all_or_nothing_only_where_it_is(expected: int, missing: int, percent: str | None) -> None:
    numbers = Numbers(expected, missing, 0, 0, expected - missing, 0, {})
    assert numbers.percent == (None if percent is None else Decimal(percent))


STATED = Made(((0, Role.STUDENT, True),), Basis.STATED)


@pytest.mark.parametrize(
    ("people", "zero", "complete"),
    [
        ([STATED], True, True),
        ([STATED, Made(((0, Role.STUDENT, True),), recorded=False)], False, False),
        ([STATED, Made(((0, Role.STUDENT, True),), Basis.STATED, (Flag.TRAVEL,))], False, True),
        ([STATED, Made(((0, Role.STUDENT, True),), in_review=True)], False, True),
    ],
)
def test_what_a_zero_report_confirms(people: list[Made], zero: bool, complete: bool, database: Database) -> None:  # noqa: FBT001
    with scratch(database) as session:
        put_in(session, SCHOOLS, people)
        (school,) = tally(session, DAY).schools
    assert (school.zero, school.complete) == (zero, complete)


MISSING = Made(((0, Role.STUDENT, True),), recorded=False)
HOMEROOM = Made(((0, Role.TEACHER, True), (2, Role.TEACHER, True)), Basis.STATED)


@pytest.mark.parametrize(
    ("people", "message", "silent"),
    [
        ([MISSING], None, ["群0"]),
        ([MISSING], {}, []),
        ([MISSING], {"day": DAY - timedelta(days=1)}, ["群0"]),
        ([MISSING], {"state": MessageState.WAITING}, []),
        ([MISSING], {"state": MessageState.QUARANTINED}, ["群0"]),
        ([STATED, MISSING], None, []),  # a report that was written another day
        ([HOMEROOM, MISSING], None, ["群0", "群2"]),  # known, but from which of the groups?
        ([Made(((0, Role.STUDENT, False),), recorded=False)], None, []),  # nobody is to report
    ],
)
def test_groups_that_nobody_heard_of(
    people: list[Made], message: dict[str, object] | None, silent: list[str], database: Database
) -> None:
    with scratch(database) as session:
        groups = put_in(session, SCHOOLS, people)
        if message is not None:
            message_of(session, groups[0], **message)
        found = silent_groups(tally(session, DAY), last_messages(session, DAY))
    assert [group.unit.group for group in found] == silent


def test_the_last_message_is_the_one_that_came_last(database: Database) -> None:
    def at(minutes: int) -> datetime:
        return NOW + timedelta(minutes=minutes)

    with scratch(database) as session:
        first, second, *_ = put_in(session, SCHOOLS, [STATED])
        for group, sent_at, state in (
            (first, at(5), MessageState.DONE),
            (first, at(3), MessageState.WAITING),
            (first, at(9), MessageState.QUARANTINED),
            (second, None, MessageState.DONE),
        ):
            message_of(session, group, sent_at=sent_at, arrived_at=at(10), state=state)
        assert last_messages(session, DAY) == {first: at(3), second: at(10)}
        assert last_messages(session, DAY + timedelta(days=1)) == {}


def test_an_empty_county(database: Database) -> None:
    with database.read() as session:
        found = tally(session, DAY)
    assert (found, found.groups, found.schools) == (Tally(DAY, (), {}), (), ())
    assert (found.whole.people.expected, found.whole.people.percent) == (0, None)


def test_the_people_of_a_county_are_one_query_and_what_concerns_nobody_two(database: Database) -> None:
    asked: list[str] = []
    with scratch(database) as session:
        put_in(session, SCHOOLS, [STATED, HOMEROOM, MISSING])
        event.listen(database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
        found = tally(session, DAY)
        assert (found.whole.people.expected, len(found.groups), len(found.schools)) == (3, 2, 1)
    assert len([one for one in asked if one.startswith("SELECT")]) == 3

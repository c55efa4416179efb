"""States of member-days: flagged, else review, else clear, else missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event

from bot.counts.members import MemberDay, member_days, missing
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
from tests.roster.county import KEYRING

DAY = date(2020, 2, 18)
NOW = datetime(2020, 2, 18, tzinfo=UTC)


@dataclass
class County:
    """A database with a school of two groups, whose members a test puts in."""

    database: Database
    class_id: int
    staff_id: int
    message_id: int

    def person(self, name: str) -> int:
        with self.database.write() as session:
            person = Person(name=name, name_digest=KEYRING.digest("name", name))
            session.add(person)
            session.flush()
            return person.id

    def member(self, person_id: int, group_id: int | None = None, **columns: Any) -> int:  # noqa: ANN401
        with self.database.write() as session:
            values = {"role": Role.STUDENT, "expected": True, **columns}
            member = Membership(group_id=group_id or self.class_id, person_id=person_id, **values)
            session.add(member)
            session.flush()
            return member.id

    def record(self, person_id: int, basis: Basis | None, day: date = DAY, **columns: object) -> None:
        stands = {"temperature": None, "flags": [], "places": [], "messages": [], "evidence": [], **columns}
        with self.database.write() as session:
            session.add(Record(person_id=person_id, day=day, version=1, basis=basis, **stands))

    def review(self, *member_ids: int, day: date = DAY, state: ReviewState = ReviewState.OPEN) -> None:
        with self.database.write() as session:
            item = ReviewItem(
                group_id=self.class_id,
                message_id=self.message_id,
                day=day,
                key=KEYRING.digest("item", str(member_ids), str(day), state),
                reason=Reason.UNREADABLE,
                start=0,
                end=1,
                proposed=[],
                state=state,
                opened_at=NOW,
            )
            item.concerns = [ReviewConcern(membership_id=member_id) for member_id in member_ids]
            session.add(item)

    def days(self, day: date = DAY, **where: int) -> list[MemberDay]:
        with self.database.read() as session:
            return member_days(session, day, **where)


@pytest.fixture
def county(database_url: str) -> Iterator[County]:
    database = open_database(database_url, KEYRING)
    migrate(database, KEYRING)
    with database.write() as session:
        school = School(name="演示县第一小学")
        one = Group(school=school, name="一班", kind=GroupKind.CLASS)
        staff = Group(school=school, name="教职工群", kind=GroupKind.STAFF)
        session.add_all([one, staff])
        session.flush()
        message = InboxMessage(
            channel="gateway/demo",
            chat_digest=KEYRING.digest("chat", "c"),
            platform_id="m1",
            platform_digest=KEYRING.digest("message", "m1"),
            content_digest=KEYRING.digest("content", "m1"),
            group_id=one.id,
            sender="s",
            sender_name=None,
            text="t",
            sent_at=None,
            arrived_at=NOW,
            day=DAY,
            open=True,
            state=MessageState.DONE,
        )
        session.add(message)
        session.flush()
        made = County(database, one.id, staff.id, message.id)
    yield made
    database.close()


STATES: Sequence[tuple[Basis | None, list[Flag], bool, State]] = (
    # basis, flags, open review item, state
    (None, [], False, State.MISSING),
    (None, [], True, State.REVIEW),
    (Basis.STATED, [], False, State.CLEAR),
    (Basis.INFERRED, [], False, State.CLEAR),
    (Basis.STATED, [], True, State.REVIEW),
    (Basis.STATED, [Flag.FEVER], False, State.FLAGGED),
    (Basis.STATED, [Flag.TRAVEL, Flag.CONTACT_1], True, State.FLAGGED),
)


@pytest.mark.parametrize(("basis", "flags", "in_review", "state"), STATES)
def test_states(basis: Basis | None, flags: list[Flag], in_review: bool, state: State, county: County) -> None:  # noqa: FBT001
    person = county.person("李雷")
    member = county.member(person)
    if basis is not None:
        county.record(person, basis, flags=flags)
    if in_review:
        county.review(member)
    (found,) = county.days()
    assert (found.state, found.basis, list(found.flags)) == (state, basis, flags)


def test_a_record_that_stands_no_more_is_none(county: County) -> None:
    person = county.person("李雷")
    county.member(person)
    county.record(
        person, None, temperature=Decimal("38.50"), flags=[Flag.FEVER], places=["武汉市"], messages=[county.message_id]
    )
    (found,) = county.days()
    assert (found.state, found.basis, found.temperature) == (State.MISSING, None, None)
    assert (found.flags, found.places, found.messages) == ((), (), ())


@pytest.mark.parametrize("state", [ReviewState.DECIDED, ReviewState.WITHDRAWN])
def test_an_answered_review_item_is_none(county: County, state: ReviewState) -> None:
    county.review(county.member(county.person("李雷")), state=state)
    assert [one.state for one in county.days()] == [State.MISSING]


def test_what_belongs_to_other_days_and_members(county: County) -> None:
    first, second = county.person("李雷"), county.person("韩梅梅")
    member = county.member(first)
    county.member(second)
    county.review(member, day=DAY - timedelta(days=1))
    county.review()
    county.record(first, Basis.STATED, DAY + timedelta(days=1))
    assert [one.state for one in county.days()] == [State.MISSING, State.MISSING]


def test_all_of_a_row(county: County) -> None:
    person = county.person("李雷")
    member = county.member(person)
    county.record(
        person,
        Basis.STATED,
        temperature=Decimal("36.50"),
        flags=[Flag.TRAVEL],
        places=["沈阳市"],
        messages=[county.message_id, 10_000],
    )
    assert county.days() == [
        MemberDay(
            membership_id=member,
            day=DAY,
            school="演示县第一小学",
            group="一班",
            name="李雷",
            role=Role.STUDENT,
            state=State.FLAGGED,
            basis=Basis.STATED,
            temperature=Decimal("36.5"),
            flags=(Flag.TRAVEL,),
            places=("沈阳市",),
            messages=("m1",),
        )
    ]
    assert "李雷" not in repr(county.days())
    assert "36.5" not in repr(county.days())


def test_one_person_in_two_groups_is_two_rows_of_one_record(county: County) -> None:
    person = county.person("王敏")
    member = county.member(person, role=Role.TEACHER)
    county.member(person, county.staff_id, role=Role.TEACHER)
    assert [one.state for one in county.days()] == [State.MISSING, State.MISSING]
    county.review(member)
    assert [(one.group, one.state) for one in county.days()] == [("一班", State.REVIEW), ("教职工群", State.REVIEW)]
    county.record(person, Basis.STATED, flags=[Flag.FEVER])
    assert [(one.group, one.state) for one in county.days()] == [("一班", State.FLAGGED), ("教职工群", State.FLAGGED)]
    assert [one.group for one in county.days(group_id=county.staff_id)] == ["教职工群"]


def test_a_member_in_several_review_items_is_one_row(county: County) -> None:
    member = county.member(county.person("李雷"))
    other = county.member(county.person("韩梅梅"))
    county.review(member)
    county.review(member, other)
    assert [one.state for one in county.days()] == [State.REVIEW, State.REVIEW]


@pytest.mark.parametrize(
    ("columns", "is_there"),
    [
        ({}, True),
        ({"from_day": DAY}, True),
        ({"until_day": DAY}, True),
        ({"from_day": DAY + timedelta(days=1)}, False),
        ({"until_day": DAY - timedelta(days=1)}, False),
        ({"expected": False}, False),
    ],
)
def test_who_is_expected_on_the_day(columns: dict[str, Any], is_there: bool, county: County) -> None:  # noqa: FBT001
    county.member(county.person("李雷"), **columns)
    assert [one.name for one in county.days()] == (["李雷"] if is_there else [])


def test_who_is_missing(county: County) -> None:
    people = [county.person(name) for name in ("甲", "乙", "丙", "丁")]
    members = [county.member(person) for person in people]
    county.record(people[0], Basis.STATED)
    county.record(people[1], Basis.STATED, flags=[Flag.FEVER])
    county.review(members[2])
    assert list(missing(county.days())) == ["丁"]


def test_the_cost_does_not_grow_with_members(county: County) -> None:
    for name in ("甲", "乙", "丙"):
        person = county.person(name)
        county.member(person)
        county.record(person, Basis.STATED, messages=[county.message_id])
    asked: list[object] = []
    with county.database.read() as session:
        event.listen(county.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
        member_days(session, DAY)
    assert (
        len([one for one in asked if str(one).startswith("SELECT")]) == 2
    )  # the member-days, and the platform's ids of their messages

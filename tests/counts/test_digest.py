"""The facts of digests and reminders, out of a database."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.counts.digest import bureau_day, school_day
from bot.counts.roll import Roll, roll
from bot.counts.zero_reports import confirm
from bot.wiring import migrate
from models.bureau import Bureau
from models.database import Database, open_database
from models.group import Group
from models.membership import Membership
from models.person import Person
from models.record import Record
from models.school import School
from models.vocabulary import Basis, Flag, GroupKind, Role
from tests.roster.county import KEYRING, SETTING

DAY = date(2020, 2, 18)
NOW = datetime(2020, 2, 18, 3, 0, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url, KEYRING)
    migrate(opened, KEYRING)
    with opened.write() as session:
        session.add(Bureau(id=1, **SETTING))
        first, second = School(name="一小"), School(name="二小", full_names=True)
        group(session, first, "一班", {"甲一": Basis.STATED, "甲二": Basis.INFERRED})
        group(session, second, "一班", {"乙一": None, "乙二": Basis.STATED, "乙三": None}, flags=[Flag.FEVER])
        group(session, second, "二班", {"丙一": None})
        group(session, School(name="三小"), "空班", {})
    yield opened
    opened.close()


def group(
    session: Session, school: School, name: str, people: dict[str, Basis | None], flags: list[Flag] | None = None
) -> None:
    """A class with what is known of its pupils today; None: nothing."""
    made = Group(school=school, name=name, kind=GroupKind.CLASS)
    session.add(made)
    for pupil, basis in people.items():
        person = Person(name=pupil, name_digest=KEYRING.digest("name", pupil))
        session.add(Membership(group=made, person=person, role=Role.STUDENT))
        session.flush()
        if basis is not None:
            session.add(
                Record(
                    person_id=person.id,
                    day=DAY,
                    version=1,
                    basis=basis,
                    temperature=None,
                    flags=flags or [],
                    places=[],
                    messages=[],
                    evidence=[],
                )
            )


def test_the_county(database: Database) -> None:
    with database.write() as session:
        assert confirm(session, 1, DAY, NOW)
    with database.read() as session:
        facts = bureau_day(session, DAY)
        tomorrow = bureau_day(session, DAY + timedelta(days=1))
    assert (facts.county, facts.today.people.heard, facts.today.people.expected) == ("演示县", 3, 6)
    assert [(one.school, one.people.missing, one.zero) for one in facts.schools] == [
        ("一小", 0, True),
        ("二小", 3, False),
    ]
    assert [(unit.school, unit.group) for unit in facts.silent] == [("二小", "二班")]
    assert (facts.zero_confirmed, facts.yesterday) == (1, None)
    assert tomorrow.yesterday == facts.today
    assert (tomorrow.today.people.heard, tomorrow.zero_confirmed) == (0, 0)


def test_a_school(database: Database) -> None:
    with database.read() as session:
        facts = school_day(session, DAY, 2)
        empty = school_day(session, DAY, 3)
    assert (facts.school, facts.today.people.heard, facts.yesterday) == ("二小", 1, None)
    assert [(one.unit.group, one.people.heard) for one in facts.groups] == [("一班", 1), ("二班", 0)]
    assert [unit.group for unit in facts.silent] == ["二班"]
    assert (empty.school, empty.today.people.expected, empty.groups) == ("三小", 0, ())


def test_a_roll_call(database: Database) -> None:
    with database.read() as session:
        found = [roll(session, DAY, group_id) for group_id in (1, 2, 4)]
    assert found == [
        Roll("一班", GroupKind.CLASS, heard=2, missing=(), full_names=False),
        Roll("一班", GroupKind.CLASS, heard=1, missing=("乙一", "乙三"), full_names=True),
        Roll("空班", GroupKind.CLASS, heard=0, missing=(), full_names=False),
    ]
    assert "乙一" not in repr(found)

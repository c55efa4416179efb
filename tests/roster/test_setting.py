"""The setting of the county: what is read by it is read again when it changes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from bot.errors import NotPossible
from bot.reading.scene import Setting
from bot.roster.setting import Basis, save, setting
from bot.wiring import migrate
from models.bureau import Bureau
from models.database import Database, open_database
from models.group import Group, Revision
from models.school import School
from models.vocabulary import Cause, GroupKind
from tests.roster.county import KEYRING

NOW = datetime(2020, 2, 18, tzinfo=UTC)
HOME = Setting("演示县", "演示市", "辽宁省", date(2020, 1, 15), ("武汉市", "湖北省"))
BASIS = Basis("法定职责")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Migrated, with one group, without a setting."""
    opened = open_database(database_url, KEYRING)
    migrate(opened, KEYRING)
    with opened.write() as session:
        session.add(Group(school=School(name="一小"), name="一班", kind=GroupKind.CLASS, revision=3, stale=False))
    yield opened
    opened.close()


def saved(database: Database, one: Setting, basis: Basis = BASIS) -> bool:
    with database.write() as session:
        return save(session, one, basis, NOW)


def test_nobody_has_said_it_yet(database: Database) -> None:
    with database.read() as session, pytest.raises(NotPossible, match="先运行 jielong init"):
        setting(session)


@pytest.mark.parametrize(
    "other",
    [
        replace(HOME, home_county="别县"),
        replace(HOME, home_city="别市"),
        replace(HOME, home_province="别省"),
        replace(HOME, since=date(2020, 1, 20)),
        replace(HOME, risk_areas=("武汉市",)),
    ],
)
def test_a_change_has_every_group_read_again(database: Database, other: Setting) -> None:
    assert saved(database, HOME)
    assert not saved(database, HOME)
    assert saved(database, other)
    with database.read() as session:
        assert setting(session) == other
        group = session.scalars(select(Group)).one()
        steps = [(one.number, one.cause) for one in session.scalars(select(Revision).order_by(Revision.id))]
        assert (group.revision, group.stale, steps) == (5, True, [(4, Cause.SETTING), (5, Cause.SETTING)])


def test_another_basis_changes_no_reading(database: Database) -> None:
    saved(database, HOME)
    with database.write() as session:
        session.execute(update(Group).values(stale=False))
    assert saved(database, HOME, Basis("监护人同意", date(2020, 6, 30)))
    assert not saved(database, HOME, Basis("监护人同意", date(2020, 6, 30)))
    with database.read() as session:
        assert session.scalars(select(Group.stale)).all() == [False]
        bureau = session.scalars(select(Bureau)).one()
        assert (bureau.basis, bureau.basis_until) == ("监护人同意", date(2020, 6, 30))

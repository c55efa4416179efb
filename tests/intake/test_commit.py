"""Many requests share one commit; each is answered only when it is durable, and one that fails harms no other."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.errors import TryAgain
from bot.intake.commit import GroupCommit
from models.school import School
from tests.intake.county import KEYRING, County, small_county


@pytest.fixture
def county(database_url: str) -> Iterator[County]:
    county = small_county(database_url)
    yield county
    county.database.close()


def schools(county: County) -> int:
    with county.database.read() as session:
        return session.scalar(select(func.count()).select_from(School)) or 0


def add(name: str) -> "Adds":
    return Adds(name)


class Adds:
    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, session: Session) -> str:
        session.add(School(name=self.name))
        session.flush()
        return self.name


def test_what_waits_shares_a_commit(county: County) -> None:
    commits = []
    event.listen(county.database.engine, "commit", lambda _connection: commits.append(1))
    group = GroupCommit(county.database, KEYRING)
    futures = [group.submit(add(f"小学{number}")) for number in range(100)]
    group.start()
    assert [future.result(10) for future in futures] == [f"小学{number}" for number in range(100)]
    group.stop()
    assert len(commits) == 1
    assert schools(county) == 101


def test_one_that_fails_harms_no_other(county: County) -> None:
    group = GroupCommit(county.database, KEYRING)
    futures = [group.submit(add(name)) for name in ("甲小学", "演示小学", "乙小学")]  # the second is there already
    group.start()
    group.stop()
    assert [future.exception() is None for future in futures] == [True, False, True]
    assert schools(county) == 3


def test_a_store_that_is_gone_says_try_again(county: County) -> None:
    group = GroupCommit(county.database, KEYRING)
    group.start()

    def full(_session: Session) -> None:
        import pysqlite3.dbapi2  # noqa: PLC0415 - the driver's own error

        raise OperationalError("", {}, pysqlite3.dbapi2.OperationalError("database or disk is full"))

    with pytest.raises(TryAgain):
        group.submit(full).result(10)
    assert group.submit(add("丙小学")).result(10) == "丙小学", "it heals without a restart"
    group.stop()

"""Both databases are opened the way the promises need."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pysqlite3.dbapi2
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.wiring import is_migrated, migrate, migration_config
from models.database import Database, insert_new, is_unavailable, open_database, wal_is_safe
from models.heartbeat import Heartbeat
from models.schema import metadata
from models.school import School
from models.sealing import Keyring

RING = Keyring.of(b"a made-up secret of the tests, 32 bytes and more")
NOW = datetime(2020, 2, 18, 8, 1, 2, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    database = open_database(empty_database_url, RING)
    migrate(database, RING)
    yield database
    database.close()


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), True),  # before WAL
        ((3, 7, 0), False),
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 44, 9), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 0), True),
    ],
)
def test_wal_only_with_a_library_that_is_free_of_the_race(version: tuple[int, ...], safe: bool) -> None:  # noqa: FBT001
    assert wal_is_safe(version) is safe


def test_the_locked_library_is_safe() -> None:
    assert wal_is_safe(pysqlite3.dbapi2.sqlite_version_info)


def test_migrations_make_what_the_models_say(database: Database) -> None:
    assert is_migrated(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrations_go_back(database: Database) -> None:
    with database.migrating() as connection:
        config = migration_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert not is_migrated(database)
    migrate(database, RING)
    migrate(database, RING)  # once more changes nothing
    assert is_migrated(database)


def test_sqlite_is_durable_and_keeps_no_reader_waiting(database: Database) -> None:
    if not database.embedded:
        with database.read() as session:
            assert session.scalar(text("SHOW transaction_isolation")) == "repeatable read"
        return
    with database.read() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA synchronous")) == 2  # FULL
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.execute(text("SELECT count(*) FROM school")).scalar() == 0
        with database.write() as other:
            other.add(School(name="演示小学"))
        assert session.execute(text("SELECT count(*) FROM school")).scalar() == 0, "its view was taken before"


def test_a_second_writer_waits_for_the_first(database: Database) -> None:
    """Each reads before it writes: with SQLite's usual DEFERRED, the later one is told that the database is locked."""

    def write(number: int) -> None:
        for turn in range(20):
            with database.write() as session:
                session.execute(text("SELECT count(*) FROM school")).scalar()
                session.add(School(name=f"小学{number}-{turn}"))

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(write, number) for number in range(2)]:
            done.result()
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM school")).scalar() == 40


def test_a_reader_cannot_write_on_postgresql(database: Database) -> None:
    if database.embedded:
        with database.write() as session:
            assert insert_new(session, School, {"name": "甲小学"}) is not None
            assert insert_new(session, School, {"name": "甲小学"}) is None
        return
    with database.read() as session:
        session.add(School(name="甲小学"))
        with pytest.raises(DBAPIError):
            session.flush()


def test_instants_come_back_as_they_went(database: Database) -> None:
    with database.write() as session:
        session.add(Heartbeat(id=1, at=NOW))
    with database.read() as session:
        kept = session.get_one(Heartbeat, 1).at
    assert (kept, kept.tzinfo) == (NOW, UTC)


def test_a_naive_instant_is_a_mistake(database: Database) -> None:
    with pytest.raises(Exception, match="time zone"), database.write() as session:
        session.add(Heartbeat(id=1, at=NOW.replace(tzinfo=None)))


def test_an_absent_database_is_told_from_a_wrong_statement(database: Database) -> None:
    with pytest.raises(DBAPIError) as wrong, database.read() as session:
        session.execute(text("SELECT nonsense FROM nowhere WHERE 1 = 'x' AND"))
    absent = open_database("postgresql://nobody@127.0.0.1:1/nothing", RING)
    with pytest.raises(OperationalError) as gone, absent.read() as session:
        session.execute(text("SELECT 1"))
    assert is_unavailable(gone.value)
    assert database.embedded or not is_unavailable(wrong.value)

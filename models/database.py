"""Opening the database: SQLite by default, PostgreSQL when one machine is not enough. The same code path for both.

SQLite comes from the locked wheel `pysqlite3`: the system's library may have the WAL-reset race (fixed in 3.51.3,
with backports 3.44.6 and 3.50.7; sqlite.org/changes.html). Writers begin IMMEDIATE, since a transaction that reads
first and writes later fails under a second writer; readers begin deferred and keep nobody waiting.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pysqlite3.dbapi2
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from models.schema import Base  # every table, since a foreign key may point to any
from models.sealing import Keyring, give_keys

IDS_A_STATEMENT = 500  # far below the number of parameters that both databases take
BUSY_TIMEOUT_MS = 4_000  # below the 5 s after which the platforms give up on a callback
MIGRATION_LOCK = 20200219  # of PostgreSQL, for all that migrate this product's databases
WAL_SAFE = (3, 51, 3)
WAL_BACKPORTS = ((3, 44, 6), (3, 50, 7))


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset race (introduced in 3.7.0)."""
    return (
        version < (3, 7, 0)
        or version >= WAL_SAFE
        or any(low[:2] == version[:2] and version >= low for low in WAL_BACKPORTS)
    )


class BrokenReferences(Exception):
    """A migration would leave rows that refer to nothing; it was rolled back."""


@dataclass(frozen=True, slots=True)
class Database:
    """An opened database: read() and write() are the only ways to a session."""

    engine: Engine
    journal_mode: str | None  # of SQLite: WAL, or TRUNCATE where the library is not safe; None on PostgreSQL

    @property
    def embedded(self) -> bool:
        """Whether this is SQLite, where one process writes at a time."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent view; nothing may be written."""
        engine = self.engine.execution_options(jielong_reads=True)
        if not self.embedded:
            engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with Session(engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed where the block ends, rolled back where it raises."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def hold(self) -> Iterator[Session]:
        """One transaction that whoever holds it commits; rolled back where nobody does."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """One transaction for a change of the schema; no two at a time, and tables may be rebuilt."""
        engine = self.engine.execution_options(jielong_migrates=True)
        try:
            with engine.begin() as connection:
                if not self.embedded:
                    connection.execute(select(func.pg_advisory_xact_lock(MIGRATION_LOCK)))
                yield connection
                if self.embedded and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise BrokenReferences("rows refer to rows that the migration has taken away")
        finally:
            self.engine.dispose()  # with the connection whose foreign keys are off

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def open_database(url: str, keyring: Keyring) -> Database:
    """Open `sqlite:///…` or `postgresql://…`; connects only when first used."""
    address = make_url(url)
    journal = None
    if address.get_backend_name() == "sqlite":
        journal = "WAL" if wal_is_safe(pysqlite3.dbapi2.sqlite_version_info) else "TRUNCATE"
    engine = _sqlite(address, journal) if journal else _postgresql(address)
    give_keys(engine.dialect, keyring)
    return Database(engine, journal)


def insert_new(session: Session, table: type[Base], values: Mapping[str, Any]) -> int | None:
    """Insert a row unless a unique key already has it; the new row's id, or None where it was there."""
    insert = postgresql.insert(table) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(table)
    statement = insert.values(**values).on_conflict_do_nothing().returning(table.__table__.c.id)
    new: int | None = session.execute(statement).scalar_one_or_none()
    return new


def is_unavailable(error: Exception) -> bool:
    """Whether the store, not the statement, is at fault: absent, full, locked, read-only or broken; later may help."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError) or is_contention(error):
        return False
    return error.connection_invalidated or isinstance(error.orig, _STORE) or type(error.orig) in _BROKEN


def is_contention(error: Exception) -> bool:
    """Whether two writers of PostgreSQL were in each other's way: the same again, at once, will do."""
    return isinstance(error, DBAPIError) and isinstance(error.orig, _CONTENTION)


_STORE = (pysqlite3.dbapi2.OperationalError, psycopg.OperationalError, psycopg.InternalError)
_BROKEN = (pysqlite3.dbapi2.DatabaseError, psycopg.DatabaseError)  # themselves, not what is derived from them
_CONTENTION = (psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable, psycopg.errors.SerializationFailure)


def _sqlite(address: URL, journal: str) -> Engine:
    engine = create_engine(
        address.set(drivername="sqlite"),
        module=pysqlite3.dbapi2,
        pool_size=8,
        max_overflow=8,
        hide_parameters=True,  # an error must not say what was said
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver has no types
        connection.isolation_level = None  # the driver would begin DEFERRED on its own; see begin()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            f"journal_mode={journal}",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("jielong_migrates", False):  # SQLite changes a table by making it anew and dropping the old one
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN" if options.get("jielong_reads", False) else "BEGIN IMMEDIATE")

    return engine


def _postgresql(address: URL) -> Engine:
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        hide_parameters=True,
        pool_size=8,
        max_overflow=8,
        connect_args={
            "connect_timeout": 3,
            "tcp_user_timeout": 10_000,  # ms; a server that is gone without a word
            "options": "-c timezone=UTC -c lock_timeout=4s",
        },
    )

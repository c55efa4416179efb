"""The rooms that a command works in."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy.exc import DBAPIError

from bot.wiring import Rooms, expect_ready, open_rooms
from models.database import is_unavailable

log = structlog.get_logger()


@contextmanager
def ready_rooms() -> Iterator[Rooms]:
    """The rooms of the environment, closed at the end; raises Explained where the database is not ready."""
    with open_rooms() as rooms:
        expect_ready(rooms)
        yield rooms


def expect_ready_or_absent(rooms: Rooms) -> None:
    """For a role: refuse another schema and other keys; an absent database is no reason, it may come back."""
    if rooms.database.journal_mode == "TRUNCATE":
        log.warning("this SQLite library may corrupt a WAL, so readers wait for writers: install pysqlite3 >= 0.6.1")
    try:
        expect_ready(rooms)
    except DBAPIError as error:
        if not is_unavailable(error):
            raise
        log.warning("database not available yet", error=type(error.orig).__name__)

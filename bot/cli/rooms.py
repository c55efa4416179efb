"""The rooms that a command works in."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.wiring import Rooms, expect_schema, open_rooms


@contextmanager
def ready_rooms() -> Iterator[Rooms]:
    """The rooms of the environment, closed at the end; raises NotPossible where the database has not been set up."""
    with open_rooms() as rooms:
        expect_schema(rooms.database)
        yield rooms

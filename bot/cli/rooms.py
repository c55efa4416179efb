"""The rooms that a command works in."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.wiring import Rooms, expect_ready, open_rooms


@contextmanager
def ready_rooms() -> Iterator[Rooms]:
    """The rooms of the environment, closed at the end; raises Explained where the database is not ready."""
    with open_rooms() as rooms:
        expect_ready(rooms)
        yield rooms

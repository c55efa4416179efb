"""The rooms that a command works in."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import NotPossible
from bot.wiring import Rooms, build_rooms, is_migrated


@contextmanager
def open_rooms() -> Iterator[Rooms]:
    """The rooms of the environment, closed at the end; raises NotPossible where the database has not been set up."""
    rooms = build_rooms()
    try:
        if not is_migrated(rooms.database):
            raise NotPossible("数据库尚未初始化或版本不符，请先运行 jielong init")
        yield rooms
    finally:
        rooms.database.close()

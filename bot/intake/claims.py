"""Claims: which group is read next, and by whom.

A group is claimed, not a message, since inside a group order matters. On PostgreSQL a claim is the group's row lock
(`FOR NO KEY UPDATE SKIP LOCKED`),
held while it is read. On SQLite the one worker holds a file lock instead, reads outside any
transaction, and checks the group's revision when it begins to write, so that it never keeps intake waiting.
"""

import fcntl
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from models.database import Database
from models.group import Group
from models.message import InboxMessage
from models.vocabulary import MessageState

_WAITS = (InboxMessage.group_id == Group.id, InboxMessage.state == MessageState.WAITING)


class Superseded(Exception):
    """The group's inputs changed while it was read; nothing was written, it must be read again."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to read one group's inputs and to write what follows from them."""

    group_id: int
    revision: int
    stale: bool
    _database: Database = field(repr=False)
    _held: Session | None = field(repr=False)  # PostgreSQL: the transaction that holds the row lock

    @contextmanager
    def look(self) -> Iterator[Session]:
        """A session to read the group's inputs with."""
        if self._held is not None:
            yield self._held
        else:
            with self._database.read() as session:
                yield session

    @contextmanager
    def settle(self) -> Iterator[Session]:
        """The transaction that writes all that follows; raises Superseded where the revision has moved on."""
        if self._held is not None:
            yield self._held
            self._held.commit()  # here, so that whoever remembers what was written remembers what is durable
            return
        with self._database.write() as session:
            if session.scalar(select(Group.revision).where(Group.id == self.group_id)) != self.revision:
                raise Superseded
            yield session


@contextmanager
def claim(database: Database, only: Collection[int] | None = None, but: Collection[int] = ()) -> Iterator[Claim | None]:
    """The group whose oldest waiting message has waited longest, or None; among `only` and none of `but`."""
    wanted = _next_group(only, but)
    if database.embedded:
        with database.read() as session:
            row = session.execute(wanted).first()
        yield None if row is None else Claim(*row, database, None)
        return
    with database.hold() as session:
        # NO KEY UPDATE: intake's inserts take the group's KEY SHARE lock, which a plain FOR UPDATE would hold up.
        row = session.execute(wanted.with_for_update(skip_locked=True, of=Group, key_share=True)).first()
        yield None if row is None else Claim(*row, database, session)


def waiting_groups(session: Session, among: Collection[int]) -> set[int]:
    """Those of some groups that must be read, whoever holds them."""
    return set(session.scalars(select(Group.id).where(Group.id.in_(among), or_(Group.stale, exists().where(*_WAITS)))))


def _next_group(only: Collection[int] | None, but: Collection[int]) -> Select[int, int, bool]:
    oldest = select(func.min(InboxMessage.id)).where(*_WAITS).correlate(Group).scalar_subquery()
    wanted = select(Group.id, Group.revision, Group.stale).where(or_(Group.stale, exists().where(*_WAITS)))
    if only is not None:
        wanted = wanted.where(Group.id.in_(only))
    if but:
        wanted = wanted.where(Group.id.not_in(but))
    return wanted.order_by(oldest.nulls_last()).limit(1)


@contextmanager
def only_reader(lock: Path) -> Iterator[None]:
    """Be the one reader of a SQLite database; waits until the one before is gone. The kernel frees it at any death."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)

"""The log of a group's messages: what the fold reads, and what became of each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from bot.reading.scene import Message
from bot.records.stored import message_name
from models.audit import AuditRow
from models.database import Database
from models.message import InboxMessage
from models.vocabulary import AuditAct, MessageState

MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Logged:
    """A message of the log: the row, and the message as the reader gets it."""

    id: int
    message: Message
    waiting: bool
    open: bool  # fixed when it arrived
    day: date
    arrived_at: datetime
    attempts: int


def waiting(session: Session, group_id: int, zone: ZoneInfo, most: int | None = None) -> list[Logged]:
    """The group's messages that wait to be read, the earliest `most` of them; None: all."""
    return _logged(session, group_id, zone, InboxMessage.state == MessageState.WAITING, most)


def already_read(session: Session, group_id: int, since: date, zone: ZoneInfo) -> list[Logged]:
    """The group's messages of `since` and later that were read, but those whose days were closed when they arrived."""
    done = InboxMessage.state == MessageState.DONE
    return _logged(session, group_id, zone, done & InboxMessage.open & (InboxMessage.day >= since))


def finish(session: Session, read: Collection[int], harmless: Collection[int]) -> None:
    """Mark messages as read, and others as tried without harm, in the transaction that writes what they say."""
    ids = {*read, *harmless}
    session.execute(update(InboxMessage).where(InboxMessage.id.in_(ids), InboxMessage.attempts > 0).values(attempts=0))
    session.execute(
        update(InboxMessage)
        .where(InboxMessage.id.in_(read), InboxMessage.state == MessageState.WAITING)
        .values(state=MessageState.DONE)
    )


def attempt(database: Database, message_id: int, before: int | None) -> None:
    """Commit that a message is about to be tried, and that the one before it did no harm."""
    with database.write() as session:
        if before is not None:
            session.execute(update(InboxMessage).where(InboxMessage.id == before).values(attempts=0))
        session.execute(
            update(InboxMessage).where(InboxMessage.id == message_id).values(attempts=InboxMessage.attempts + 1)
        )


def take_back(database: Database, message_id: int) -> None:
    """Undo an attempt that ended otherwise than by the reader's death."""
    with database.write() as session:
        session.execute(
            update(InboxMessage).where(InboxMessage.id == message_id).values(attempts=InboxMessage.attempts - 1)
        )


def park(session: Session, message_id: int, now: datetime) -> None:
    """Set a message aside for a person: readers died of it."""
    channel, chat_digest = session.execute(
        update(InboxMessage)
        .where(InboxMessage.id == message_id)
        .values(state=MessageState.PARKED)
        .returning(InboxMessage.channel, InboxMessage.chat_digest)
    ).one()
    session.add(AuditRow(at=now, act=AuditAct.PARKED, channel=channel, chat_digest=chat_digest, message_id=message_id))


def _logged(
    session: Session, group_id: int, zone: ZoneInfo, which: ColumnElement[bool], most: int | None = None
) -> list[Logged]:
    at = func.coalesce(InboxMessage.sent_at, InboxMessage.arrived_at)
    rows = session.scalars(
        select(InboxMessage).where(InboxMessage.group_id == group_id, which).order_by(at, InboxMessage.id).limit(most)
    )
    return [logged(row, zone) for row in rows]


def logged(row: InboxMessage, zone: ZoneInfo) -> Logged:
    """A row as the fold takes it."""
    return Logged(
        id=row.id,
        message=Message(
            id=message_name(row),
            at=(row.sent_at or row.arrived_at).astimezone(zone),
            sender=row.sender_name or "",
            account=row.sender.casefold() or None,  # as the roster keeps accounts; a copied text tells none
            text=row.text,
        ),
        waiting=row.state == MessageState.WAITING,
        open=row.open,
        day=row.day,
        arrived_at=row.arrived_at,
        attempts=row.attempts,
    )

"""Quarantine: messages whose signature is right and whose clock is wrong, until a person has looked at them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.audit import AuditRow
from models.message import InboxMessage
from models.vocabulary import AuditAct, MessageState


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message in quarantine; its text is not shown to who looks after the clock."""

    id: int
    channel: str
    arrived_at: datetime
    sent_at: datetime | None


def listed(session: Session) -> list[Quarantined]:
    """All messages in quarantine, oldest first."""
    rows = session.execute(
        select(InboxMessage.id, InboxMessage.channel, InboxMessage.arrived_at, InboxMessage.sent_at)
        .where(InboxMessage.state == MessageState.QUARANTINED)
        .order_by(InboxMessage.id)
    )
    return [Quarantined(*row) for row in rows]


def release(session: Session, ids: Sequence[int], now: datetime) -> int:
    """Let messages in, to be read like any other; how many of them were in quarantine."""
    released = session.execute(
        update(InboxMessage)
        .where(InboxMessage.id.in_(ids), InboxMessage.state == MessageState.QUARANTINED)
        .values(state=MessageState.WAITING)
        .returning(InboxMessage.id, InboxMessage.channel, InboxMessage.chat_digest)
    ).all()
    session.add_all(
        AuditRow(at=now, act=AuditAct.RELEASED, channel=channel, chat_digest=chat_digest, message_id=message_id)
        for message_id, channel, chat_digest in released
    )
    return len(released)

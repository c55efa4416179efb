"""Quarantine: messages whose signature is right and whose clock is wrong, until a person has looked at them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.message import InboxMessage
from models.vocabulary import MessageState


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

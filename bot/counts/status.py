"""How the product is doing: what came in, what waits, what goes out. Counts only."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models.chat import Unbound
from models.delivery import Delivery
from models.message import InboxMessage
from models.vocabulary import DeliveryState, MessageState


@dataclass(frozen=True, slots=True)
class Inbox:
    """Messages by what became of them; received = waiting + done + parked."""

    received: int
    waiting: int
    done: int
    parked: int
    quarantined: int
    unbound: int  # of chats that are bound to nothing; only counted


@dataclass(frozen=True, slots=True)
class Outbox:
    """Deliveries by state."""

    due: int
    sent: int
    unknown: int
    dead: int


@dataclass(frozen=True, slots=True)
class Status:
    """What `jielong status` shows."""

    inbox: Inbox
    outbox: Outbox
    oldest_waiting_s: float  # how long the message that waits longest has been waiting; 0 where none does
    schema: str  # revision of the database

    def as_json(self) -> dict[str, object]:
        """The status as one JSON object."""
        return asdict(self)


def status(session: Session, now: datetime) -> Status:
    """How things stand in the session's view of the database."""
    messages: dict[str, int] = dict(
        session.execute(select(InboxMessage.state, func.count()).group_by(InboxMessage.state)).all()
    )
    deliveries: dict[str, int] = dict(
        session.execute(select(Delivery.state, func.count()).group_by(Delivery.state)).all()
    )
    oldest = session.scalar(select(func.min(InboxMessage.arrived_at)).where(InboxMessage.state == MessageState.WAITING))
    waiting, done, parked = (
        messages.get(state, 0) for state in (MessageState.WAITING, MessageState.DONE, MessageState.PARKED)
    )
    return Status(
        inbox=Inbox(
            received=waiting + done + parked,
            waiting=waiting,
            done=done,
            parked=parked,
            quarantined=messages.get(MessageState.QUARANTINED, 0),
            unbound=session.scalar(select(func.coalesce(func.sum(Unbound.messages), 0))) or 0,
        ),
        outbox=Outbox(**{state.value: deliveries.get(state, 0) for state in DeliveryState}),
        oldest_waiting_s=0.0 if oldest is None else max(0.0, round((now - oldest).total_seconds(), 3)),
        schema=session.execute(text("SELECT version_num FROM alembic_version")).scalar_one(),
    )

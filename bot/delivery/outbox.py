"""The outbox: what is decided to be said is a row, written in the transaction that decides it, and sent afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.delivery import Delivery
from models.vocabulary import DeadBecause, DeliveryKind, DeliveryState


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message in the outbox."""

    delivery_id: int
    state: DeliveryState
    """DUE: it is left for later."""
    why: DeadBecause | None = None
    """Why it is DEAD; None in every other state."""


def post(
    session: Session,
    binding_id: int,
    kind: DeliveryKind,
    text: str,
    *,
    due_at: datetime,
    deadline_at: datetime,
    slot_id: int | None = None,
    mentions: Sequence[str] = (),
) -> int:
    """Put a message into the outbox; the new row's id.

    It goes to the chat of the binding, and to nobody if that binding has ended by then. `deadline_at`: it is worth
    nothing after. `mentions`: platform ids of who is to be told apart from the text.
    """
    delivery = Delivery(
        binding_id=binding_id,
        slot_id=slot_id,
        kind=kind,
        text=text,
        mentions="\n".join(mentions) or None,
        state=DeliveryState.DUE,
        due_at=due_at,
        deadline_at=deadline_at,
    )
    session.add(delivery)
    session.flush()
    return delivery.id

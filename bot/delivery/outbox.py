"""The outbox: what is decided to be said is a row, written in the transaction that decides it, and sent afterwards."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.roster.robots import OF_GROUP, OF_SCHOOL, WHOSE, whose
from models.chat import Binding
from models.database import IDS_A_STATEMENT
from models.delivery import Delivery
from models.group import Group
from models.school import School
from models.slot import Slot
from models.vocabulary import DeadBecause, DeliveryKind, DeliveryState


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message in the outbox."""

    delivery_id: int
    state: DeliveryState
    """DUE: it is left for later."""
    why: DeadBecause | None = None
    """Why it is DEAD; None in every other state."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message in the outbox, for a person."""

    kind: DeliveryKind
    whose: str  # the unit that it goes to, as people call it
    due_at: datetime  # of its occurrence


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


def posted(session: Session, delivery_ids: Collection[int]) -> dict[int, Posted]:
    """What stands in the outbox under these ids."""
    ids = sorted(delivery_ids)
    rows = (
        row
        for start in range(0, len(ids), IDS_A_STATEMENT)
        for row in session.execute(
            select(Delivery.id, Delivery.kind, func.coalesce(Slot.due_at, Delivery.due_at).label("due_at"), *WHOSE)
            .join(Binding, Delivery.binding_id == Binding.id)
            .outerjoin(Slot, Delivery.slot_id == Slot.id)
            .outerjoin(Group, OF_GROUP)
            .outerjoin(School, OF_SCHOOL)
            .where(Delivery.id.in_(ids[start : start + IDS_A_STATEMENT]))
        )
    )
    return {row.id: Posted(DeliveryKind(row.kind), whose(row.group, row.school), row.due_at) for row in rows}

"""The outbox: messages on their way out."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Id, Ref, Sealed


class Delivery(Base):
    """One outgoing message, from due to sent, unknown or dead.

    What is written before a message is handed over is what is true if nobody ever writes again: a reminder is unknown
    by then, a digest is due again a little later.
    """

    __tablename__ = "delivery"
    __table_args__ = (Index("ix_delivery_state_due_at", "state", "due_at"), Index(None, "binding_id", "tried_at"))

    id: Mapped[Id]
    binding_id: Mapped[Ref] = mapped_column(ForeignKey("binding.id"))
    slot_id: Mapped[Ref | None] = mapped_column(ForeignKey("slot.id"), index=True)
    kind: Mapped[Code]  # DeliveryKind
    text: Mapped[Sealed]
    mentions: Mapped[Sealed | None]  # platform ids, one a line
    state: Mapped[Code]  # DeliveryState
    due_at: Mapped[datetime]  # not before; moves on with every try
    deadline_at: Mapped[datetime]  # worth nothing after
    attempts: Mapped[int] = mapped_column(default=0)
    in_doubt: Mapped[bool] = mapped_column(default=False)  # handed over, and no answer says what became of that
    tried_at: Mapped[datetime | None]  # its answer, or the latest instant for one: against the platform's limit
    sent_at: Mapped[datetime | None]
    why: Mapped[Code | None]  # DeadBecause

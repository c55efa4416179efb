"""The outbox: messages on their way out."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Id, Ref, Sealed


class Delivery(Base):
    """One outgoing message, from due to sent, unknown or dead."""

    __tablename__ = "delivery"
    __table_args__ = (Index("ix_delivery_state_due_at", "state", "due_at"),)

    id: Mapped[Id]
    binding_id: Mapped[Ref] = mapped_column(ForeignKey("binding.id"))
    text: Mapped[Sealed]
    state: Mapped[Code]  # DeliveryState
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

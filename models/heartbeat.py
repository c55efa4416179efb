"""A row to write to: only a write shows that writes are possible."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from models.base import Base, Id


class Heartbeat(Base):
    """When the store last took a write of the readiness check. One row."""

    __tablename__ = "heartbeat"

    id: Mapped[Id]
    at: Mapped[datetime]

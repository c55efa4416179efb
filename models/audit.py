"""What must be traceable: refused claims to a chat, quarantined messages, releases."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from models.base import Base, Code, Digest, Id, Ref


class AuditRow(Base):
    """Who did or tried what, by ids only; append-only."""

    __tablename__ = "audit"

    id: Mapped[Id]
    at: Mapped[datetime]
    act: Mapped[Code]  # AuditAct
    channel: Mapped[Code | None]
    chat_digest: Mapped[Digest | None]
    message_id: Mapped[Ref | None]

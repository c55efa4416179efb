"""Chats: what a conversation on a channel is bound to, from when until when."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Digest, Id, Ref, Sealed


class Binding(Base):
    """A chat is bound to a group, a school or (neither) the bureau; at most one binding of a chat holds at a time."""

    __tablename__ = "binding"
    __table_args__ = (
        Index(
            "uq_binding_open",
            "channel",
            "chat_digest",
            unique=True,
            sqlite_where=text("until_at IS NULL"),
            postgresql_where=text("until_at IS NULL"),
        ),
        Index(None, "chat_digest"),
        CheckConstraint("group_id IS NULL OR school_id IS NULL", name="one_target"),
    )

    id: Mapped[Id]
    channel: Mapped[Code]  # "wecom-bot", "gateway/NAME", "wecom-robot" …
    chat: Mapped[Sealed]
    chat_digest: Mapped[Digest]
    group_id: Mapped[Ref | None] = mapped_column(ForeignKey("groups.id"))
    school_id: Mapped[Ref | None] = mapped_column(ForeignKey("school.id"))
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]  # since when the platform knows no such robot; None: it does


class Unbound(Base):
    """How many messages came from chats that are bound to nothing; nothing of them is kept."""

    __tablename__ = "unbound"

    channel: Mapped[Code] = mapped_column(primary_key=True)
    messages: Mapped[int]

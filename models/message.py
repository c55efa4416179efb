"""The inbox: one thing that arrived, kept raw as received."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Digest, Id, Ref, Sealed


class InboxMessage(Base):
    """A text of a bound chat, unique by channel, chat, platform id and what it says."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("channel", "chat_digest", "platform_digest", "content_digest", name="uq_message_identity"),
        Index("ix_message_group_day", "group_id", "day"),
        Index(
            "ix_message_waiting",
            "group_id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_message_state", "state"),
    )

    id: Mapped[Id]
    channel: Mapped[Code]
    chat_digest: Mapped[Digest]
    platform_id: Mapped[Sealed]
    platform_digest: Mapped[Digest]
    content_digest: Mapped[Digest]  # of sender, time and text: a gateway whose ids begin again loses nothing
    group_id: Mapped[Ref] = mapped_column(ForeignKey("groups.id"))
    sender: Mapped[Sealed]  # platform id
    sender_name: Mapped[Sealed | None]
    text: Mapped[Sealed]
    quoted: Mapped[Sealed | None]  # what the message quotes: of an unknown author and time
    sent_at: Mapped[datetime | None]  # None where the platform gives no time; then arrived_at orders
    arrived_at: Mapped[datetime]
    day: Mapped[date]  # the school-local date of sent_at, else of arrived_at
    open: Mapped[bool]  # whether that day was open when the message arrived
    state: Mapped[Code]  # MessageState
    attempts: Mapped[int] = mapped_column(default=0)  # made after a reader died over this group

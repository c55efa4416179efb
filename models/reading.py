"""Readings: what one message says about one member for one day."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Digest, Document, Id, Ref, Strings


class MemberReading(Base):
    """One reading, with its statements; the record of a person and day is merged from all of these."""

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint("group_id", "key"),
        Index("ix_reading_person_day", "person_id", "day"),
        Index("ix_reading_message", "message_id"),
    )

    id: Mapped[Id]
    group_id: Mapped[Ref] = mapped_column(ForeignKey("groups.id"))
    membership_id: Mapped[Ref] = mapped_column(ForeignKey("membership.id"))
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    message_id: Mapped[Ref] = mapped_column(ForeignKey("message.id"))
    day: Mapped[date]
    key: Mapped[Digest]  # of the reader's key, which is stable: the same text read again is the same row
    at: Mapped[datetime]
    basis: Mapped[Code]  # Basis
    statements: Mapped[Document]  # topic, value, context, span, rule; no words of the text
    start: Mapped[int]
    end: Mapped[int]
    replaces: Mapped[Strings]  # topics
    retracts: Mapped[Strings]  # hex keys

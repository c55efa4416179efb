"""The health record of a person and a day, with every earlier version."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Celsius, Code, Document, Id, Ref, Refs, Strings


class Record(Base):
    """What is known of one person on one school-local day; temperature NULL: none was stated."""

    __tablename__ = "record"
    __table_args__ = (UniqueConstraint("person_id", "day"), Index(None, "day"))

    id: Mapped[Id]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    day: Mapped[date]
    version: Mapped[int]
    basis: Mapped[Code | None]  # Basis; NULL where no record stands any more
    temperature: Mapped[Celsius | None]
    flags: Mapped[Strings]  # Flag, sorted
    places: Mapped[Strings]
    messages: Mapped[Refs]  # that it comes from, in their order
    evidence: Mapped[Document]  # for each value: what, value, message's row, membership, start, end, rule


class RecordVersion(Base):
    """A record as it stood from `at` on, and why it came to be."""

    __tablename__ = "record_version"
    __table_args__ = (UniqueConstraint("record_id", "number"),)

    id: Mapped[Id]
    record_id: Mapped[Ref] = mapped_column(ForeignKey("record.id"))
    number: Mapped[int]  # from 1
    at: Mapped[datetime]
    reason: Mapped[Code]  # VersionReason
    basis: Mapped[Code | None]
    temperature: Mapped[Celsius | None]
    flags: Mapped[Strings]
    places: Mapped[Strings]
    messages: Mapped[Refs]
    evidence: Mapped[Document]

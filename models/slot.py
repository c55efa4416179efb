"""Slots: which due occurrences of jobs were done. The unique row decides who fires, whatever runs or dies."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from models.base import Base, Code, Id


class Slot(Base):
    """One due occurrence of a job. Its ordinal, not its time, names it: moving 09:00 to 09:15 does not fire twice."""

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint("kind", "unit", "day", "ordinal"), UniqueConstraint("kind", "unit", "serial"))

    id: Mapped[Id]
    kind: Mapped[Code]  # JobKind
    unit: Mapped[Code]  # "bureau", "school/ID", "group/ID"
    day: Mapped[date]  # school-local
    ordinal: Mapped[int]  # of the day, from 0
    due_at: Mapped[datetime]
    decided_at: Mapped[datetime]
    outcome: Mapped[Code]  # SlotOutcome
    serial: Mapped[int | None]  # of a digest, from 1 for each unit: the number in its text

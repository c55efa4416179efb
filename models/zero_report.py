"""Zero reports (零报告): who is complete and has nothing to report says so."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Ref


class ZeroReport(Base):
    """Somebody at the bureau has confirmed that a school had nothing to report on a day."""

    __tablename__ = "zero_report"
    __table_args__ = (UniqueConstraint("school_id", "day"),)

    id: Mapped[Id]
    school_id: Mapped[Ref] = mapped_column(ForeignKey("school.id"))
    day: Mapped[date]
    confirmed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

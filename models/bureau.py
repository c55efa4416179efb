"""The setting of a deployment: one county."""

from datetime import date

from sqlalchemy.orm import Mapped

from models.base import Base, Id, Label, Strings


class Bureau(Base):
    """What the county calls home and risk, and on what legal basis it collects. One row."""

    __tablename__ = "bureau"

    id: Mapped[Id]
    county: Mapped[Label]
    city: Mapped[Label]
    province: Mapped[Label]
    since: Mapped[date]  # travel and contact count from this day on
    risk_areas: Mapped[Strings]
    basis: Mapped[Label]
    basis_until: Mapped[date | None]  # last day on which the basis holds

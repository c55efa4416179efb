"""A school of the county."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from models.base import Base, Id, Label


class School(Base):
    """A school, or the bureau's own office."""

    __tablename__ = "school"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Id]
    name: Mapped[Label]

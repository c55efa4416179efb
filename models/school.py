"""A school of the county."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Label


class School(Base):
    """A school, or the bureau's own office."""

    __tablename__ = "school"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[Id]
    name: Mapped[Label]
    full_names: Mapped[bool] = mapped_column(default=False)  # its group chats name who is missing in full, not 王*明

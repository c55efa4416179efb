"""A class or staff group: the unit that answers chains, and the log of its inputs."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Code, Id, Label, Ref, Strings
from models.school import School


class Group(Base):
    """A group of a school. `revision` counts the inputs that were read; a result of an older one is never written."""

    __tablename__ = "groups"  # GROUP is a word of SQL
    __table_args__ = (UniqueConstraint("school_id", "name"),)

    id: Mapped[Id]
    school_id: Mapped[Ref] = mapped_column(ForeignKey("school.id"))
    name: Mapped[Label]
    kind: Mapped[Code]  # GroupKind
    revision: Mapped[int] = mapped_column(default=0)
    stale: Mapped[bool] = mapped_column(default=False)  # roster or setting changed: the open days must be read again
    remind_at: Mapped[Strings | None]  # local times of its reminders, "09:00"; None: the usual ones, []: none

    school: Mapped[School] = relationship(lazy="joined")


class Revision(Base):
    """One step of a group's log: which input came, when it was read."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("group_id", "number"),)

    id: Mapped[Id]
    group_id: Mapped[Ref] = mapped_column(ForeignKey("groups.id"))
    number: Mapped[int]
    cause: Mapped[Code]  # Cause
    at: Mapped[datetime]

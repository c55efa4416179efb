"""People: one human in the county, known once; guardians, who speak for students."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Code, Digest, Id, Ref, Sealed


class Person(Base):
    """A human in the county's care, known once by 学号 or 工号, else by the group that they were imported in."""

    __tablename__ = "person"
    __table_args__ = (Index("uq_person_number", "number_digest", unique=True), Index(None, "name_digest"))

    id: Mapped[Id]
    name: Mapped[Sealed]
    name_digest: Mapped[Digest]
    number: Mapped[Sealed | None]  # 学号 or 工号
    number_digest: Mapped[Digest | None]
    sex: Mapped[Code | None]
    born_on: Mapped[Sealed | None]  # ISO date
    phone: Mapped[Sealed | None]

    guardians: Mapped[list["Guardian"]] = relationship(back_populates="person")


class Guardian(Base):
    """Who speaks for a student, as the roster names them."""

    __tablename__ = "guardian"

    id: Mapped[Id]
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[Sealed | None]
    phone: Mapped[Sealed | None]

    person: Mapped[Person] = relationship(back_populates="guardians")

"""The seal: by which it is known whether the keys in use are those of the database."""

from sqlalchemy.orm import Mapped

from models.base import Base, Digest, Id


class Seal(Base):
    """The keyed digest of a text that everybody knows. One row, written when the database is made."""

    __tablename__ = "seal"

    id: Mapped[Id]
    digest: Mapped[Digest]

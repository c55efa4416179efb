"""Signing in: links that are spent once, and the sessions that they begin."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Code, Digest, Id, Ref


class SignInLink(Base):
    """A link that signs somebody in once. The database knows a keyed digest of its secret, never the secret."""

    __tablename__ = "sign_in_link"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[Id]
    digest: Mapped[Digest]
    role: Mapped[Code]  # UserRole
    school_id: Mapped[Ref | None] = mapped_column(ForeignKey("school.id"))  # of a school
    group_id: Mapped[Ref | None] = mapped_column(ForeignKey("groups.id"))  # of a teacher
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]


class WebSession(Base):
    """Somebody signed in on one device. Ended by sign-out, by time, or by whoever ends it here."""

    __tablename__ = "web_session"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[Id]
    digest: Mapped[Digest]  # of the cookie's secret
    link_id: Mapped[Ref] = mapped_column(ForeignKey("sign_in_link.id"))
    role: Mapped[Code]  # UserRole
    school_id: Mapped[Ref | None] = mapped_column(ForeignKey("school.id"))
    group_id: Mapped[Ref | None] = mapped_column(ForeignKey("groups.id"))
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # at the latest
    ended_at: Mapped[datetime | None]

"""A person in a group, and the platform accounts that are confirmed to speak for them there."""

from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Code, Digest, Id, Label, Ref, Sealed
from models.group import Group
from models.person import Person


class Membership(Base):
    """A person in a group from a day until a day; None: from the beginning, without end."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("group_id", "person_id"), Index(None, "person_id"))

    id: Mapped[Id]
    group_id: Mapped[Ref] = mapped_column(ForeignKey("groups.id"))
    person_id: Mapped[Ref] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Code]  # Role
    expected: Mapped[bool] = mapped_column(default=True)
    homeroom: Mapped[bool] = mapped_column(default=False)  # 班主任 of this group
    from_day: Mapped[date | None]
    until_day: Mapped[date | None]  # last day
    dormitory: Mapped[Label | None]

    group: Mapped[Group] = relationship()
    person: Mapped[Person] = relationship()
    aliases: Mapped[list["Alias"]] = relationship(back_populates="membership", order_by="Alias.id")
    accounts: Mapped[list["Account"]] = relationship(back_populates="membership", order_by="Account.id")


class Alias(Base):
    """A group nickname that the roster knows a member by."""

    __tablename__ = "alias"

    id: Mapped[Id]
    membership_id: Mapped[Ref] = mapped_column(ForeignKey("membership.id"), index=True)
    name: Mapped[Sealed]

    membership: Mapped[Membership] = relationship(back_populates="aliases")


class Account(Base):
    """A platform account (平台账号) that is confirmed to speak for a member; one may speak for several."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("membership_id", "account_digest"),)

    id: Mapped[Id]
    membership_id: Mapped[Ref] = mapped_column(ForeignKey("membership.id"))
    account: Mapped[Sealed]  # casefolded
    account_digest: Mapped[Digest]

    membership: Mapped[Membership] = relationship(back_populates="accounts")

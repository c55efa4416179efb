"""Review items: what a person must look at, and whom it may concern."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Code, Digest, Document, Id, Ref


class ReviewItem(Base):
    """A message or entry that waits for a person, with the reason and a proposed reading where there is one."""

    __tablename__ = "review_item"
    __table_args__ = (UniqueConstraint("group_id", "key"), Index("ix_review_item_state_day", "state", "day"))

    id: Mapped[Id]
    group_id: Mapped[Ref] = mapped_column(ForeignKey("groups.id"))
    message_id: Mapped[Ref] = mapped_column(ForeignKey("message.id"))
    day: Mapped[date]
    key: Mapped[Digest]
    reason: Mapped[Code]  # Reason
    start: Mapped[int]
    end: Mapped[int]
    proposed: Mapped[Document]  # statements of the proposed reading, [] where there is none
    state: Mapped[Code]  # ReviewState
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    concerns: Mapped[list["ReviewConcern"]] = relationship(
        back_populates="item", cascade="all, delete-orphan", lazy="selectin"
    )


class ReviewConcern(Base):
    """A member whom an item may concern."""

    __tablename__ = "review_concern"

    item_id: Mapped[Ref] = mapped_column(ForeignKey("review_item.id"), primary_key=True)
    membership_id: Mapped[Ref] = mapped_column(ForeignKey("membership.id"), primary_key=True, index=True)

    item: Mapped[ReviewItem] = relationship(back_populates="concerns")

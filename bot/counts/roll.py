"""A group's roll call: how many were heard from, who is missing. All that is ever said of people in a group chat."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.counts.members import member_days
from models.database import IDS_A_STATEMENT
from models.group import Group
from models.membership import Account
from models.school import School
from models.vocabulary import GroupKind, State


@dataclass(frozen=True, slots=True)
class Roll:
    """Who of a group was heard from on a day; nothing of what was said."""

    group: str
    kind: GroupKind
    heard: int
    missing: tuple[str, ...] = field(repr=False)  # names, in the order of the roster
    full_names: bool  # the school has them named in full in its chats
    accounts: tuple[str, ...] = field(default=(), repr=False)  # platform ids confirmed to speak for the missing


def roll(session: Session, day: date, group_id: int) -> Roll:
    """The roll call of a group."""
    name, kind, full_names = session.execute(
        select(Group.name, Group.kind, School.full_names)
        .join(School, Group.school_id == School.id)
        .where(Group.id == group_id)
    ).one()
    days = member_days(session, day, group_id=group_id)
    gone = [one for one in days if one.state is State.MISSING]
    return Roll(
        name,
        GroupKind(kind),
        heard=len(days) - len(gone),
        missing=tuple(one.name for one in gone),
        full_names=full_names,
        accounts=_accounts(session, [one.membership_id for one in gone]),
    )


def _accounts(session: Session, membership_ids: list[int]) -> tuple[str, ...]:
    found = [
        account
        for start in range(0, len(membership_ids), IDS_A_STATEMENT)
        for account in session.scalars(
            select(Account.account)
            .where(Account.membership_id.in_(membership_ids[start : start + IDS_A_STATEMENT]))
            .order_by(Account.id)
        )
    ]
    return tuple(dict.fromkeys(found))

"""A group's roll call: how many were heard from, who is missing. All that is ever said of people in a group chat."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.counts.members import member_days, missing
from models.group import Group
from models.school import School
from models.vocabulary import GroupKind


@dataclass(frozen=True, slots=True)
class Roll:
    """Who of a group was heard from on a day; nothing of what was said."""

    group: str
    kind: GroupKind
    heard: int
    missing: tuple[str, ...] = field(repr=False)  # names, in the order of the roster
    full_names: bool  # the school has them named in full in its chats


def roll(session: Session, day: date, group_id: int) -> Roll:
    """The roll call of a group."""
    name, kind, full_names = session.execute(
        select(Group.name, Group.kind, School.full_names)
        .join(School, Group.school_id == School.id)
        .where(Group.id == group_id)
    ).one()
    days = member_days(session, day, group_id=group_id)
    names = tuple(missing(days))
    return Roll(name, GroupKind(kind), heard=len(days) - len(names), missing=names, full_names=full_names)

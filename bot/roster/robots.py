"""Robots: who is spoken to through a group robot, a group, a school or the bureau."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.roster.binding import ROBOT
from models.chat import Binding
from models.group import Group
from models.school import School

WHOSE = (Binding.group_id, Binding.school_id, Group.name.label("group"), School.name.label("school"))
"""Columns that say whose a binding is, in a query that joins Group by OF_GROUP and School by OF_SCHOOL."""
OF_GROUP = Binding.group_id == Group.id
OF_SCHOOL = School.id == func.coalesce(Group.school_id, Binding.school_id)


@dataclass(frozen=True, slots=True)
class Robot:
    """The robot of a group, of a school, or (neither) of the bureau."""

    binding_id: int
    bound_at: datetime
    group_id: int | None
    school_id: int | None
    whose: str  # as people call the unit
    remind_at: tuple[str, ...] | None  # a group's own times, "09:00"; None: the usual ones


def robots(session: Session) -> list[Robot]:
    """Those of groups, then of schools, then the bureau's. Of two robots of one unit the later one."""
    rows = session.execute(
        select(Binding.id, Binding.from_at, *WHOSE, Group.remind_at)
        .outerjoin(Group, OF_GROUP)
        .outerjoin(School, OF_SCHOOL)
        .where(Binding.channel == ROBOT, Binding.until_at.is_(None))
        .order_by(Binding.group_id.nulls_last(), Binding.school_id.nulls_last(), Binding.id)
    )
    found = {
        (row.group_id, row.school_id): Robot(
            binding_id=row.id,
            bound_at=row.from_at,
            group_id=row.group_id,
            school_id=row.school_id,
            whose=whose(row.group, row.school),
            remind_at=None if row.remind_at is None else tuple(row.remind_at),
        )
        for row in rows
    }
    return list(found.values())


def whose(group: str | None, school: str | None) -> str:
    """A unit as people call it."""
    return f"{school or ''}{group or ''}" or "教育局"

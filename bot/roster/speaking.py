"""How the groups of a school are spoken to: when they are reminded, and how people are named there."""

from collections.abc import Sequence
from datetime import time

from sqlalchemy.orm import Session

from bot.errors import NotPossible
from models.group import Group
from models.school import School

MOST_REMINDERS = 4  # a day; more is pestering


def name_in_full(session: Session, school: School, *, full: bool) -> bool:
    """Have the school's chats name people in full, or masked; whether that is new."""
    changed = school.full_names != full
    school.full_names = full
    session.flush()
    return changed


def remind_at(session: Session, group: Group, times: Sequence[time] | None) -> bool:
    """Remind a group at these local times; none: never, None: at the usual ones. Whether that is new.

    They are kept in order: what fires is the first, the second …, so that moving one does not fire it again. Raises
    NotPossible where there are too many.
    """
    wanted = None if times is None else [f"{one:%H:%M}" for one in sorted(set(times))]
    if wanted is not None and len(wanted) > MOST_REMINDERS:
        raise NotPossible(f"一天最多提醒 {MOST_REMINDERS} 次")
    changed = group.remind_at != wanted
    group.remind_at = wanted
    session.flush()
    return changed

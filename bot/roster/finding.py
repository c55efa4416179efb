"""Schools and groups by the names that people give them; a name that is not there is answered with the nearest."""

import difflib
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import NotPossible
from models.group import Group
from models.school import School

NEARNESS = 0.3  # of difflib's ratio; names of schools are long and much alike, those of classes short


def school_named(session: Session, name: str) -> School:
    """The school of this name; raises NotPossible with the nearest name."""
    school = session.scalar(select(School).where(School.name == name))
    if school is None:
        raise NotPossible(f"没有叫“{name}”的学校{_nearest(name, session.scalars(select(School.name)))}")
    return school


def group_named(session: Session, name: str, school: str | None) -> Group:
    """The group of this name, of this school where one is given; raises NotPossible where none or several are."""
    groups = select(Group).join(School, Group.school_id == School.id).order_by(School.id)
    if school is not None:
        groups = groups.where(Group.school_id == school_named(session, school).id)
    found = session.scalars(groups.where(Group.name == name)).all()
    if not found:
        where = school or ""
        names = (group.name for group in session.scalars(groups))
        raise NotPossible(f"{where}没有叫“{name}”的班级或教职工群{_nearest(name, names)}")
    if len(found) > 1:
        schools = "、".join(group.school.name for group in found[:5])
        raise NotPossible(f"有 {len(found)} 所学校都有“{name}”（{schools}），请用 --school 说明是哪一所")
    return found[0]


def _nearest(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, sorted(set(names)), n=1, cutoff=NEARNESS)
    return f"，最接近的是“{near[0]}”" if near else "，请先用 jielong roster import 导入名册"

"""A school's day: every group with its numbers, those that nobody heard of first. No names: they are a tap away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.counts.tally import GroupCount, Tally, last_messages, silent_groups, tally
from bot.pages.addresses import SCHOOL_HOME, group_address
from bot.pages.days import asked_day, dated, tab_of, tabs
from bot.pages.rendering import render
from bot.pages.visit import Desk, Page, Visit
from models.school import School
from models.vocabulary import UserRole


@dataclass(frozen=True, slots=True)
class Row:
    """A group, where its page is, and when its last message of the day was written."""

    count: GroupCount
    href: str
    last_at: datetime | None
    silent: bool  # nobody heard of it


def show(desk: Desk, visit: Visit) -> Response:
    """The school of whoever is signed in on a day, today where none is asked for."""
    day = asked_day(visit)
    school_id = visit.viewer.school_id
    assert school_id is not None  # a school's session has one
    with desk.database.read() as session:
        school = session.get_one(School, school_id).name
        counted = tally(session, day, school_id=school_id)
        last = last_messages(session, day)
        days = tabs(visit, SCHOOL_HOME, lambda one: _number(session, school_id, one))
    rows = _rows(desk, visit, counted, last)
    return render(
        "school.html",
        visit,
        school=school,
        day=day,
        is_today=day == visit.today,
        tabs=days,
        current=tab_of(day, visit),
        here=dated(SCHOOL_HOME, day, visit),
        total=counted.whole,
        rows=rows,
        silent=sum(1 for one in rows if one.silent),
    )


PAGES = (Page("GET", SCHOOL_HOME, frozenset({UserRole.SCHOOL}), show),)


def _rows(desk: Desk, visit: Visit, counted: Tally, last: Mapping[int, datetime]) -> list[Row]:
    """The groups, those first that nobody heard of, then by how much there is to be done."""
    silent = {one.unit.group_id for one in silent_groups(counted, last)}
    rows = [
        Row(
            count=one,
            href=dated(group_address(desk.keyring, one.unit.group_id), counted.day, visit),
            last_at=last.get(one.unit.group_id),
            silent=one.unit.group_id in silent,
        )
        for one in counted.groups
    ]
    return sorted(rows, key=_urgency)


def _urgency(row: Row) -> tuple[object, ...]:
    people = row.count.people
    return not row.silent, -people.missing, -people.flagged, -people.review, row.count.unit.group_id


def _number(session: Session, school_id: int, day: date) -> str:
    """438/450, — where nobody was to report."""
    people = tally(session, day, school_id=school_id).whole.people
    return f"{people.heard}/{people.expected}" if people.expected else "—"

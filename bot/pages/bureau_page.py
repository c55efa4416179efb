"""The bureau's page of a day: who was heard of in each school, what there is by kind, and zero reports by one tap.

It names nobody. What people have is counted for the county by kind, and for a school only in how many.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from bot.counts.tally import Count, GroupCount, SchoolCount, Tally, last_messages, silent_groups, tally
from bot.counts.zero_reports import confirm, withdraw, zero_day
from bot.messages.figures import change, rate, rise
from bot.pages.addresses import BUREAU_HOME, school_ref
from bot.pages.bureau_chart import chart
from bot.pages.days import TABS, asked_day, dated, day_in, tab_of, tabs
from bot.pages.errors import Conflict, NotFound
from bot.pages.rendering import render
from bot.pages.visit import Desk, Page, Visit
from bot.records.flags import FLAGS
from models.bureau import Bureau
from models.school import School
from models.vocabulary import UserRole

CHART_DAYS = 14
TABS_WITHIN = timedelta(minutes=5)  # how old the numbers of the other days may be
CHART_WITHIN = timedelta(hours=1)
SHOWN = 8  # groups that nobody heard of; the others are folded
BUREAU = frozenset({UserRole.BUREAU})


@dataclass(frozen=True, slots=True)
class Kind:
    """People who have something of a kind."""

    label: str
    students: int
    staff: int
    people: int
    change: str | None  # against the day before; None where that says nothing


@dataclass(frozen=True, slots=True)
class Silent:
    """A group that nobody heard of, and when somebody last did on the two days before; None: nobody."""

    group: GroupCount
    before: tuple[date, datetime] | None


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """A school, and when its last message of the day was written."""

    count: SchoolCount
    ref: str
    last_at: datetime | None


def show_bureau(desk: Desk, visit: Visit) -> Response:
    """The county's day."""
    day = asked_day(visit)
    with desk.database.read() as session:
        counted = tally(session, day)
        last = last_messages(session, day)
        before = _counts(desk, session, visit, counted)
        rows = _schools(desk, counted, last)
        return render(
            "bureau.html",
            visit,
            name=f"{session.scalar(select(Bureau.county)) or ''}教育局",
            day=day,
            tabs=tabs(visit, BUREAU_HOME, lambda tab: rate(before[tab].people)),
            current=tab_of(day, visit),
            here=dated(BUREAU_HOME, day, visit),
            eve="昨天" if day == visit.today else "前一天",
            county=counted.whole,
            rises=_rises(counted.whole, before[day - timedelta(days=1)]),
            kinds=_kinds(counted.whole, before[day - timedelta(days=1)]),
            groups=len(counted.groups),
            silent=_silent(session, counted, last),
            shown=SHOWN,
            schools=sorted((row for row in rows if not row.count.zero), key=_urgency),
            quiet=[row.count for row in rows if row.count.zero],
            zero=zero_day(session, counted),
            row_of={row.count.school_id: row for row in rows},
            chart=chart([(one, before[one]) for one in _two_weeks(day)]),
            two_weeks=_two_weeks(day),
            latest=[(tab, before[tab]) for tab in _last_days(visit)],
            rate=rate,
        )


def confirm_zero(desk: Desk, visit: Visit) -> Response:
    """A school had nothing to report: noted, where that is so."""
    day = day_in(visit.form, visit)
    with desk.database.write() as session:
        if not confirm(session, _school(session, desk, visit.form.get("school", "")), day, visit.now):
            raise Conflict("这所学校有人未报、有情况或待核实，不能确认无情况。请刷新以后再看。")
    return RedirectResponse(f"{dated(BUREAU_HOME, day, visit)}#zero", 303)


def undo_zero(desk: Desk, visit: Visit) -> Response:
    """The confirmation of a school is taken back."""
    day = day_in(visit.form, visit)
    with desk.database.write() as session:
        withdraw(session, _school(session, desk, visit.form.get("school", "")), day, visit.now)
    return RedirectResponse(f"{dated(BUREAU_HOME, day, visit)}#zero", 303)


def _school(session: Session, desk: Desk, ref: str) -> int:
    """The id of a school by what a form calls it; raises NotFound."""
    for school_id in session.scalars(select(School.id)):
        if hmac.compare_digest(school_ref(desk.keyring, school_id).encode(), ref.encode()):
            return school_id
    raise NotFound


def _last_days(visit: Visit) -> list[date]:
    """The days of the tabs, today first."""
    return [visit.today - timedelta(days=ago) for ago in range(len(TABS))]


def _two_weeks(day: date) -> list[date]:
    return [day - timedelta(days=ago) for ago in reversed(range(CHART_DAYS))]


def _counts(desk: Desk, session: Session, visit: Visit, counted: Tally) -> dict[date, Count]:
    """The county's numbers of every day that the page shows: its own just counted, the others as remembered."""
    near = {*_last_days(visit), counted.day - timedelta(days=1)}
    others = sorted(set(_two_weeks(counted.day)) - near)
    return {
        **desk.past_days.counts(session, others, visit.now, CHART_WITHIN),
        **desk.past_days.counts(session, sorted(near - {counted.day}), visit.now, TABS_WITHIN),
        counted.day: counted.whole,
    }


def _rises(county: Count, before: Count) -> dict[str, str | None]:
    return {"students": rise(county.students, before.students), "staff": rise(county.staff, before.staff)}


def _kinds(county: Count, before: Count) -> list[Kind]:
    """One a row of the table of flags."""
    return [
        Kind(
            label=row.label,
            students=county.students.kinds[row.flag],
            staff=county.staff.kinds[row.flag],
            people=county.people.kinds[row.flag],
            change=change(county.people.kinds[row.flag], before.people.kinds[row.flag])
            if before.people.heard
            else None,
        )
        for row in FLAGS
    ]


def _silent(session: Session, counted: Tally, last: Mapping[int, datetime]) -> list[Silent]:
    groups = silent_groups(counted, last)
    if not groups:
        return []
    days = [counted.day - timedelta(days=ago) for ago in (1, 2)]
    earlier = [(day, last_messages(session, day)) for day in days]

    def before(group_id: int) -> tuple[date, datetime] | None:
        return next(((day, at[group_id]) for day, at in earlier if group_id in at), None)

    return [Silent(group, before(group.unit.group_id)) for group in groups]


def _schools(desk: Desk, counted: Tally, last: Mapping[int, datetime]) -> list[SchoolRow]:
    """Every school of the day, in the order of the schools."""
    last_at: dict[int, datetime] = {}
    for unit in (group.unit for group in counted.groups):
        if unit.group_id in last:
            last_at[unit.school_id] = max(last[unit.group_id], last_at.get(unit.school_id, last[unit.group_id]))
    return [
        SchoolRow(school, school_ref(desk.keyring, school.school_id), last_at.get(school.school_id))
        for school in counted.schools
    ]


def _urgency(row: SchoolRow) -> tuple[int, int, int]:
    people = row.count.people
    return -people.missing, -people.flagged, -people.review


PAGES = (
    Page("GET", BUREAU_HOME, BUREAU, show_bureau),
    Page("POST", f"{BUREAU_HOME}/zero", BUREAU, confirm_zero),
    Page("POST", f"{BUREAU_HOME}/zero/undo", BUREAU, undo_zero),
)

"""Made-up numbers, as the counts would give them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.counts.digest import BureauDay, SchoolDay
from bot.counts.tally import Cell, Tally, Unit, silent_groups
from models.vocabulary import Basis, Flag, GroupKind, State

DAY = date(2020, 2, 20)
STAFF = "教职工群"  # a group of this name has staff, every other one students
ZONE = ZoneInfo("Asia/Shanghai")

Schools = Mapping[str, Mapping[str, tuple[int, int, int]]]
"""School -> group -> how many were heard from, are expected, wait for a person."""


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    """An instant of the day at school."""
    return datetime(2020, 2, 20, hour, minute, tzinfo=ZONE) + timedelta(days=days)


def tallied(schools: Schools, flagged: Mapping[Flag, int] | None = None, *, inferred: int = 0) -> Tally:
    """The numbers; who is flagged, or only inferred, is of the first group."""
    cells = []
    number = 0
    for school_id, (school, groups) in enumerate(schools.items(), 1):
        for group, (heard, expected, review) in groups.items():
            number += 1
            unit = Unit(school_id, school, number, group, GroupKind.STAFF if group == STAFF else GroupKind.CLASS)
            special = {} if number > 1 else flagged or {}
            bare = 0 if number > 1 else inferred
            clear = heard - review - sum(special.values()) - bare
            assert clear >= 0
            for state, basis, flags, people in (
                *((State.FLAGGED, Basis.STATED, (flag,), many) for flag, many in special.items()),
                (State.CLEAR, Basis.STATED, (), clear),
                (State.CLEAR, Basis.INFERRED, (), bare),
                (State.REVIEW, None, (), review),
                (State.MISSING, None, (), expected - heard),
            ):
                if people:
                    cells.append(
                        Cell(unit, group != STAFF, state, basis, flags, first=True, elsewhere=False, people=people)
                    )
    return Tally(DAY, tuple(cells), {})


def bureau_facts(
    schools: Schools,
    flagged: Mapping[Flag, int] | None = None,
    *,
    county: str = "青溪县",
    inferred: int = 0,
    yesterday: Schools | None = None,
    zero_confirmed: int = 0,
) -> BureauDay:
    """The county's day; silent is who was not heard from at all."""
    counted = tallied(schools, flagged, inferred=inferred)
    return BureauDay(
        day=DAY,
        county=county,
        today=counted.whole,
        yesterday=None if yesterday is None else tallied(yesterday).whole,
        schools=counted.schools,
        silent=tuple(group.unit for group in silent_groups(counted, {})),
        zero_confirmed=zero_confirmed,
    )


def school_facts(
    school: str, groups: Mapping[str, tuple[int, int, int]], flagged: Mapping[Flag, int] | None = None
) -> SchoolDay:
    """The day of a school of which nothing is known of the day before."""
    counted = tallied({school: groups}, flagged)
    return SchoolDay(
        day=DAY,
        school=school,
        today=counted.whole,
        yesterday=None,
        groups=counted.groups,
        silent=tuple(group.unit for group in silent_groups(counted, {})),
    )

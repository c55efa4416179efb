"""What digests say of a day: the county for the bureau, a school for its own people. Numbers only."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from bot.counts.tally import Count, GroupCount, SchoolCount, Tally, Unit, last_messages, silent_groups, tally
from bot.counts.zero_reports import zero_day
from bot.roster.setting import setting
from models.school import School


@dataclass(frozen=True)
class BureauDay:
    """The county on a school-local day."""

    day: date
    county: str
    today: Count
    yesterday: Count | None  # None: nobody was heard from
    schools: tuple[SchoolCount, ...]
    silent: tuple[Unit, ...]  # groups that nobody heard of, in the order of schools
    zero_confirmed: int  # of the schools that have nothing to report, how many were confirmed to


@dataclass(frozen=True)
class SchoolDay:
    """A school on a school-local day."""

    day: date
    school: str
    today: Count
    yesterday: Count | None  # None: nobody was heard from
    groups: tuple[GroupCount, ...]
    silent: tuple[Unit, ...]  # groups that nobody heard of


def bureau_day(session: Session, day: date) -> BureauDay:
    """The facts of the bureau's digest; raises NotPossible where nobody has said yet which county it is."""
    counted = tally(session, day)
    return BureauDay(
        day=day,
        county=setting(session).home_county,
        today=counted.whole,
        yesterday=_if_heard(tally(session, day - timedelta(days=1))),
        schools=counted.schools,
        silent=_silent(session, counted),
        zero_confirmed=len(zero_day(session, counted).confirmed),
    )


def school_day(session: Session, day: date, school_id: int) -> SchoolDay:
    """The facts of a school's digest."""
    counted = tally(session, day, school_id=school_id)
    return SchoolDay(
        day=day,
        school=session.get_one(School, school_id).name,
        today=counted.whole,
        yesterday=_if_heard(tally(session, day - timedelta(days=1), school_id=school_id)),
        groups=counted.groups,
        silent=_silent(session, counted),
    )


def _if_heard(before: Tally) -> Count | None:
    return before.whole if before.whole.people.heard else None


def _silent(session: Session, counted: Tally) -> tuple[Unit, ...]:
    return tuple(group.unit for group in silent_groups(counted, last_messages(session, counted.day)))

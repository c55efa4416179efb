"""Zero reports (零报告): which schools were confirmed to have nothing to report, and whether that still holds."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.counts.tally import SchoolCount, Tally, tally
from models.database import insert_new
from models.zero_report import ZeroReport


@dataclass(frozen=True, slots=True)
class ZeroDay:
    """The schools of a day, each in one place, in the order of the schools; the rest have something to report."""

    open: tuple[SchoolCount, ...]  # nothing to report, and nobody has said so yet
    confirmed: tuple[tuple[SchoolCount, datetime], ...]  # since when
    changed: tuple[tuple[SchoolCount, datetime], ...]  # confirmed then, and there is something now


def zero_day(session: Session, counted: Tally) -> ZeroDay:
    """How the zero reports of a counted day stand. What has changed since is never among the confirmed."""
    confirmed_at: dict[int, datetime] = dict(
        session.execute(
            select(ZeroReport.school_id, ZeroReport.confirmed_at).where(
                ZeroReport.day == counted.day, ZeroReport.withdrawn_at.is_(None)
            )
        ).all()
    )
    known = [(school, confirmed_at[school.school_id]) for school in counted.schools if school.school_id in confirmed_at]
    return ZeroDay(
        open=tuple(school for school in counted.schools if school.zero and school.school_id not in confirmed_at),
        confirmed=tuple(one for one in known if one[0].zero),
        changed=tuple(one for one in known if not one[0].zero),
    )


def confirm(session: Session, school_id: int, day: date, now: datetime) -> bool:
    """Note that a school had nothing to report, once; False, and nothing is noted, where it had."""
    if not any(school.zero for school in tally(session, day, school_id=school_id).schools):
        return False
    known = {"school_id": school_id, "day": day}
    if insert_new(session, ZeroReport, {**known, "confirmed_at": now, "withdrawn_at": None}) is None:
        session.execute(
            update(ZeroReport)
            .filter_by(**known)
            .where(ZeroReport.withdrawn_at.is_not(None))
            .values(confirmed_at=now, withdrawn_at=None)
        )
    return True


def withdraw(session: Session, school_id: int, day: date, now: datetime) -> None:
    """Take a confirmation back, where there is one."""
    session.execute(
        update(ZeroReport)
        .filter_by(school_id=school_id, day=day)
        .where(ZeroReport.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )

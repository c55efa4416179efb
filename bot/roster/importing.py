"""The import: a roster file is read and previewed, and written only once somebody has confirmed it.

What a file says is added or changed, nothing is taken away: members that it does not name stay, a blank cell leaves the
value that is there, and aliases, accounts and guardians only come to those that are known. So the same file may be
imported again, and what people have confirmed elsewhere is never lost by an import.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import NotPossible
from bot.roster.checks import check_rows
from bot.roster.known import Known
from bot.roster.members import Outcome, merge_row, settle_homerooms
from bot.roster.remarks import Remark
from bot.roster.revision import advance
from bot.roster.rows import RosterRow, read_rows
from bot.roster.sheet import read_sheet
from models.database import IDS_A_STATEMENT
from models.membership import Membership
from models.sealing import Keyring
from models.vocabulary import Cause


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A file's memberships, and what is wrong with the file by itself."""

    rows: tuple[RosterRow, ...] = field(repr=False)
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import brings, counted in members unless named otherwise."""

    new_schools: int
    new_groups: int
    new: int
    changed: int
    unchanged: int
    untouched: int  # members of the file's groups whom the file does not name; they stay
    remarks: tuple[Remark, ...]  # in the order of rows

    @property
    def errors(self) -> tuple[Remark, ...]:
        """What refuses the whole file."""
        return tuple(remark for remark in self.remarks if remark.is_error)

    @property
    def warnings(self) -> tuple[Remark, ...]:
        """What somebody should look at."""
        return tuple(remark for remark in self.remarks if not remark.is_error)


def read_file(path: Path) -> RosterFile:
    """A roster file, checked by itself; raises NotPossible where it cannot be read at all."""
    rows, remarks = read_rows(read_sheet(path))
    kept, found = check_rows(rows)
    return RosterFile(tuple(kept), (*remarks, *found))


def preview(session: Session, file: RosterFile, keyring: Keyring) -> ImportPlan:
    """What writing the file would do; nothing is written."""
    plan, _ = _merge(session, file.rows, file.remarks, keyring)
    session.expunge_all()
    return plan


def by_school(rows: Sequence[RosterRow]) -> Iterator[list[RosterRow]]:
    """The rows in parts that are written one transaction each, so that no import keeps messages waiting."""
    ordered = sorted(rows, key=lambda row: (row.school, row.row))
    for _, part in groupby(ordered, key=lambda row: row.school):
        yield list(part)


def write(session: Session, rows: Sequence[RosterRow], keyring: Keyring, now: datetime) -> ImportPlan:
    """Write rows in the caller's transaction; raises NotPossible where they no longer fit."""
    plan, known = _merge(session, rows, (), keyring)
    if plan.errors:
        raise NotPossible(f"名册刚被别人改过，{plan.errors[0].sentence}")
    session.flush()
    persons = [person.id for person in known.changed_persons]
    group_ids = {group.id for group in known.changed_groups}
    for start in range(0, len(persons), IDS_A_STATEMENT):
        some = persons[start : start + IDS_A_STATEMENT]
        group_ids.update(session.scalars(select(Membership.group_id).where(Membership.person_id.in_(some))))
    advance(session, group_ids, Cause.ROSTER, now)
    return plan


def _merge(
    session: Session, rows: Sequence[RosterRow], remarks: Iterable[Remark], keyring: Keyring
) -> tuple[ImportPlan, Known]:
    """Put the rows into the session's objects, unflushed; the caller writes them or lets them go."""
    with session.no_autoflush:
        known = Known(session, keyring, rows)
        outcomes = [merge_row(known, row) for row in rows]
        settled = settle_homerooms(known, rows)
    plan = ImportPlan(
        new_schools=len(known.new_schools),
        new_groups=len(known.new_groups),
        new=outcomes.count(Outcome.NEW),
        changed=outcomes.count(Outcome.CHANGED) + settled,
        unchanged=max(outcomes.count(Outcome.UNCHANGED) - settled, 0),  # who is named may stand in another file
        untouched=known.untouched,
        remarks=tuple(sorted({*remarks, *known.remarks}, key=lambda remark: (remark.row, remark.problem))),
    )
    return plan, known

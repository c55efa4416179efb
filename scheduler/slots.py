"""Slots: the unique row of an occurrence decides who does it, whatever runs or dies, in however many processes."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from models.database import insert_new
from models.slot import Slot
from models.vocabulary import JobKind, SlotOutcome
from scheduler.timetable import Due, Occurrence

BUREAU = "bureau"
"""The bureau, as slots name it."""


def school_unit(school_id: int) -> str:
    """A school, as slots name it."""
    return f"school/{school_id}"


def group_unit(group_id: int) -> str:
    """A group, as slots name it."""
    return f"group/{group_id}"


def decide(session: Session, due: Due, outcome: SlotOutcome, now: datetime, *, numbered: bool = False) -> Slot | None:
    """The occurrence's row, inserted in this transaction; None where another process was first.

    On PostgreSQL this waits until a transaction that has inserted the same row ends: None means that the other one is
    durable. `numbered`: the row gets the unit's next serial number.
    """
    values = {
        "kind": due.kind,
        "unit": due.unit,
        "day": due.day,
        "ordinal": due.ordinal,
        "due_at": due.due_at,
        "decided_at": now,
        "outcome": outcome,
    }
    while True:
        serial = next_serial(session, due.kind, due.unit) if numbered else None
        slot_id = insert_new(session, Slot, values | {"serial": serial})
        if slot_id is not None:
            return session.get_one(Slot, slot_id)
        if serial is None or _is_decided(session, due):
            return None
        # Neither: meanwhile another day of the unit took the number.


def decided(session: Session, day: date, kinds: Collection[JobKind]) -> set[Occurrence]:
    """Which occurrences of a day have their row."""
    rows = session.execute(select(Slot.kind, Slot.unit, Slot.ordinal).where(Slot.day == day, Slot.kind.in_(kinds)))
    return {(JobKind(kind), unit, ordinal) for kind, unit, ordinal in rows}


def next_serial(session: Session, kind: JobKind, unit: str) -> int:
    """The number of the unit's next digest, from 1."""
    last = session.scalar(select(func.max(Slot.serial)).where(Slot.kind == kind, Slot.unit == unit))
    return (last or 0) + 1


def _is_decided(session: Session, due: Due) -> bool:
    same = exists().where(
        Slot.kind == due.kind, Slot.unit == due.unit, Slot.day == due.day, Slot.ordinal == due.ordinal
    )
    return bool(session.scalar(select(same)))

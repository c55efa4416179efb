"""The table of jobs: what the clock sets off, when, for whom, and what it says. Slots decide who does it, and once.

A reminder goes to a group that has a robot, a digest to a school or bureau that has one. Each occurrence is one
transaction: its slot, the numbers, the text, and the outbox row in which it waits to be sent.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import clock
from bot.channels.protocol import Sends
from bot.counts.digest import bureau_day, school_day
from bot.counts.roll import roll
from bot.delivery import outbox
from bot.delivery.sender import Sender
from bot.intake.claims import waiting_groups
from bot.logs import described
from bot.messages import digest, reminder
from bot.roster.binding import ROBOT
from bot.settings import Settings
from models.chat import Binding
from models.database import IDS_A_STATEMENT, Database, is_contention, is_unavailable
from models.delivery import Delivery
from models.group import Group
from models.school import School
from models.slot import Slot
from models.vocabulary import DeliveryKind, DeliveryState, JobKind, SlotOutcome
from scheduler.days import local_day
from scheduler.slots import decide, decided
from scheduler.ticker import Ticker
from scheduler.timetable import DIGESTS, LATEST, USUAL_REMINDERS, Due, Timetable, instant

BUREAU = "bureau"  # the unit's code, as slots have it
TICK = timedelta(seconds=15)
LEAST_TO_SEND = timedelta(minutes=1)  # what a reminder that is fired at the last moment has left
MOST_TRIES = 3  # of one occurrence, where two writers are in each other's way

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Unit:
    """A group, a school or the bureau, with the robot that speaks to it."""

    code: str  # as slots have it
    name: str  # as people call it
    job: JobKind
    binding_id: int
    bound_at: datetime
    group_id: int | None
    school_id: int | None
    times: tuple[time, ...] | None  # local, of its own; None: the usual ones


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a job is told when it is to say something."""

    unit: Unit
    due: Due
    now: datetime  # in the school's time zone
    serial: int | None  # of what is numbered
    public_url: str
    unread: bool  # messages of the group wait to be read: not read is not missing


@dataclass(frozen=True, slots=True)
class Saying:
    """What a job has to say, and whom it mentions by platform id."""

    text: str = field(repr=False)
    mentions: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Job:
    """One row of the table."""

    kind: JobKind
    usual: Timetable  # of a unit that has no times of its own
    delivery: DeliveryKind
    numbered: bool
    say: Callable[[Session, Occasion], Saying | None]  # None: there is nothing to say
    deadline: Callable[[Due, datetime, ZoneInfo], datetime]  # from when on it is not worth to be said any more


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an occurrence. Outcome None: it failed, and is tried again while it is due."""

    due: Due
    unit: Unit
    outcome: SlotOutcome | None
    delivery_id: int | None = None  # of what was posted


@dataclass(frozen=True, slots=True)
class Posted:
    """What stands in the outbox, for a person."""

    kind: DeliveryKind
    unit_name: str
    due_at: datetime  # of its occurrence


def _reminder(session: Session, occasion: Occasion) -> Saying | None:
    unit, due = occasion.unit, occasion.due
    assert unit.group_id is not None
    said, last_day = session.execute(
        select(func.count(), func.max(Slot.day))
        .join(Delivery, Delivery.slot_id == Slot.id)
        .where(
            Delivery.binding_id == unit.binding_id,
            Delivery.kind == DeliveryKind.REMINDER,
            Delivery.state != DeliveryState.DEAD,
        )
    ).one()
    called = roll(session, due.day, unit.group_id)
    privacy_url = None if said else f"{occasion.public_url}/privacy"
    if occasion.unread:
        words = reminder.unnamed(called, occasion.now, privacy_url=privacy_url)
        return None if words is None else Saying(words)
    text = reminder.text(called, occasion.now, again=last_day == due.day, privacy_url=privacy_url)
    return None if text is None else Saying(text, reminder.mentions(called))


def _school_digest(session: Session, occasion: Occasion) -> Saying:
    assert occasion.unit.school_id is not None
    assert occasion.serial is not None
    facts = school_day(session, occasion.due.day, occasion.unit.school_id)
    return Saying(digest.school(facts, occasion.serial, occasion.now))


def _bureau_digest(session: Session, occasion: Occasion) -> Saying:
    assert occasion.serial is not None
    return Saying(digest.bureau(bureau_day(session, occasion.due.day), occasion.serial, occasion.now))


def _while_due(due: Due, now: datetime, _zone: ZoneInfo) -> datetime:
    return max(due.due_at + LATEST, now + LEAST_TO_SEND)


def _end_of_day(due: Due, _now: datetime, zone: ZoneInfo) -> datetime:
    return instant(due.day + timedelta(days=1), time(), zone)


JOBS = (
    Job(
        JobKind.REMINDER,
        USUAL_REMINDERS,
        DeliveryKind.REMINDER,
        numbered=False,
        say=_reminder,
        deadline=_while_due,
    ),
    Job(
        JobKind.SCHOOL_DIGEST,
        DIGESTS,
        DeliveryKind.DIGEST,
        numbered=True,
        say=_school_digest,
        deadline=_end_of_day,
    ),
    Job(
        JobKind.BUREAU_DIGEST,
        DIGESTS,
        DeliveryKind.DIGEST,
        numbered=True,
        say=_bureau_digest,
        deadline=_end_of_day,
    ),
)
_OF_KIND: Mapping[JobKind, Job] = {job.kind: job for job in JOBS}


@dataclass(frozen=True, slots=True)
class Jobs:
    """Does what is due."""

    database: Database
    zone: ZoneInfo
    public_url: str

    def run_due(self, now: datetime, *, patient: bool) -> list[Done]:
        """Decide every occurrence of today whose time has come and that nobody has decided; what was decided here.

        `patient`: there will be another run soon, so that a group whose messages are still being read is left to it
        for a while. One failure stops no other unit; where the database goes away, all that is left has failed.
        """
        with self.database.read() as session:
            known = decided(session, local_day(now, self.zone), _OF_KIND)
            come = [(unit, due) for unit in units(session) for due in self._come(unit, now)]
        left = [(unit, due) for unit, due in come if due.occurrence not in known]
        fired = self._fire_all([(unit, due) for unit, due in left if not due.is_past(now)], now, patient=patient)
        skipped = self._skip(
            [(unit, due) for unit, due in left if due.is_past(now) and _was_there(unit, due, now)], now
        )
        return [*skipped, *fired]

    def _come(self, unit: Unit, now: datetime) -> list[Due]:
        timetable = _OF_KIND[unit.job].usual if unit.times is None else Timetable(unit.times)
        return list(timetable.come(unit.job, unit.code, now, self.zone))

    def _fire_all(self, left: Collection[tuple[Unit, Due]], now: datetime, *, patient: bool) -> list[Done]:
        done = []
        available = True
        for unit, due in left:
            try:
                one = self._fire(unit, due, now, patient=patient) if available else Done(due, unit, None)
            except Exception as error:  # noqa: BLE001 - its words may hold what a family wrote
                available = not is_unavailable(error)
                log.error("job failed", **_ids(due), **described(error))  # noqa: TRY400 - no traceback
                one = Done(due, unit, None)
            if one is not None:
                done.append(one)
            if one is not None and one.outcome is not None:
                late = int((now - due.due_at).total_seconds()) if due.is_late(now) else None
                log.info("job done", **_ids(due), outcome=one.outcome, delivery=one.delivery_id, late_s=late)
        return done

    def _fire(self, unit: Unit, due: Due, now: datetime, *, patient: bool) -> Done | None:
        """What became of it; None where another process was first, or where it is left to the next run."""
        tries = 1
        while True:
            try:
                with self.database.write() as session:
                    return self._decide(session, unit, due, now, patient=patient)
            except Exception as error:
                if tries == MOST_TRIES or not is_contention(error):
                    raise
                tries += 1

    def _skip(self, past: Collection[tuple[Unit, Due]], now: datetime) -> list[Done]:
        """What nobody did while it was due is said once, and never done."""
        if not past:
            return []
        try:
            with self.database.write() as session:
                gone = [(unit, due) for unit, due in past if decide(session, due, SlotOutcome.SKIPPED, now) is not None]
        except Exception as error:  # noqa: BLE001 - the next run says it
            log.error("nothing could be skipped", **described(error))  # noqa: TRY400 - no traceback
            return []
        for _, due in gone:
            log.warning("job skipped: it was too late", **_ids(due))
        return [Done(due, unit, SlotOutcome.SKIPPED) for unit, due in gone]

    def _decide(self, session: Session, unit: Unit, due: Due, now: datetime, *, patient: bool) -> Done | None:
        unread = unit.group_id is not None and bool(waiting_groups(session, [unit.group_id]))
        if unread and patient and not due.is_late(now):
            return None  # it will be read in a moment
        job = _OF_KIND[due.kind]
        slot = decide(session, due, SlotOutcome.FIRED, now, numbered=job.numbered)
        if slot is None:
            return None
        saying = job.say(session, Occasion(unit, due, now.astimezone(self.zone), slot.serial, self.public_url, unread))
        if saying is None:
            slot.outcome = SlotOutcome.NOTHING
            return Done(due, unit, SlotOutcome.NOTHING)
        delivery_id = outbox.post(
            session,
            unit.binding_id,
            job.delivery,
            saying.text,
            due_at=due.due_at,
            deadline_at=job.deadline(due, now, self.zone),
            slot_id=slot.id,
            mentions=saying.mentions,
        )
        return Done(due, unit, SlotOutcome.FIRED, delivery_id)


class Schedule:
    """The clock of a running process: ticks, and sends what stands in the outbox. Any number may run on PostgreSQL."""

    def __init__(self, database: Database, settings: Settings, outlets: Mapping[str, Sends]) -> None:
        """Begin nothing yet."""
        self._jobs = Jobs(database, settings.zone, settings.public_url)
        self._sender = Sender(database, outlets, clock.now)
        self._ticker = Ticker({"jobs": (self._tick, TICK)}, clock.now)

    def start(self) -> None:
        """Tick and send until stopped."""
        self._sender.start()
        self._ticker.start()

    def stop(self) -> None:
        """Return at once: neither a tick nor a robot that hangs is waited for, what they had begun is rolled back."""
        self._ticker.stop()
        self._sender.stop()

    def _tick(self) -> None:
        try:
            self._jobs.run_due(clock.now(), patient=True)
        except Exception as error:  # noqa: BLE001 - the next tick goes on
            log.error("tick failed", **described(error))  # noqa: TRY400 - no traceback


def units(session: Session) -> list[Unit]:
    """Everybody who has a robot: groups, then schools, then the bureau. Of two robots of one unit the later one."""
    rows = session.execute(
        select(Binding.id, Binding.from_at, *_WHOSE, Group.remind_at)
        .outerjoin(Group, _OF_GROUP)
        .outerjoin(School, _OF_SCHOOL)
        .where(Binding.channel == ROBOT, Binding.until_at.is_(None))
        .order_by(Binding.group_id.nulls_last(), Binding.school_id.nulls_last(), Binding.id)
    )
    found = {}
    for row in rows:
        times = None if row.remind_at is None else tuple(time.fromisoformat(one) for one in row.remind_at)
        code, job = _unit_code(row.group_id, row.school_id)
        name = _unit_name(row.group, row.school)
        found[code] = Unit(code, name, job, row.id, row.from_at, row.group_id, row.school_id, times)
    return list(found.values())


def posted(session: Session, delivery_ids: Collection[int]) -> dict[int, Posted]:
    """What stands in the outbox under these ids."""
    ids = sorted(delivery_ids)
    rows = (
        row
        for start in range(0, len(ids), IDS_A_STATEMENT)
        for row in session.execute(
            select(Delivery.id, Delivery.kind, func.coalesce(Slot.due_at, Delivery.due_at).label("due_at"), *_WHOSE)
            .join(Binding, Delivery.binding_id == Binding.id)
            .outerjoin(Slot, Delivery.slot_id == Slot.id)
            .outerjoin(Group, _OF_GROUP)
            .outerjoin(School, _OF_SCHOOL)
            .where(Delivery.id.in_(ids[start : start + IDS_A_STATEMENT]))
        )
    )
    return {row.id: Posted(DeliveryKind(row.kind), _unit_name(row.group, row.school), row.due_at) for row in rows}


_WHOSE = (Binding.group_id, Binding.school_id, Group.name.label("group"), School.name.label("school"))
_OF_GROUP = Binding.group_id == Group.id
_OF_SCHOOL = School.id == func.coalesce(Group.school_id, Binding.school_id)


def _unit_code(group_id: int | None, school_id: int | None) -> tuple[str, JobKind]:
    if group_id is not None:
        return f"group/{group_id}", JobKind.REMINDER
    if school_id is not None:
        return f"school/{school_id}", JobKind.SCHOOL_DIGEST
    return BUREAU, JobKind.BUREAU_DIGEST


def _unit_name(group: str | None, school: str | None) -> str:
    return f"{school or ''}{group or ''}" or "教育局"


def _was_there(unit: Unit, due: Due, now: datetime) -> bool:
    """Whether the unit had its robot when the occurrence was due; one that is bound after `now` always had it.

    `now` is earlier than the binding in a rehearsal of a day before the set-up.
    """
    return unit.bound_at <= due.due_at or unit.bound_at > now


def _ids(due: Due) -> dict[str, object]:
    """An occurrence in a log."""
    return {"kind": due.kind, "unit": due.unit, "day": due.day.isoformat(), "ordinal": due.ordinal}

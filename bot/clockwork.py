"""What is due is done: each occurrence of a job is one transaction, its slot, the numbers, the text, the outbox row."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.orm import Session

from bot import clock
from bot.channels.protocol import Sends
from bot.delivery import outbox
from bot.delivery.sender import Sender
from bot.intake.claims import waiting_groups
from bot.jobs import OF_KIND, Occasion, kind_for
from bot.logs import described
from bot.roster.robots import Robot, robots
from bot.settings import Settings
from models.database import Database, is_contention, is_unavailable
from models.vocabulary import JobKind, SlotOutcome
from scheduler.days import local_day
from scheduler.slots import BUREAU, decide, decided, group_unit, school_unit
from scheduler.ticker import Ticker
from scheduler.timetable import Due, reminders

TICK = timedelta(seconds=15)
MOST_TRIES = 3  # of one occurrence, where two writers are in each other's way

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an occurrence. Outcome None: it failed, and is tried again while it is due."""

    due: Due
    robot: Robot
    outcome: SlotOutcome | None
    delivery_id: int | None = None  # of what was posted


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
            known = decided(session, local_day(now, self.zone), OF_KIND)
            come = [(robot, due) for robot in robots(session) for due in self._come(robot, now)]
        left = [(robot, due) for robot, due in come if due.occurrence not in known]
        fired = self._fire_all([(robot, due) for robot, due in left if not due.is_past(now)], now, patient=patient)
        skipped = self._skip(
            [(robot, due) for robot, due in left if due.is_past(now) and _was_there(robot, due, now)], now
        )
        return [*skipped, *fired]

    def _come(self, robot: Robot, now: datetime) -> list[Due]:
        kind = kind_for(robot)
        timetable = reminders(robot.remind_at) if kind is JobKind.REMINDER else OF_KIND[kind].usual
        return list(timetable.come(kind, _unit(robot), now, self.zone))

    def _fire_all(self, left: Collection[tuple[Robot, Due]], now: datetime, *, patient: bool) -> list[Done]:
        done = []
        available = True
        for robot, due in left:
            try:
                one = self._fire(robot, due, now, patient=patient) if available else Done(due, robot, None)
            except Exception as error:  # noqa: BLE001 - its words may hold what a family wrote
                available = not is_unavailable(error)
                log.error("job failed", **_ids(due), **described(error))  # noqa: TRY400 - no traceback
                one = Done(due, robot, None)
            if one is not None:
                done.append(one)
            if one is not None and one.outcome is not None:
                late = int((now - due.due_at).total_seconds()) if due.is_late(now) else None
                log.info("job done", **_ids(due), outcome=one.outcome, delivery=one.delivery_id, late_s=late)
        return done

    def _fire(self, robot: Robot, due: Due, now: datetime, *, patient: bool) -> Done | None:
        """What became of it; None where another process was first, or where it is left to the next run."""
        tries = 1
        while True:
            try:
                with self.database.write() as session:
                    return self._decide(session, robot, due, now, patient=patient)
            except Exception as error:
                if tries == MOST_TRIES or not is_contention(error):
                    raise
                tries += 1

    def _skip(self, past: Collection[tuple[Robot, Due]], now: datetime) -> list[Done]:
        """What nobody did while it was due is said once, and never done."""
        if not past:
            return []
        try:
            with self.database.write() as session:
                gone = [
                    (robot, due) for robot, due in past if decide(session, due, SlotOutcome.SKIPPED, now) is not None
                ]
        except Exception as error:  # noqa: BLE001 - the next run says it
            log.error("nothing could be skipped", **described(error))  # noqa: TRY400 - no traceback
            return []
        for _, due in gone:
            log.warning("job skipped: it was too late", **_ids(due))
        return [Done(due, robot, SlotOutcome.SKIPPED) for robot, due in gone]

    def _decide(self, session: Session, robot: Robot, due: Due, now: datetime, *, patient: bool) -> Done | None:
        unread = robot.group_id is not None and bool(waiting_groups(session, [robot.group_id]))
        if unread and patient and not due.is_late(now):
            return None  # it will be read in a moment
        job = OF_KIND[due.kind]
        slot = decide(session, due, SlotOutcome.FIRED, now, numbered=job.numbered)
        if slot is None:
            return None
        saying = job.say(session, Occasion(robot, due, now.astimezone(self.zone), slot.serial, self.public_url, unread))
        if saying is None:
            slot.outcome = SlotOutcome.NOTHING
            return Done(due, robot, SlotOutcome.NOTHING)
        delivery_id = outbox.post(
            session,
            robot.binding_id,
            job.delivery,
            saying.text,
            due_at=due.due_at,
            deadline_at=job.deadline(due, now, self.zone),
            slot_id=slot.id,
            mentions=saying.mentions,
        )
        return Done(due, robot, SlotOutcome.FIRED, delivery_id)


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


def _unit(robot: Robot) -> str:
    """The unit of a robot, as slots name it."""
    if robot.group_id is not None:
        return group_unit(robot.group_id)
    return BUREAU if robot.school_id is None else school_unit(robot.school_id)


def _was_there(robot: Robot, due: Due, now: datetime) -> bool:
    """Whether a unit had its robot when the occurrence was due; one that is bound after `now` always had it.

    `now` is earlier than the binding in a rehearsal of a day before the set-up.
    """
    return robot.bound_at <= due.due_at or robot.bound_at > now


def _ids(due: Due) -> dict[str, object]:
    """An occurrence in a log."""
    return {"kind": due.kind, "unit": due.unit, "day": due.day.isoformat(), "ordinal": due.ordinal}

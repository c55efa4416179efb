"""The table of jobs: what the clock sets off, when, and what it says. `bot/clockwork.py` does it, slots see to it once.

A reminder goes to a group that has a robot, a digest to a school or bureau that has one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.counts.digest import bureau_day, school_day
from bot.counts.reminding import last_reminded
from bot.counts.roll import roll
from bot.messages import digest, reminder
from bot.roster.robots import Robot
from models.vocabulary import DeliveryKind, JobKind
from scheduler.timetable import DIGESTS, LATEST, USUAL_REMINDERS, Due, Timetable, instant

LEAST_TO_SEND = timedelta(minutes=1)  # what a reminder that is fired at the last moment has left


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a job is told when it is to say something."""

    robot: Robot
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


def _reminder(session: Session, occasion: Occasion) -> Saying | None:
    robot, due = occasion.robot, occasion.due
    assert robot.group_id is not None
    last_day = last_reminded(session, robot.binding_id)
    called = roll(session, due.day, robot.group_id)
    privacy_url = None if last_day else f"{occasion.public_url}/privacy"
    if occasion.unread:
        words = reminder.unnamed(called, occasion.now, privacy_url=privacy_url)
        return None if words is None else Saying(words)
    text = reminder.text(called, occasion.now, again=last_day == due.day, privacy_url=privacy_url)
    return None if text is None else Saying(text, reminder.mentions(called))


def _school_digest(session: Session, occasion: Occasion) -> Saying:
    assert occasion.robot.school_id is not None
    assert occasion.serial is not None
    facts = school_day(session, occasion.due.day, occasion.robot.school_id)
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
OF_KIND: Mapping[JobKind, Job] = {job.kind: job for job in JOBS}


def kind_for(robot: Robot) -> JobKind:
    """What the unit of a robot gets."""
    if robot.group_id is not None:
        return JobKind.REMINDER
    return JobKind.BUREAU_DIGEST if robot.school_id is None else JobKind.SCHOOL_DIGEST

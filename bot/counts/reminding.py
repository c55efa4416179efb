"""How a group is spoken to: whether its messages come in, whether it has a robot, what became of its reminders."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.roster.binding import ROBOT
from models.chat import Binding
from models.delivery import Delivery
from models.group import Group
from models.slot import Slot
from models.vocabulary import DeadBecause, DeliveryKind, DeliveryState, JobKind, SlotOutcome
from scheduler.slots import group_unit
from scheduler.timetable import instant, reminders


@dataclass(frozen=True, slots=True)
class Reminder:
    """An automatic reminder whose time has come, and what became of it."""

    due_at: datetime
    outcome: SlotOutcome
    state: DeliveryState | None  # of its message; None where there was none
    why: DeadBecause | None


@dataclass(frozen=True, slots=True)
class Reminding:
    """A group's way in and out on a day."""

    listens: bool  # a chat of the group is bound that brings messages in
    robot: bool  # a robot of the group is bound, gone or not
    robot_gone_at: datetime | None  # since when the platform knows no such robot
    reminders: tuple[Reminder, ...]  # of the day so far, in order
    times: tuple[datetime, ...]  # at which the group is reminded on the day, in order; by hand, where it has no robot

    def next_at(self, now: datetime) -> datetime | None:
        """When the next automatic reminder comes; None: none will."""
        if not self.robot or self.robot_gone_at is not None:
            return None
        return next((at for at in self.times if at > now), None)


def reminding(session: Session, group: Group, day: date, zone: ZoneInfo) -> Reminding:
    """What holds now, and what became of the reminders of a day."""
    bindings = session.scalars(select(Binding).where(Binding.group_id == group.id, Binding.until_at.is_(None))).all()
    robot = next((one for one in bindings if one.channel == ROBOT), None)
    rows = session.execute(
        select(Slot.due_at, Slot.outcome, Delivery.state, Delivery.why)
        .outerjoin(Delivery, Delivery.slot_id == Slot.id)
        .where(Slot.kind == JobKind.REMINDER, Slot.unit == group_unit(group.id), Slot.day == day)
        .order_by(Slot.ordinal)
    )
    return Reminding(
        listens=any(one.channel != ROBOT for one in bindings),
        robot=robot is not None,
        robot_gone_at=robot.refused_at if robot else None,
        reminders=tuple(
            Reminder(
                due_at,
                SlotOutcome(outcome),
                DeliveryState(state) if state else None,
                DeadBecause(why) if why else None,
            )
            for due_at, outcome, state, why in rows
        ),
        times=tuple(sorted(instant(day, at, zone) for at in reminders(group.remind_at).times)),
    )


def last_reminded(session: Session, binding_id: int) -> date | None:
    """The last day of which a chat was reminded and it did not fail for sure; None: it never was."""
    return session.scalar(
        select(func.max(Slot.day))
        .join(Delivery, Delivery.slot_id == Slot.id)
        .where(
            Delivery.binding_id == binding_id,
            Delivery.kind == DeliveryKind.REMINDER,
            Delivery.state != DeliveryState.DEAD,
        )
    )

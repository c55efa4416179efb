"""How a group is spoken to: its way in and out, when it is reminded, what became of each reminder."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.counts.reminding import Reminder, Reminding, reminding
from bot.roster.binding import ROBOT
from models.chat import Binding
from models.delivery import Delivery
from models.group import Group
from models.slot import Slot
from models.vocabulary import DeadBecause, DeliveryKind, DeliveryState, JobKind, SlotOutcome
from tests.intake.county import NOW, ZONE, County, bind, small_county

DAY = date(2020, 2, 18)
NINE = datetime(2020, 2, 18, 9, tzinfo=ZONE)


@pytest.fixture
def county(database_url: str) -> Iterator[County]:
    county = small_county(database_url)
    yield county
    county.database.close()


def found(county: County) -> Reminding:
    with county.database.read() as session:
        return reminding(session, session.get_one(Group, county.group_id), DAY, ZONE)


def robot(county: County) -> int:
    with county.database.write() as session:
        bind(session, ROBOT, "key", county.group_id)
        session.flush()
        return session.scalars(select(Binding.id).where(Binding.channel == ROBOT)).one()


@pytest.mark.parametrize("ended", ["gateway/demo", ROBOT, None])
def test_what_is_bound(county: County, ended: str | None) -> None:
    robot(county)
    with county.database.write() as session:
        for one in session.scalars(select(Binding).where(Binding.channel == ended)):
            one.until_at = NOW
    way = found(county)
    assert (way.listens, way.robot) == (ended != "gateway/demo", ended != ROBOT)


@pytest.mark.parametrize(
    ("remind_at", "hour", "next_at"),
    [
        (None, 8, "09:00"),
        (None, 9, "10:30"),
        (None, 11, None),
        (["10:00", "08:30"], 8, "08:30"),
        (["10:00", "08:30"], 9, "10:00"),
        ([], 8, None),
    ],
)
def test_when_the_next_one_comes(county: County, remind_at: list[str] | None, hour: int, next_at: str | None) -> None:
    robot(county)
    with county.database.write() as session:
        session.get_one(Group, county.group_id).remind_at = remind_at
    at = found(county).next_at(NINE.replace(hour=hour))
    assert (at and f"{at.astimezone(ZONE):%H:%M}") == next_at


def test_without_a_robot_none_comes(county: County) -> None:
    assert found(county).next_at(NOW) is None
    assert len(found(county).times) == 2
    binding_id = robot(county)
    with county.database.write() as session:
        session.get_one(Binding, binding_id).refused_at = NOW
    assert found(county).next_at(NOW) is None
    assert found(county).robot_gone_at == NOW


def test_what_became_of_the_day_s_reminders(county: County) -> None:
    binding_id = robot(county)
    with county.database.write() as session:
        for ordinal, day, unit, outcome in (
            (1, DAY, "group/1", SlotOutcome.FIRED),
            (0, DAY, "group/1", SlotOutcome.SKIPPED),
            (0, DAY - timedelta(days=1), "group/1", SlotOutcome.SKIPPED),
            (0, DAY, "group/11", SlotOutcome.SKIPPED),
        ):
            due_at = NINE + timedelta(hours=ordinal)
            slot = Slot(
                kind=JobKind.REMINDER,
                unit=unit,
                day=day,
                ordinal=ordinal,
                due_at=due_at,
                decided_at=due_at,
                outcome=outcome,
            )
            session.add(slot)
            session.flush()
            if outcome is SlotOutcome.FIRED:
                session.add(
                    Delivery(
                        binding_id=binding_id,
                        slot_id=slot.id,
                        kind=DeliveryKind.REMINDER,
                        text="说过的话",
                        state=DeliveryState.DEAD,
                        due_at=due_at,
                        deadline_at=due_at,
                        why=DeadBecause.REFUSED,
                    )
                )
    assert found(county).reminders == (
        Reminder(NINE, SlotOutcome.SKIPPED, None, None),
        Reminder(NINE + timedelta(hours=1), SlotOutcome.FIRED, DeliveryState.DEAD, DeadBecause.REFUSED),
    )

"""What is due is done once, by however many at once, whatever fails, goes away or is restarted."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from bot import clock
from bot.clockwork import Schedule
from bot.logs import configure_logs
from bot.wiring import build_outlets, build_rooms
from models.database import BUSY_TIMEOUT_MS, open_database
from models.delivery import Delivery
from models.group import Group
from models.membership import Membership
from models.person import Person
from models.sealing import Keyring
from models.slot import Slot
from tests.clockwork.town import DAY, NAMES, NEXT_DAY, REMINDERS, MakeTown, at, embedded, slots, town_maker
from tests.delivery.robot import FakeRobot, Fault, Script, in_turn


def test_one_failure_stops_nobody_else(capsys: pytest.CaptureFixture[str], town: MakeTown) -> None:
    """A name that no key of ours opens: its group fails until that is mended, the others are reminded."""
    configure_logs()
    made = town(groups=3, robots=REMINDERS)
    ours = made.rooms.database
    others = open_database(made.rooms.settings.database_url, Keyring.of(b"another made-up secret of 32 bytes or more"))
    with ours.read() as session:
        person_id = session.scalar(select(Membership.person_id).where(Membership.group_id == made.groups[1]).limit(1))
    renamed = update(Person).where(Person.id == person_id).values(name=NAMES[0])
    with others.write() as session:
        session.execute(renamed)
    others.close()
    assert made.look(at("09:00")) == [
        "02-18 09:00 group/1 fired",
        "02-18 09:00 group/2 failed",
        "02-18 09:00 group/3 fired",
    ]
    logged = [line for line in capsys.readouterr().err.splitlines() if "job failed" in line]
    assert len(logged) == 1
    assert "group/2" in logged[0]
    with ours.write() as session:
        session.execute(renamed)
    assert made.look(at("09:01")) == ["02-18 09:00 group/2 fired"]


@embedded
def test_a_database_that_goes_away_ends_the_run(town: MakeTown) -> None:
    """All that is left has failed, without a try each, and is done when it is back."""
    made = town(groups=2, robots=REMINDERS)
    with made.rooms.database.hold() as session:  # somebody writes, and does not end
        session.execute(update(Group).values(stale=False))
        began = time.monotonic()
        assert made.look(at("09:00")) == ["02-18 09:00 group/1 failed", "02-18 09:00 group/2 failed"]
        assert time.monotonic() - began < 1.5 * BUSY_TIMEOUT_MS / 1000
    assert made.look(at("09:01")) == ["02-18 09:00 group/1 fired", "02-18 09:00 group/2 fired"]


def test_four_schedulers(town: MakeTown) -> None:
    """F19: four at once, three days, fifty groups, four slots: 600 rows, 600 messages."""
    made = town(groups=50, members=1, robots=REMINDERS)
    times = ["07:00", "08:00", "09:00", "10:00"]
    with made.rooms.database.write() as session:
        session.execute(update(Group).values(remind_at=times))
    together = Barrier(4)

    def schedule(_number: int) -> int:
        fired = 0
        for day in (DAY, NEXT_DAY, date(2020, 2, 20)):
            for clock_time in times:
                together.wait()
                fired += sum(one.outcome is not None for one in made.jobs.run_due(at(clock_time, day), patient=True))
        return fired

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(schedule, range(4))) == 600
    with made.rooms.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Slot)) == 600
        assert session.scalar(select(func.count(Delivery.slot_id.distinct())).select_from(Delivery)) == 600
        assert session.scalar(select(func.count()).select_from(Delivery)) == 600


@pytest.mark.parametrize(
    ("restart", "sent"),
    [
        (at("11:00:59"), ["robot-0", "robot-bureau", "robot-school"]),
        (at("11:01:01"), ["robot-bureau", "robot-school"]),  # a minute is the least that a reminder has
        (at("00:00", NEXT_DAY), ["robot-bureau", "robot-school"]),
        (at("00:00:01", NEXT_DAY), []),
    ],
)
def test_what_is_decided_survives_a_restart(
    robot: FakeRobot, restart: datetime, sent: list[str], town: MakeTown
) -> None:
    """Decided at eleven, and the process is gone before it sends: the next one does, while it is worth something."""
    made = town()
    made.look(at("11:00"))
    made.sender(restart).send_due()
    assert sorted(one.key for one in robot.delivered) == sent


@embedded
@pytest.mark.parametrize("script", [in_turn(), lambda _key: Fault.HANG], ids=["takes", "hangs"])
def test_a_running_schedule(robot: FakeRobot, script: Script, town: MakeTown) -> None:
    """It does what is due as soon as it starts, and ends at once, whatever hangs."""
    robot.script = script
    made = town(robots=REMINDERS)
    made.reminds_at(0, [f"{clock.now().astimezone(made.rooms.settings.zone):%H:%M}"])
    role = Schedule(made.rooms.database, made.rooms.settings, build_outlets(made.rooms.settings))
    role.start()
    deadline = time.monotonic() + 10
    while not robot.most_at_once and time.monotonic() < deadline:
        time.sleep(0.02)
    began = time.monotonic()
    role.stop()
    assert time.monotonic() - began < 1
    assert slots(made) == [("group/1", None)]


@embedded
def test_a_tick_that_fails_is_no_end(
    robot: FakeRobot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a table to look at it says so, in none of the error's words; the next one does what is due."""
    del robot
    configure_logs()
    monkeypatch.setenv("JIELONG_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    rooms = build_rooms()
    role = Schedule(rooms.database, rooms.settings, build_outlets(rooms.settings))
    role._tick()
    said = capsys.readouterr().err
    assert "tick failed" in said
    assert "slot" not in said.replace("slots.py", "")
    rooms.database.close()
    with town_maker() as make:
        made = make(robots=REMINDERS)
        made.reminds_at(0, [f"{clock.now().astimezone(made.rooms.settings.zone):%H:%M}"])
        role._tick()
        assert slots(made) == [("group/1", None)]
    rooms.database.close()

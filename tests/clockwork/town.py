"""A made-up town whose groups, school and bureau have robots: what the clock works on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Protocol
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.channels.protocol import Incoming, Kind, Sends
from bot.clockwork import Done, Jobs
from bot.delivery.sender import Sender
from bot.intake.claims import claim
from bot.reading.scene import Setting
from bot.roster.binding import ROBOT, Target, bind
from bot.roster.setting import Basis, save
from bot.wiring import Rooms, build_outlets, build_rooms, migrate
from bot.worker import Worker
from models.group import Group
from models.membership import Membership
from models.person import Person
from models.school import School
from models.slot import Slot
from models.vocabulary import GroupKind, Role

ZONE = ZoneInfo("Asia/Shanghai")
SET_UP = datetime(2020, 2, 17, 12, tzinfo=UTC)  # in the evening before the first day
DAY = date(2020, 2, 18)
GATEWAY = "gateway/demo"
SCHOOL = "演示小学"
SETTING = Setting("演示县", "演示市", "辽宁省", date(2020, 1, 15), ("武汉市",))
NAMES = tuple(surname + given for given, surname in product(("小明", "一诺", "思远", "雨桐"), "李王张刘陈杨黄赵"))
NEXT_DAY = date(2020, 2, 19)
REMINDERS = ("group",)
embedded = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the database has no part in it


def at(clock_time: str, day: date = DAY) -> datetime:
    """A local time of the day, as an instant."""
    return datetime.fromisoformat(f"{day}T{clock_time}").replace(tzinfo=ZONE).astimezone(UTC)


@dataclass
class Town:
    """One school; group N has the chat `chat-N` and the robot `robot-N`, the school `robot-school`, and so on."""

    rooms: Rooms
    outlets: Mapping[str, Sends]
    school_id: int = 0
    groups: list[int] = field(default_factory=list)

    @property
    def jobs(self) -> Jobs:
        """What does what is due in this town."""
        return Jobs(self.rooms.database, self.rooms.settings.zone, self.rooms.settings.public_url)

    def sender(self, now: datetime) -> Sender:
        """What sends at an instant."""
        return Sender(self.rooms.database, self.outlets, lambda: now)

    def look(self, now: datetime, *, patient: bool = True) -> list[str]:
        """What is done at an instant."""
        return [said(one) for one in self.jobs.run_due(now, patient=patient)]

    def binds(self, key: str, target: Target, now: datetime = SET_UP) -> None:
        """A unit gets a robot."""
        with self.rooms.database.write() as session:
            bind(session, self.rooms.keyring, ROBOT, key, target, now)

    def arrives(self, number: int, text: str, now: datetime) -> None:
        """A message comes from the chat of a group, and is not read yet."""
        message = Incoming(
            channel=GATEWAY,
            chat=f"chat-{number}",
            platform_id=f"{number}-{now.timestamp()}",
            sender="wxid-1",
            sender_name="家长",
            sent_at=now,
            kind=Kind.TEXT,
            text=text,
            quoted=None,
            stale=False,
        )
        with self.rooms.database.write() as session:
            self.rooms.inbox.store(session, message, now)

    def reads(self, now: datetime) -> None:
        """What waits is read."""
        pipeline = Worker(self.rooms).pipeline()
        while True:
            with claim(self.rooms.database) as claimed:
                if claimed is None:
                    return
                pipeline.read(claimed, now)

    def reminds_at(self, number: int, times: list[str] | None) -> None:
        """A group chooses its times."""
        with self.rooms.database.write() as session:
            session.get_one(Group, self.groups[number]).remind_at = times


def said(done: Done) -> str:
    """What became of an occurrence, in one line."""
    return f"{done.due.due_at.astimezone(ZONE):%m-%d %H:%M} {done.due.unit} {done.outcome or 'failed'}"


class MakeTown(Protocol):
    """Makes the town in the empty database that the environment names."""

    def __call__(
        self, groups: int = 1, members: int = 3, *, robots: tuple[str, ...] = ("group", "school", "bureau")
    ) -> Town:
        """A town of so many groups of so many members each; `robots`: who has one."""
        ...


@contextmanager
def town_maker() -> Iterator[MakeTown]:
    """What makes a town; its database is closed at the end."""
    rooms = build_rooms()
    migrate(rooms.database, rooms.keyring)

    def make(groups: int = 1, members: int = 3, *, robots: tuple[str, ...] = ("group", "school", "bureau")) -> Town:
        return _town(rooms, groups, members, robots)

    yield make
    rooms.database.close()


def _town(rooms: Rooms, groups: int, members: int, robots: tuple[str, ...]) -> Town:
    made = Town(rooms, build_outlets(rooms.settings))
    with rooms.database.write() as session:
        save(session, SETTING, Basis("法定职责"), SET_UP - timedelta(days=1))
        school = School(name=SCHOOL)
        for number in range(groups):
            group = Group(school=school, name=f"{number + 1}班", kind=GroupKind.CLASS)
            session.add(group)
            for name in NAMES[:members]:
                person = Person(name=name, name_digest=rooms.keyring.digest("name", name))
                session.add(Membership(group=group, person=person, role=Role.STUDENT))
            session.flush()
            made.groups.append(group.id)
            bind(session, rooms.keyring, GATEWAY, f"chat-{number}", Target(group_id=group.id), SET_UP)
        made.school_id = school.id
    for key, target in _robots(made, robots):
        made.binds(key, target)
    return made


def _robots(made: Town, robots: tuple[str, ...]) -> Iterator[tuple[str, Target]]:
    if "group" in robots:
        for number, group_id in enumerate(made.groups):
            yield f"robot-{number}", Target(group_id=group_id)
    if "school" in robots:
        yield "robot-school", Target(school_id=made.school_id)
    if "bureau" in robots:
        yield "robot-bureau", Target()


def slots(made: Town) -> list[tuple[str, int | None]]:
    """Unit and serial of every slot, in the order of their decisions."""
    with made.rooms.database.read() as session:
        rows = session.execute(select(Slot.unit, Slot.serial).order_by(Slot.id))
        return [(unit, serial) for unit, serial in rows]

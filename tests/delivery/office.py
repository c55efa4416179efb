"""An outbox in a real database, robots bound to groups, and a clock that a test turns on."""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from bot.channels.protocol import Sends
from bot.channels.wecom_robot import WecomRobot
from bot.delivery.outbox import Outcome, post
from bot.delivery.sender import Sender
from bot.roster.binding import ROBOT, Target, bind, holds
from bot.wiring import migrate
from models.chat import Binding
from models.database import Database, open_database
from models.delivery import Delivery
from models.group import Group
from models.school import School
from models.vocabulary import DeliveryKind, DeliveryState, GroupKind
from tests.roster.county import KEYRING

NINE = datetime(2020, 2, 18, 1, tzinfo=UTC)  # 09:00 at school
REMINDER, DIGEST = DeliveryKind.REMINDER, DeliveryKind.DIGEST
DEADLINES = {REMINDER: timedelta(minutes=30), DIGEST: timedelta(hours=13)}
STEP = timedelta(seconds=1)


@dataclass
class Clock:
    """Stands still until it is turned on."""

    now: datetime = NINE

    def __call__(self) -> datetime:
        return self.now

    def goes(self, **duration: float) -> None:
        """On by as much."""
        self.now += timedelta(**duration)


@dataclass
class Office:
    """Who posts and who sends."""

    database: Database
    clock: Clock = field(default_factory=Clock)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def robot(self, key: str, target: Target | None = None) -> int:
        """A robot of a unit, by default of a group of its own; the binding's id."""
        with self.database.write() as session:
            if target is None:
                school = School(name=f"小学{next(self._numbers)}")
                group = Group(school=school, name="一班", kind=GroupKind.CLASS)
                session.add(group)
                session.flush()
                target = Target(group_id=group.id)
            bind(session, KEYRING, ROBOT, key, target, self.clock())
            held = holds(session, KEYRING, ROBOT, key)
            assert held is not None
            return held.id

    def posts(self, binding_id: int, kind: DeliveryKind = DIGEST, text: str = "第1号", *mentions: str) -> int:
        """A message that is due now; its id."""
        now = self.clock()
        with self.database.write() as session:
            return post(
                session, binding_id, kind, text, due_at=now, deadline_at=now + DEADLINES[kind], mentions=mentions
            )

    def sender(self, outlets: Mapping[str, Sends] | str) -> Sender:
        """Who sends through these ways out, or to the robots of an origin."""
        ways = {ROBOT: WecomRobot(outlets)} if isinstance(outlets, str) else outlets
        return Sender(self.database, ways, self.clock)

    def row(self, delivery_id: int) -> Delivery:
        """A message as it stands."""
        with self.database.read() as session:
            return session.get_one(Delivery, delivery_id)

    def rows(self) -> list[Delivery]:
        """All messages as they stand, in the order in which they were posted."""
        with self.database.read() as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.id)))

    def binding(self, binding_id: int) -> Binding:
        """A binding as it stands."""
        with self.database.read() as session:
            return session.get_one(Binding, binding_id)

    def next_due(self) -> datetime | None:
        """When the outbox wants to be looked at again; None: it is empty."""
        with self.database.read() as session:
            return session.scalar(select(func.min(Delivery.due_at)).where(Delivery.state == DeliveryState.DUE))

    def run_dry(self, sender: Sender) -> list[Outcome]:
        """Send until nothing is due any more, however far the clock has to go; what became of the messages."""
        outcomes: list[Outcome] = []
        while (due_at := self.next_due()) is not None:
            self.clock.now = max(self.clock.now + STEP, due_at)
            outcomes += sender.send_due()
        return outcomes


@contextmanager
def open_office(url: str) -> Iterator[Office]:
    """One in an empty database."""
    database = open_database(url, KEYRING)
    migrate(database, KEYRING)
    yield Office(database)
    database.close()

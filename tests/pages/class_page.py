"""The class of the small county, what its families write, and its page as its teacher sees it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from bot import clock
from bot.intake.claims import claim
from bot.pages.addresses import group_address
from bot.pages.visit import Desk
from bot.pipeline import Pipeline
from bot.roster.binding import ROBOT
from models.chat import Binding
from models.delivery import Delivery
from models.membership import Membership
from models.person import Person
from models.slot import Slot
from models.vocabulary import (
    DeadBecause,
    DeliveryKind,
    DeliveryState,
    JobKind,
    Role,
    SlotOutcome,
    UserRole,
)
from tests.intake.county import KEYRING, ZONE, County, bind
from tests.pages.desk import NOW, signed_in
from tests.pages.sections import parts

DAY = date(2020, 2, 18)
HEAD = "#接龙\n2月18日体温接龙\n\n"
HOUR = timedelta(hours=1)
TAPPED = """[...document.querySelectorAll('main a, main button, main summary, header a, .bar a')]
    .filter(one => one.checkVisibility())
    .filter(one => one.getBoundingClientRect().height < 44)
    .map(one => one.textContent.trim())"""
"""What is too small for a thumb, in a browser."""


@dataclass
class Class:
    """The class of the small county, and its page in its teacher's browser."""

    desk: Desk
    group_id: int = 1

    def say(self, *texts: tuple[str, str], day: date = DAY, waits: bool = False) -> None:
        """Let (sender, text) arrive, a minute apart from 07:05 on; read them unless they are to wait."""
        county = County(self.desk.database, self.group_id)
        for number, (sender, text) in enumerate(texts):
            at = NOW - HOUR + (day - DAY) + timedelta(minutes=number)
            name = f"{day}-{number}"
            county.arrives(platform_id=name, sender=sender, sender_name=sender, text=text, sent_at=at, now=at)
        while not waits:
            with claim(self.desk.database) as claimed:
                if claimed is None:
                    return
                Pipeline(self.desk.database, KEYRING, ZONE, open_days=7).read(claimed, NOW)

    def robot(self, gone_at: datetime | None = None) -> int:
        """Give it a robot."""
        with self.desk.database.write() as session:
            bind(session, ROBOT, "key", self.group_id)
            session.flush()
            one = session.scalars(select(Binding).where(Binding.channel == ROBOT)).one()
            one.refused_at = gone_at
            return one.id

    def slot(
        self,
        binding_id: int,
        outcome: SlotOutcome,
        state: DeliveryState | None = None,
        why: DeadBecause | None = None,
        hour: int = 9,
    ) -> None:
        """Note what became of a reminder."""
        due_at = datetime(2020, 2, 18, hour, tzinfo=ZONE)
        with self.desk.database.write() as session:
            slot = Slot(
                kind=JobKind.REMINDER,
                unit=f"group/{self.group_id}",
                day=DAY,
                ordinal=hour - 9,
                due_at=due_at,
                decided_at=due_at,
                outcome=outcome,
            )
            session.add(slot)
            session.flush()
            if state is not None:
                delivery = Delivery(
                    binding_id=binding_id,
                    slot_id=slot.id,
                    kind=DeliveryKind.REMINDER,
                    text="说过的话",
                    state=state,
                    due_at=due_at,
                    deadline_at=due_at + HOUR,
                    why=why,
                )
                session.add(delivery)

    def more(self, *names: str) -> None:
        """Let more children be in it."""
        with self.desk.database.write() as session:
            for name in names:
                person = Person(name=name, name_digest=KEYRING.digest("name", name))
                session.add(Membership(group_id=self.group_id, person=person, role=Role.STUDENT))

    def page(self, query: str = "", role: UserRole = UserRole.TEACHER) -> str:
        answer = self.answer(signed_in(self.desk, role, now=clock.now()), query)
        assert answer[0] == 200
        return answer[1]

    def answer(self, by: TestClient, query: str = "", group_id: int | None = None) -> tuple[int, str]:
        got = by.get(group_address(self.desk.keyring, group_id or self.group_id) + query)
        return got.status_code, got.text

    def seen(self, query: str = "", role: UserRole = UserRole.TEACHER) -> dict[str, list[str]]:
        return parts(self.page(query, role))


def at(monkeypatch: pytest.MonkeyPatch, hour: int, minute: int = 0) -> None:
    """Let it be this time at school."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2020, 2, 18, hour, minute, tzinfo=ZONE))

"""A county whose people are put into states by hand, and the bureau that looks at it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from starlette.testclient import TestClient

from bot.pages.addresses import school_ref
from bot.pages.visit import Desk
from models.group import Group
from models.membership import Membership
from models.message import InboxMessage
from models.person import Person
from models.record import Record
from models.review import ReviewConcern, ReviewItem
from models.school import School
from models.vocabulary import Basis, Flag, GroupKind, MessageState, Reason, ReviewState, Role
from models.zero_report import ZeroReport
from tests.intake.county import KEYRING, NOW, County
from tests.pages.desk import token_in

DAY = date(2020, 2, 18)
WELL = Basis.STATED
_TAG = re.compile(r"<[^>]+>")


@dataclass
class Town:
    """The small county, whose people are put into states by hand."""

    county: County
    desk: Desk
    browser: TestClient

    def group(self, school: str, name: str, kind: GroupKind = GroupKind.CLASS) -> int:
        """A group of a school, which is made where it is not there."""
        with self.county.database.write() as session:
            known = session.scalar(select(School).where(School.name == school)) or School(name=school)
            group = Group(school=known, name=name, kind=kind)
            session.add(group)
            session.flush()
            return group.id

    def person(self, group_id: int, name: str, role: Role = Role.STUDENT) -> int:
        """A member of a group; the membership's id."""
        with self.county.database.write() as session:
            person = Person(name=name, name_digest=KEYRING.digest("name", name))
            membership = Membership(group_id=group_id, person=person, role=role)
            session.add(membership)
            session.flush()
            return membership.id

    def record(self, membership_id: int, *flags: Flag, basis: Basis = WELL, day: date = DAY) -> None:
        """A record of a member and a day, anew."""
        with self.county.database.write() as session:
            person_id = session.get_one(Membership, membership_id).person_id
            record = session.scalar(select(Record).filter_by(person_id=person_id, day=day)) or Record(
                person_id=person_id, day=day, version=1, temperature=None, places=[], messages=[], evidence=[]
            )
            record.basis, record.flags = basis, sorted(flags)
            session.add(record)

    def message(self, group_id: int, at: datetime) -> int:
        """A message of a group that was read; its id."""
        with self.county.database.write() as session:
            number = str(session.scalar(select(func.count()).select_from(InboxMessage)))
            message = InboxMessage(
                channel="gateway/demo",
                chat_digest=KEYRING.digest("chat", str(group_id)),
                platform_id=number,
                platform_digest=KEYRING.digest("message", number),
                content_digest=KEYRING.digest("content", number),
                group_id=group_id,
                sender="wxid",
                sender_name="李雷妈妈",
                text="李雷 36.5 正常",
                quoted=None,
                sent_at=at,
                arrived_at=at,
                day=(at + timedelta(hours=8)).date(),
                open=True,
                state=MessageState.DONE,
            )
            session.add(message)
            session.flush()
            return message.id

    def doubt(self, group_id: int, membership_id: int | None, message_id: int) -> None:
        """An open review item that may concern a member, None: nobody who is known."""
        with self.county.database.write() as session:
            item = ReviewItem(
                group_id=group_id,
                message_id=message_id,
                day=DAY,
                key=KEYRING.digest("key", str(message_id)),
                reason=Reason.UNREADABLE,
                start=0,
                end=1,
                proposed=[],
                state=ReviewState.OPEN,
                opened_at=NOW,
                closed_at=None,
            )
            item.concerns = [] if membership_id is None else [ReviewConcern(membership_id=membership_id)]
            session.add(item)

    def page(self, day: str | None = None) -> str:
        """What the bureau's page shows."""
        answer = self.browser.get("/bureau", params={} if day is None else {"day": day})
        assert answer.status_code == 200, answer.text
        return answer.text

    def words(self, day: str | None = None) -> str:
        """The words of the page, tags as blanks, blanks folded."""
        return " ".join(_TAG.sub(" ", self.page(day).partition("</svg>")[2]).split())

    def tap(self, where: str, school: str, day: str = "2020-02-18", browser: TestClient | None = None) -> int:
        """Send the form of a school; the status of the answer."""
        with self.county.database.read() as session:
            known = session.scalar(select(School.id).where(School.name == school)) or 0
        return self.post(where, school_ref(KEYRING, known), day, browser)

    def post(self, where: str, ref: str, day: str, browser: TestClient | None = None) -> int:
        """Send a form; the status of the answer."""
        browser = browser or self.browser
        token = token_in(browser.get("/privacy").text)
        return browser.post(where, data={"school": ref, "day": day, "csrf": token}).status_code

    def complete_school(self) -> None:
        """Beside it 镇东小学, complete and without findings: two students and a teacher."""
        first, staff = self.group("镇东小学", "一班"), self.group("镇东小学", "教师", GroupKind.STAFF)
        for name in ("佟大伟", "关乐乐"):
            self.record(self.person(first, name))
        self.record(self.person(staff, "白老师", Role.TEACHER), basis=Basis.INFERRED)
        self.message(first, NOW - timedelta(minutes=25))

    def reports(self) -> Sequence[tuple[datetime, datetime | None]]:
        """When zero reports were confirmed and withdrawn."""
        with self.county.database.read() as session:
            return [
                (one.confirmed_at, one.withdrawn_at)
                for one in session.scalars(select(ZeroReport).order_by(ZeroReport.id))
            ]

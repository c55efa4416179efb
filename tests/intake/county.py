"""A small county in a real database, and messages that arrive in it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.channels.protocol import Incoming, Kind
from bot.intake.claims import claim
from bot.intake.inbox import Inbox, Receipt
from bot.pipeline import Pipeline
from bot.wiring import migrate
from models.bureau import Bureau
from models.chat import Binding
from models.database import Database, open_database
from models.group import Group
from models.membership import Membership
from models.message import InboxMessage
from models.person import Person
from models.school import School
from models.sealing import Keyring
from models.vocabulary import GroupKind, Role

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2020, 2, 18, 0, 5, tzinfo=UTC)  # 08:05 at school
SECRET = b"a-made-up-secret-of-the-tests,-32-bytes-and-more"
KEYRING = Keyring.of(SECRET)
NAMES = ("李雷", "韩梅梅", "王小明")
TEXT = Incoming(
    channel="gateway/demo",
    chat="room-1",
    platform_id="m1",
    sender="wxid-1",
    sender_name="李雷妈妈",
    sent_at=NOW - timedelta(minutes=1),
    kind=Kind.TEXT,
    text="李雷 36.5 正常",
    quoted=None,
    stale=False,
)


@dataclass(frozen=True)
class County:
    """A database with one class, whose chat is `room-1` of `gateway/demo`."""

    database: Database
    group_id: int
    inbox: Inbox = field(default_factory=lambda: Inbox(KEYRING, ZONE, open_days=7))

    def arrives(self, message: Incoming = TEXT, /, *, now: datetime = NOW, **changes: Any) -> Receipt:  # noqa: ANN401
        """Put one message in; what intake answers."""
        with self.database.write() as session:
            return self.inbox.store(session, replace(message, **changes), now)

    def states(self) -> dict[str, int]:
        """How many messages are in which state."""
        with self.database.read() as session:
            found = session.execute(select(InboxMessage.state, func.count()).group_by(InboxMessage.state))
            return dict(found.all())


def small_county(url: str) -> County:
    """Make it in an empty database."""
    database = open_database(url, KEYRING)
    migrate(database, KEYRING)
    with database.write() as session:
        session.add(bureau())
        group = Group(school=School(name="演示小学"), name="三年二班", kind=GroupKind.CLASS)
        session.add(group)
        session.flush()
        for name in NAMES:
            person = Person(name=name, name_digest=KEYRING.digest("name", name))
            session.add(Membership(group=group, person=person, role=Role.STUDENT))
        bind(session, "gateway/demo", "room-1", group.id)
        return County(database, group.id)


def bureau() -> Bureau:
    """The setting of the made-up county."""
    return Bureau(
        county="演示县",
        city="演示市",
        province="辽宁省",
        since=date(2020, 1, 15),
        risk_areas=["武汉市", "湖北省"],
        basis="法定职责",
        basis_until=None,
    )


def read_all(county: County, by: Pipeline | None = None, now: datetime = NOW) -> None:
    """Read until nothing waits, with a fresh reader unless one is given."""
    by = by or Pipeline(county.database, KEYRING, ZONE, county.inbox.open_days)
    while True:
        with claim(county.database) as claimed:
            if claimed is None:
                return
            by.read(claimed, now)


def teacher_in_two_groups(county: County) -> None:
    """李雷 is a teacher too: the class's chat is room-1, the staff's is room-2, and he is one person in both."""
    with county.database.write() as session:
        staff = Group(school_id=1, name="教师群", kind=GroupKind.STAFF)
        session.add(staff)
        session.flush()
        session.add(Membership(group_id=staff.id, person_id=1, role=Role.TEACHER))
        bind(session, "gateway/demo", "room-2", staff.id)


def bind(session: Session, channel: str, chat: str, group_id: int) -> None:
    """Tie a chat to the group."""
    session.add(
        Binding(
            channel=channel,
            chat=chat,
            chat_digest=KEYRING.digest("chat", chat),
            group_id=group_id,
            from_at=NOW - timedelta(days=1),
        )
    )

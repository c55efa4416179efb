"""The status: received = waiting + done + parked, whatever else there is."""

from datetime import UTC, datetime, timedelta

from bot.counts.status import Inbox, Outbox, Status, status
from bot.wiring import migrate, newest_revision
from models.chat import Binding, Unbound
from models.database import open_database
from models.delivery import Delivery
from models.group import Group
from models.message import InboxMessage
from models.school import School
from models.vocabulary import DeliveryKind, DeliveryState, GroupKind, MessageState
from tests.roster.county import KEYRING

NOW = datetime(2020, 2, 18, tzinfo=UTC)


def test_counts(database_url: str) -> None:
    database = open_database(database_url, KEYRING)
    migrate(database, KEYRING)
    with database.read() as session:
        empty = status(session, NOW)
    assert empty == Status(Inbox(0, 0, 0, 0, 0, 0), Outbox(0, 0, 0, 0), 0.0, newest_revision() or "")

    states = [MessageState.WAITING] * 3 + [MessageState.DONE] * 4 + [MessageState.PARKED] * 2
    with database.write() as session:
        group = Group(school=School(name="一小"), name="一班", kind=GroupKind.CLASS)
        binding = Binding(channel="wecom-robot", chat="k", chat_digest=KEYRING.digest("chat", "k"), from_at=NOW)
        session.add_all([group, binding])
        session.flush()
        for number, state in enumerate([*states, MessageState.QUARANTINED]):
            digest = KEYRING.digest("message", str(number))
            session.add(
                InboxMessage(
                    channel="gateway/demo",
                    chat_digest=digest,
                    platform_id=str(number),
                    platform_digest=digest,
                    content_digest=digest,
                    group_id=group.id,
                    sender="s",
                    text="t",
                    arrived_at=NOW - timedelta(minutes=10 - number),
                    day=NOW.date(),
                    open=True,
                    state=state,
                )
            )
        session.add_all([Unbound(channel="onebot", messages=5), Unbound(channel="gateway/demo", messages=2)])
        for sent in [DeliveryState.DUE, DeliveryState.SENT, DeliveryState.SENT, DeliveryState.DEAD]:
            row = {"kind": DeliveryKind.DIGEST, "text": "t", "due_at": NOW, "deadline_at": NOW}
            session.add(Delivery(binding_id=binding.id, state=sent, **row))

    with database.read() as session:
        found = status(session, NOW)
    assert found.inbox == Inbox(received=9, waiting=3, done=4, parked=2, quarantined=1, unbound=7)
    assert found.outbox == Outbox(due=1, sent=2, unknown=0, dead=1)
    assert found.oldest_waiting_s == 600.0
    assert list(found.as_json()) == ["inbox", "outbox", "oldest_waiting_s", "schema"]
    database.close()

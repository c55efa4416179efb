"""What becomes of a message that arrives: the answer table of the contract, as far as intake decides it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.channels.protocol import Kind
from bot.intake.inbox import Receipt
from bot.intake.quarantine import listed
from models.audit import AuditRow
from models.chat import Unbound
from models.message import InboxMessage
from tests.intake.county import NOW, County, bind, small_county


@pytest.fixture
def county(database_url: str) -> Iterator[County]:
    county = small_county(database_url)
    yield county
    county.database.close()


def audit(county: County) -> list[str]:
    with county.database.read() as session:
        return list(session.scalars(select(AuditRow.act).order_by(AuditRow.id)))


def test_a_message_is_stored_once(county: County) -> None:
    assert [county.arrives() for _ in range(3)] == [Receipt.STORED, Receipt.KNOWN, Receipt.KNOWN]
    assert county.states() == {"waiting": 1}


@pytest.mark.parametrize(
    "changes",
    [{"platform_id": "m2"}, {"text": "李雷 36.6"}, {"sender": "wxid-2"}, {"sent_at": NOW - timedelta(seconds=9)}],
    ids=lambda changes: next(iter(changes)),
)
def test_a_platform_whose_ids_begin_again_loses_nothing(county: County, changes: dict[str, Any]) -> None:
    county.arrives()
    assert county.arrives(**changes) is Receipt.STORED
    assert county.states() == {"waiting": 2}


def test_a_wrong_clock_is_kept_for_a_person(county: County) -> None:
    assert county.arrives(stale=True) is Receipt.QUARANTINED
    assert county.states() == {"quarantined": 1}
    with county.database.write() as session:
        waiting = listed(session)
        assert county.inbox.release(session, [one.id for one in waiting], NOW) == 1
    assert county.states() == {"waiting": 1}
    assert audit(county) == ["quarantined", "released"]


def test_a_repetition_with_a_right_clock_lets_it_in(county: County) -> None:
    county.arrives(stale=True)
    assert county.arrives(stale=True) is Receipt.KNOWN
    assert county.states() == {"quarantined": 1}
    assert county.arrives() is Receipt.KNOWN
    assert county.states() == {"waiting": 1}


def test_a_replay_of_what_was_stored_changes_nothing(county: County) -> None:
    county.arrives()
    assert county.arrives(stale=True) is Receipt.KNOWN
    assert county.states() == {"waiting": 1}


def test_an_unbound_chat_is_counted_not_kept(county: County) -> None:
    assert [county.arrives(chat="room-9") for _ in range(2)] == [Receipt.UNBOUND, Receipt.UNBOUND]
    with county.database.read() as session:
        assert session.scalar(select(func.count()).select_from(InboxMessage)) == 0
        assert session.scalars(select(Unbound.messages)).all() == [2]


@pytest.mark.parametrize("gateway", ["gateway/demo", "gateway/other"])
@pytest.mark.parametrize("owner", ["gateway/demo", "gateway/other"])
def test_a_chat_belongs_to_one_gateway(county: County, gateway: str, owner: str) -> None:
    with county.database.write() as session:
        bind(session, owner, "room-2", county.group_id)
    receipt = county.arrives(channel=gateway, chat="room-2")
    assert receipt is (Receipt.STORED if gateway == owner else Receipt.FOREIGN)
    assert audit(county) == ([] if gateway == owner else ["foreign_chat"])
    assert county.states() == ({"waiting": 1} if gateway == owner else {})


def test_a_chat_of_the_same_id_on_another_platform_is_another_chat(county: County) -> None:
    assert county.arrives(channel="wecom-bot") is Receipt.UNBOUND


@pytest.mark.parametrize("changes", [{"kind": Kind.IMAGE, "text": ""}, {"kind": Kind.EVENT}, {"text": " \n"}])
def test_what_cannot_be_read_is_not_kept(county: County, changes: dict[str, Any]) -> None:
    assert county.arrives(**changes) is Receipt.IGNORED
    assert county.states() == {}


@pytest.mark.parametrize(("days_ago", "is_open"), [(0, True), (6, True), (7, False), (-1, False), (2000, False)])
def test_whether_a_day_is_open_is_fixed_on_arrival(county: County, days_ago: int, is_open: bool) -> None:  # noqa: FBT001
    county.arrives(sent_at=NOW - timedelta(days=days_ago))
    with county.database.read() as session:
        assert session.scalars(select(InboxMessage.open)).all() == [is_open]


def test_names_and_texts_are_sealed(county: County) -> None:
    county.arrives(text="卡纳丽测试甲 36.5 电话13900000000")
    with county.database.engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT sender, sender_name, text, platform_id FROM message").one()
    assert all("卡纳丽".encode() not in bytes(value) and b"wxid" not in bytes(value) for value in row)
    with county.database.read() as session:
        assert session.scalars(select(InboxMessage.text)).one() == "卡纳丽测试甲 36.5 电话***********"


YEARS_AGO = NOW - timedelta(days=2000)


def test_a_server_clock_that_was_wrong_does_not_close_the_day(county: County) -> None:
    """The server's clock stood years back; once it is right, a repetition or a person lets the message in, in time."""
    county.arrives(stale=True, now=YEARS_AGO)
    county.arrives(platform_id="m2", stale=True, now=YEARS_AGO)
    assert county.arrives() is Receipt.KNOWN
    with county.database.write() as session:
        assert county.inbox.release(session, [one.id for one in listed(session)], NOW) == 1
        rows = session.execute(select(InboxMessage.state, InboxMessage.open, InboxMessage.arrived_at)).all()
    assert rows == [("waiting", True, NOW)] * 2


def test_a_quote_is_kept_apart_from_what_was_said(county: County) -> None:
    county.arrives(quoted="1. 李雷 36.5 电话13900000000")
    with county.database.read() as session:
        quoted = session.scalars(select(InboxMessage.quoted)).one()
    assert quoted == "1. 李雷 36.5 电话***********"

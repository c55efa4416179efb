"""Bindings: what a chat speaks for, and from when."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.errors import NotPossible
from bot.roster.binding import Target, bind, holds
from bot.roster.finding import group_named, school_named
from bot.wiring import migrate
from models.chat import Binding
from models.database import Database, open_database
from models.group import Group
from models.school import School
from models.vocabulary import GroupKind
from tests.roster.county import KEYRING

NOW = datetime(2020, 2, 18, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Two schools: 一小 has groups 1 一班 and 2 二班, 二小 has group 3 一班."""
    opened = open_database(database_url, KEYRING)
    migrate(opened, KEYRING)
    with opened.write() as session:
        first, second = School(id=1, name="演示县第一小学"), School(id=2, name="演示县第二小学")
        session.add_all(
            Group(id=number, school=school, name=name, kind=GroupKind.CLASS)
            for number, school, name in ((1, first, "一班"), (2, first, "二班"), (3, second, "一班"))
        )
    yield opened
    opened.close()


def bound(database: Database, channel: str, chat: str, target: Target, now: datetime = NOW) -> bool:
    with database.write() as session:
        return bind(session, KEYRING, channel, chat, target, now)


def test_a_new_binding_ends_the_old_one(database: Database) -> None:
    assert bound(database, "gateway/demo", "Room", Target(group_id=1))
    assert not bound(database, "gateway/demo", "Room", Target(group_id=1), LATER)
    assert bound(database, "gateway/demo", "Room", Target(group_id=2), LATER)
    with database.read() as session:
        rows = session.scalars(select(Binding).order_by(Binding.id)).all()
        assert [(row.group_id, row.from_at, row.until_at) for row in rows] == [(1, NOW, LATER), (2, LATER, None)]
        held = holds(session, KEYRING, "gateway/demo", "Room")
        assert held is not None
        assert (held.id, held.chat) == (rows[1].id, "Room")


@pytest.mark.parametrize(
    ("channel", "other_way", "same"),
    [
        ("wecom-app", "LinXT", True),
        ("wecom-bot", "LinXT", True),
        ("gateway/demo", "LinXT", False),
        ("onebot", "LinXT", False),
        ("official-account", "LinXT", False),
    ],
)
def test_wecom_ids_ignore_case(database: Database, channel: str, other_way: str, same: bool) -> None:  # noqa: FBT001
    bound(database, channel, "linxt", Target(group_id=1))
    with database.read() as session:
        assert (holds(session, KEYRING, channel, other_way) is not None) is same


def test_a_chat_has_one_digest_in_all_channels(database: Database) -> None:
    bound(database, "gateway/a", "room", Target(group_id=1))
    bound(database, "gateway/b", "room", Target(group_id=2))
    with database.read() as session:
        assert set(session.scalars(select(Binding.chat_digest))) == {KEYRING.digest("chat", "room")}


def test_the_address_of_a_robot_is_as_good_as_its_key(database: Database) -> None:
    address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=made-up-0001"
    assert bound(database, "wecom-robot", address, Target(group_id=1))
    assert not bound(database, "wecom-robot", "made-up-0001", Target(group_id=1))


@pytest.mark.parametrize("target", [Target(group_id=1), Target(school_id=1), Target()])
def test_robots_of_a_group_a_school_the_bureau(database: Database, target: Target) -> None:
    assert bound(database, "wecom-robot", "key", target)


@pytest.mark.parametrize("target", [Target(group_id=1), Target(school_id=1), Target()])
def test_a_unit_has_one_robot(database: Database, target: Target) -> None:
    others = {Target(group_id=1), Target(group_id=2), Target(school_id=1), Target(school_id=2), Target()} - {target}
    for number, other in enumerate(others):
        bound(database, "wecom-robot", f"other-{number}", other)
    bound(database, "gateway/demo", "room", Target(group_id=1))
    assert bound(database, "wecom-robot", "old", target)
    assert bound(database, "wecom-robot", "new", target, LATER)
    with database.read() as session:
        rows = session.scalars(select(Binding).order_by(Binding.id)).all()
        assert {row.chat: row.until_at for row in rows if row.until_at is not None} == {"old": LATER}


def test_a_robot_that_moves_to_a_unit_takes_the_place_of_its_robot(database: Database) -> None:
    bound(database, "wecom-robot", "a", Target(group_id=1))
    bound(database, "wecom-robot", "b", Target(group_id=2))
    assert bound(database, "wecom-robot", "a", Target(group_id=2), LATER)
    with database.read() as session:
        rows = session.scalars(select(Binding).order_by(Binding.id)).all()
        found = [(row.chat, row.group_id, row.until_at) for row in rows]
    assert found == [("a", 1, LATER), ("b", 2, LATER), ("a", 2, None)]


def test_a_chat_that_is_read_is_not_ended_by_another(database: Database) -> None:
    bound(database, "gateway/a", "room-a", Target(group_id=1))
    bound(database, "gateway/b", "room-b", Target(group_id=1), LATER)
    with database.read() as session:
        assert session.scalars(select(Binding.until_at)).all() == [None, None]


def test_a_refused_robot_that_is_bound_again_is_tried_again(database: Database) -> None:
    bound(database, "wecom-robot", "key", Target(school_id=1))
    with database.write() as session:
        session.scalars(select(Binding)).one().refused_at = NOW
    assert bound(database, "wecom-robot", "key", Target(school_id=1), LATER), "that is a change"
    with database.read() as session:
        row = session.scalars(select(Binding)).one()
        assert (row.refused_at, row.from_at, row.until_at) == (None, NOW, None)
    assert not bound(database, "wecom-robot", "key", Target(school_id=1), LATER)


@pytest.mark.parametrize(
    ("channel", "chat", "target", "sentence"),
    [
        ("wechat", "c", Target(group_id=1), "没有叫“wechat”的渠道"),
        ("gateway", "c", Target(group_id=1), "没有叫“gateway”的渠道"),
        ("gateway/", "c", Target(group_id=1), "没有叫“gateway/”的渠道"),
        ("gateway/Demo", "c", Target(group_id=1), "没有叫“gateway/Demo”的渠道"),
        ("gateway/demo", " ", Target(group_id=1), "不能为空"),
        ("wecom-robot", "https://example.invalid/send", Target(group_id=1), "不能为空"),
        ("gateway/demo", "a\nb", Target(group_id=1), "控制字符"),
        ("gateway/demo", "x" * 257, Target(group_id=1), "最长 256"),
        ("gateway/demo", "c", Target(school_id=1), "用 --group 说明"),
        ("onebot", "c", Target(), "用 --group 说明"),
    ],
)
def test_refused(database: Database, channel: str, chat: str, target: Target, sentence: str) -> None:
    with pytest.raises(NotPossible, match=sentence):
        bound(database, channel, chat, target)
    with database.read() as session:
        assert session.scalars(select(Binding)).all() == []


def test_names_that_are_there(database: Database) -> None:
    with database.read() as session:
        assert school_named(session, "演示县第二小学").id == 2
        assert group_named(session, "一班", "演示县第二小学").id == 3
        assert group_named(session, "二班", None).id == 2


@pytest.mark.parametrize(
    ("group", "school", "sentence"),
    [
        ("一班", "演示县第三小学", "没有叫“演示县第三小学”的学校，最接近的是“演示县第[一二]小学”"),
        ("二斑", "演示县第一小学", "演示县第一小学没有叫“二斑”的班级或教职工群，最接近的是“二班”"),
        ("XYZ", "演示县第一小学", "没有叫“XYZ”的班级或教职工群"),
        ("一班", None, "有 2 所学校都有“一班”（演示县第一小学、演示县第二小学），请用 --school"),
    ],
)
def test_names_that_are_not_there_or_not_alone(
    database: Database, group: str, school: str | None, sentence: str
) -> None:
    with database.read() as session, pytest.raises(NotPossible, match=sentence):
        group_named(session, group, school)

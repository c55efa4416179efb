"""From the inbox to records in a real database: whatever the order, from memory or from nothing, once."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from bot.channels.protocol import Incoming
from bot.intake.claims import claim
from bot.pipeline import Pipeline
from models.group import Group, Revision
from models.membership import Membership
from models.message import InboxMessage
from models.record import Record, RecordVersion
from models.review import ReviewItem
from models.vocabulary import GroupKind, Role
from tests.intake.county import KEYRING, NOW, TEXT, ZONE, County, bind, small_county


@pytest.fixture
def county(database_url: str) -> Iterator[County]:
    county = small_county(database_url)
    yield county
    county.database.close()


def pipeline(county: County, open_days: int = 7) -> Pipeline:
    return Pipeline(county.database, KEYRING, ZONE, open_days)


def read(county: County, by: Pipeline, now: datetime = NOW) -> None:
    """Read until nothing waits."""
    while True:
        with claim(county.database) as claimed:
            if claimed is None:
                return
            by.read(claimed, now)


def records(county: County) -> dict[tuple[int, str], tuple[str | None, Decimal | None, tuple[str, ...]]]:
    """(person, day) -> basis, temperature, flags."""
    with county.database.read() as session:
        return {
            (one.person_id, one.day.isoformat()): (one.basis, one.temperature, tuple(one.flags))
            for one in session.scalars(select(Record))
        }


def reasons(county: County) -> list[tuple[int, str]]:
    with county.database.read() as session:
        rows = session.execute(select(RecordVersion.number, RecordVersion.reason).order_by(RecordVersion.id))
        return [(number, reason) for number, reason in rows]


def reviews(county: County) -> list[tuple[str, str]]:
    with county.database.read() as session:
        rows = session.execute(select(ReviewItem.reason, ReviewItem.state).order_by(ReviewItem.id))
        return [(reason, state) for reason, state in rows]


CHAIN = "#接龙\n2月18日体温接龙\n\n1. 李雷 36.5 正常"


def morning() -> list[Incoming]:
    """A chain, copies, a correction, a late report, a doubt: what a day holds."""
    texts = [
        ("李雷妈妈", CHAIN),
        ("韩梅梅爸爸", f"{CHAIN}\n2. 韩梅梅 37.6 有点咳嗽"),
        ("王小明妈妈", f"{CHAIN}\n2. 王小明 36.4"),
        ("李雷妈妈", "李雷晚上又量了 36.9"),
        ("好运来", "36.5正常"),
        ("王小明妈妈", "打错了，王小明是36.6"),
        ("班主任", "收到，谢谢各位家长"),
    ]
    return [
        replace(
            TEXT,
            platform_id=f"m{number}",
            sender=f"wxid-{name}",
            sender_name=name,
            text=text,
            sent_at=NOW - timedelta(hours=1) + timedelta(minutes=number),
        )
        for number, (name, text) in enumerate(texts, 8)
    ]


EXPECTED = {
    (1, "2020-02-18"): ("stated", Decimal("36.90"), ()),
    (2, "2020-02-18"): ("stated", Decimal("37.60"), ("fever", "symptom")),
    (3, "2020-02-18"): ("stated", Decimal("36.60"), ()),
}


def test_a_morning(county: County) -> None:
    for message in morning():
        county.arrives(message)
    read(county, pipeline(county))
    assert records(county) == EXPECTED
    assert reviews(county) == [("unknown_sender", "open")]
    assert county.states() == {"done": len(morning())}


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_arrival_gives_the_same(county: County, seed: int) -> None:
    """Each arrival is read at once, by one pipeline that remembers, or by one that knows nothing."""
    chance = random.Random(seed)
    messages = morning()
    chance.shuffle(messages)
    remembering = pipeline(county)
    for message in messages:
        county.arrives(message)
        if chance.random() < 0.7:  # now and then, several wait together
            read(county, remembering if chance.random() < 0.5 else pipeline(county))
    read(county, remembering)
    assert records(county) == EXPECTED
    assert [one for one in reviews(county) if one[1] == "open"] == [("unknown_sender", "open")]


def test_reading_again_changes_nothing(county: County) -> None:
    for message in morning():
        county.arrives(message)
    read(county, pipeline(county))
    before = reasons(county)
    with county.database.write() as session:
        session.execute(update(Group).values(stale=True))
    read(county, pipeline(county))
    assert reasons(county) == before
    assert records(county) == EXPECTED


def test_versions_say_why(county: County) -> None:
    by = pipeline(county)
    for name, text in [("李雷妈妈", "李雷 36.5"), ("李雷妈妈", "李雷 37.5"), ("李雷妈妈", "打错了，李雷是36.7")]:
        number = len(reasons(county))
        at = NOW - timedelta(minutes=30 - number)
        county.arrives(platform_id=f"m{number}", sender_name=name, text=text, sent_at=at)
        read(county, by)
    assert reasons(county) == [(1, "reported"), (2, "added"), (3, "corrected")]
    assert records(county)[1, "2020-02-18"] == ("stated", Decimal("36.70"), ())


def test_a_copy_that_says_nothing_new_makes_no_version(county: County) -> None:
    by = pipeline(county)
    for number in range(3):
        county.arrives(platform_id=f"m{number}", text=CHAIN, sent_at=NOW - timedelta(minutes=9 - number))
        read(county, by)
    assert reasons(county) == [(1, "reported")]


def test_a_message_for_a_closed_day_is_for_a_person(county: County) -> None:
    county.arrives(sent_at=NOW - timedelta(days=30))
    read(county, pipeline(county))
    assert records(county) == {}
    assert reviews(county) == [("closed_day", "open")]
    assert county.states() == {"done": 1}


def test_what_was_written_of_a_day_stands_when_it_closes(county: County) -> None:
    county.arrives(sent_at=NOW - timedelta(days=6))
    read(county, pipeline(county))
    later = NOW + timedelta(days=3)
    county.arrives(platform_id="m2", sent_at=later, now=later)
    read(county, pipeline(county), later)
    assert sorted(day for _, day in records(county)) == ["2020-02-12", "2020-02-21"]


def test_without_a_time_the_arrival_orders(county: County) -> None:
    county.arrives(platform_id="b", sent_at=None, text="李雷 36.8")
    county.arrives(platform_id="a", sent_at=None, text="打错了，李雷是36.5", now=NOW + timedelta(seconds=1))
    read(county, pipeline(county))
    assert records(county)[1, "2020-02-18"][1] == Decimal("36.50")


def test_every_reading_is_a_revision(county: County) -> None:
    by = pipeline(county)
    for number in range(3):
        county.arrives(platform_id=f"m{number}", text=f"李雷 36.{number + 1}")
        read(county, by)
    with county.database.read() as session:
        rows = session.execute(select(Revision.number, Revision.cause).order_by(Revision.number)).all()
        assert [tuple(row) for row in rows] == [(1, "messages"), (2, "messages"), (3, "messages")]


@pytest.mark.parametrize("attempts", [0, 2, 3])
def test_a_message_that_readers_die_of_is_parked(county: County, attempts: int) -> None:
    """Two deaths may be chance; at the third it is set aside, and the others of its group go on."""
    county.arrives(text="李雷 36.5")
    county.arrives(platform_id="m2", sender_name="韩梅梅妈妈", text="韩梅梅 36.6", sent_at=NOW)
    with county.database.write() as session:
        session.execute(update(InboxMessage).where(InboxMessage.id == 1).values(attempts=attempts))
    by = pipeline(county)
    for _ in range(2):
        with claim(county.database) as claimed:
            assert claimed is not None
            assert by.read(claimed, NOW, carefully=True) == 1
    parked = attempts == 3
    assert county.states() == ({"parked": 1, "done": 1} if parked else {"done": 2})
    assert [person for person, _ in records(county)] == ([2] if parked else [1, 2])
    assert reviews(county) == ([("parked", "open")] if parked else [])


def teacher_in_two_groups(county: County) -> None:
    """李雷 is a teacher too: the class's chat is room-1, the staff's is room-2, and he is one person in both."""
    with county.database.write() as session:
        staff = Group(school_id=1, name="教师群", kind=GroupKind.STAFF)
        session.add(staff)
        session.flush()
        session.add(Membership(group_id=staff.id, person_id=1, role=Role.TEACHER))
        bind(session, "gateway/demo", "room-2", staff.id)


@pytest.mark.parametrize("first", ["room-1", "room-2"])
def test_a_person_in_two_groups_has_one_record(county: County, first: str) -> None:
    teacher_in_two_groups(county)
    said = {"room-1": "李雷 37.4", "room-2": "李雷 36.5 有点咳嗽"}
    by = pipeline(county)
    for minute, chat in enumerate((first, next(chat for chat in said if chat != first))):
        at = NOW - timedelta(minutes=9 - minute)
        county.arrives(chat=chat, platform_id=chat, sender_name="李雷", text=said[chat], sent_at=at)
        read(county, by)
    assert records(county) == {(1, "2020-02-18"): ("stated", Decimal("37.40"), ("fever", "symptom"))}
    assert reasons(county) == [(1, "reported"), (2, "added")]


def test_a_correction_in_one_group_corrects_what_was_said_in_the_other(county: County) -> None:
    teacher_in_two_groups(county)
    county.arrives(sender_name="李雷", text="李雷 37.4", sent_at=NOW - timedelta(minutes=9))
    county.arrives(chat="room-2", platform_id="m2", sender_name="李雷", text="打错了，李雷是36.4", sent_at=NOW)
    read(county, pipeline(county))
    assert records(county) == {(1, "2020-02-18"): ("stated", Decimal("36.40"), ())}

"""From the inbox to records in a real database: whatever the order, from memory or from nothing, once."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Connection, delete, event, select, update
from sqlalchemy.exc import DBAPIError

from bot.channels.protocol import Incoming
from bot.counts.members import member_days
from bot.intake import log
from bot.intake.claims import claim
from bot.pipeline import Pipeline
from models.group import Group, Revision
from models.message import InboxMessage
from models.record import Record, RecordVersion
from models.review import ReviewItem
from tests.intake.county import (
    KEYRING,
    NAMES,
    NOW,
    TEXT,
    ZONE,
    County,
    bind,
    read_all,
    small_county,
    teacher_in_two_groups,
)
from tests.postgres import Server


@pytest.fixture
def county(database_url: str) -> Iterator[County]:
    county = small_county(database_url)
    yield county
    county.database.close()


def pipeline(county: County, open_days: int = 7) -> Pipeline:
    return Pipeline(county.database, KEYRING, ZONE, open_days)


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
    read_all(county, pipeline(county))
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
            read_all(county, remembering if chance.random() < 0.5 else pipeline(county))
    read_all(county, remembering)
    assert records(county) == EXPECTED
    assert [one for one in reviews(county) if one[1] == "open"] == [("unknown_sender", "open")]


def test_reading_again_changes_nothing(county: County) -> None:
    for message in morning():
        county.arrives(message)
    read_all(county, pipeline(county))
    before = reasons(county)
    with county.database.write() as session:
        session.execute(update(Group).values(stale=True))
    read_all(county, pipeline(county))
    assert reasons(county) == before
    assert records(county) == EXPECTED


def test_versions_say_why(county: County) -> None:
    by = pipeline(county)
    for name, text in [("李雷妈妈", "李雷 36.5"), ("李雷妈妈", "李雷 37.5"), ("李雷妈妈", "打错了，李雷是36.7")]:
        number = len(reasons(county))
        at = NOW - timedelta(minutes=30 - number)
        county.arrives(platform_id=f"m{number}", sender_name=name, text=text, sent_at=at)
        read_all(county, by)
    assert reasons(county) == [(1, "reported"), (2, "added"), (3, "corrected")]
    assert records(county)[1, "2020-02-18"] == ("stated", Decimal("36.70"), ())


def test_a_copy_that_says_nothing_new_makes_no_version(county: County) -> None:
    by = pipeline(county)
    for number in range(3):
        county.arrives(platform_id=f"m{number}", text=CHAIN, sent_at=NOW - timedelta(minutes=9 - number))
        read_all(county, by)
    assert reasons(county) == [(1, "reported")]


def test_a_message_for_a_closed_day_is_for_a_person(county: County) -> None:
    county.arrives(sent_at=NOW - timedelta(days=30))
    read_all(county, pipeline(county))
    assert records(county) == {}
    assert reviews(county) == [("closed_day", "open")]
    assert county.states() == {"done": 1}


def test_a_member_of_whom_a_closed_day_was_told_is_not_missing_there(county: County) -> None:
    """Not read is not missing: whom the message is about is in review; and what says nothing is nobody's affair."""
    at = NOW - timedelta(days=30)
    county.arrives(text="李雷 36.5", sent_at=at)
    county.arrives(platform_id="m2", text="老师早上好", sent_at=at)
    read_all(county, pipeline(county))
    with county.database.read() as session:
        days = member_days(session, at.date())
    assert [(one.name, one.state) for one in days] == [("李雷", "review"), ("韩梅梅", "missing"), ("王小明", "missing")]
    assert reviews(county) == [("closed_day", "open")]


def test_a_chain_that_grows_for_weeks_is_read_the_same_from_memory_and_from_nothing(county: County) -> None:
    by = pipeline(county)
    text = "#接龙\n体温接龙\n"
    for day in range(24):
        at = NOW + timedelta(days=day)
        text += f"\n{day + 1}. {NAMES[day % 3]} 36.{day % 9}"
        county.arrives(platform_id=f"m{day}", sender_name=f"{NAMES[day % 3]}妈妈", text=text, sent_at=at, now=at)
        read_all(county, by, at)
        remembered = records(county)
        with county.database.write() as session:
            session.execute(update(Group).values(stale=True))
        read_all(county, pipeline(county), at)
        assert records(county) == remembered, f"day {day}"
        with county.database.write() as session:  # the one that remembers goes on from its own revision
            session.execute(update(Group).values(revision=by.memories[county.group_id].revision))
            session.execute(delete(Revision).where(Revision.number > by.memories[county.group_id].revision))


def test_what_was_written_of_a_day_stands_when_it_closes(county: County) -> None:
    county.arrives(sent_at=NOW - timedelta(days=6))
    read_all(county, pipeline(county))
    later = NOW + timedelta(days=3)
    county.arrives(platform_id="m2", sent_at=later, now=later)
    read_all(county, pipeline(county), later)
    assert sorted(day for _, day in records(county)) == ["2020-02-12", "2020-02-21"]


def test_without_a_time_the_arrival_orders(county: County) -> None:
    county.arrives(platform_id="b", sent_at=None, text="李雷 36.8")
    county.arrives(platform_id="a", sent_at=None, text="打错了，李雷是36.5", now=NOW + timedelta(seconds=1))
    read_all(county, pipeline(county))
    assert records(county)[1, "2020-02-18"][1] == Decimal("36.50")


def test_every_reading_is_a_revision(county: County) -> None:
    by = pipeline(county)
    for number in range(3):
        county.arrives(platform_id=f"m{number}", text=f"李雷 36.{number + 1}")
        read_all(county, by)
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


@pytest.mark.parametrize("first", ["room-1", "room-2"])
def test_a_person_in_two_groups_has_one_record(county: County, first: str) -> None:
    teacher_in_two_groups(county)
    said = {"room-1": "李雷 37.4", "room-2": "李雷 36.5 有点咳嗽"}
    by = pipeline(county)
    for minute, chat in enumerate((first, next(chat for chat in said if chat != first))):
        at = NOW - timedelta(minutes=9 - minute)
        county.arrives(chat=chat, platform_id=chat, sender_name="李雷", text=said[chat], sent_at=at)
        read_all(county, by)
    assert records(county) == {(1, "2020-02-18"): ("stated", Decimal("37.40"), ("fever", "symptom"))}
    assert reasons(county) == [(1, "reported"), (2, "added")]


def test_a_correction_in_one_group_corrects_what_was_said_in_the_other(county: County) -> None:
    teacher_in_two_groups(county)
    county.arrives(sender_name="李雷", text="李雷 37.4", sent_at=NOW - timedelta(minutes=9))
    county.arrives(chat="room-2", platform_id="m2", sender_name="李雷", text="打错了，李雷是36.4", sent_at=NOW)
    read_all(county, pipeline(county))
    assert records(county) == {(1, "2020-02-18"): ("stated", Decimal("36.40"), ())}


EVENING = NOW - timedelta(hours=12, minutes=5)  # 20:00 of 17 February at school


def standing(county: County) -> dict[str, list[int]]:
    """Day -> the persons of whom a record stands."""
    days: dict[str, list[int]] = {}
    for (person, day), (basis, _, _) in sorted(records(county).items()):
        if basis is not None:
            days.setdefault(day, []).append(person)
    return days


def test_a_chain_for_tomorrow_stands_when_the_evening_it_was_begun_on_closes(county: County) -> None:
    county.arrives(text=CHAIN, sent_at=EVENING, now=EVENING)
    read_all(county, pipeline(county), EVENING)
    later = EVENING + timedelta(days=7)  # the 18th is the first open day
    county.arrives(platform_id="m2", sender_name="韩梅梅妈妈", text="韩梅梅 36.6", sent_at=later, now=later)
    read_all(county, pipeline(county), later)
    assert standing(county) == {"2020-02-18": [1], "2020-02-24": [2]}
    assert [reason for _, reason in reasons(county)] == ["reported", "reported"]


def test_a_chain_over_midnight_brings_nobody_to_the_next_day_when_its_own_day_closes(county: County) -> None:
    chain = "#接龙\n体温接龙\n\n1. 李雷 36.5\n2. 王小明 38.1 发烧"
    midnight = EVENING + timedelta(hours=4, minutes=35)
    county.arrives(sender_name="王小明妈妈", text=chain, sent_at=EVENING, now=EVENING)
    county.arrives(platform_id="m2", text=f"{chain}\n3. 韩梅梅 36.6", sent_at=midnight, now=midnight)
    read_all(county, pipeline(county), midnight)
    before = standing(county)
    assert before == {"2020-02-17": [1, 2, 3]}
    later = EVENING + timedelta(days=7)
    with county.database.write() as session:
        session.execute(update(Group).values(stale=True))
    read_all(county, pipeline(county), later)
    assert standing(county) == before


def test_a_message_that_waited_over_a_day_is_read_with_what_came_before_it(county: County) -> None:
    """The worker was down, and the chain's beginning was read long ago."""
    by = pipeline(county)
    county.arrives(text=CHAIN, sent_at=EVENING, now=EVENING)
    read_all(county, by, EVENING)
    copy = f"{CHAIN}\n2. 韩梅梅 36.6"
    county.arrives(platform_id="m2", sender_name="韩梅梅妈妈", text=copy, sent_at=NOW, now=NOW)
    read_all(county, pipeline(county), NOW + timedelta(days=9))
    assert standing(county) == {"2020-02-18": [1, 2]}
    assert [number for number, _ in reasons(county)] == [1, 1]


def test_what_was_not_committed_is_not_remembered(postgres: Server) -> None:
    """The server goes away at the commit: what was read then is read again."""
    with postgres.database() as url:
        county = small_county(url)
        by = pipeline(county)
        county.arrives(text="李雷 36.5")
        lose = {"connection": True}

        @event.listens_for(county.database.engine, "commit")
        def fail(connection: Connection) -> None:
            if lose["connection"]:
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.close()

        with claim(county.database) as claimed:
            assert claimed is not None
            with pytest.raises(DBAPIError):
                by.read(claimed, NOW)
        assert by.memories == {}
        lose["connection"] = False
        read_all(county, by)
        assert standing(county) == {"2020-02-18": [1]}
        county.database.close()


def test_an_attempt_that_ends_without_a_death_does_not_count(county: County) -> None:
    county.arrives(text="李雷 36.5")
    by = pipeline(county)
    for _ in range(5):
        with claim(county.database) as claimed:
            assert claimed is not None
            log.attempt(county.database, 1, None)
            by._trying = 1
            by.survived()
    with county.database.read() as session:
        assert session.scalars(select(InboxMessage.attempts)).all() == [0]


def test_a_message_read_long_ago_that_readers_die_of_is_parked_and_its_record_stands(county: County) -> None:
    county.arrives(text="李雷 36.5")
    read_all(county, pipeline(county))
    with county.database.write() as session:
        session.execute(update(InboxMessage).values(attempts=3))
        session.execute(update(Group).values(stale=True))
    with claim(county.database) as claimed:
        assert claimed is not None
        pipeline(county).read(claimed, NOW, carefully=True)
    assert county.states() == {"parked": 1}
    assert standing(county) == {"2020-02-18": [1]}
    assert reviews(county) == [("parked", "open")]


def test_a_room_that_comes_in_through_two_gateways_is_read_once(county: County) -> None:
    with county.database.write() as session:
        bind(session, "gateway/spare", "room-1", county.group_id)
    by = pipeline(county)
    for channel in ("gateway/demo", "gateway/spare"):
        county.arrives(channel=channel, text="李雷 36.5")
        read_all(county, by)
    assert county.states() == {"done": 2}
    assert reasons(county) == [(1, "reported")]

"""A group's day: who is in which state, which words say so, what waits for a person, and what it costs to find out."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import event, select, update

from bot.counts.earlier import Earlier, earlier
from bot.counts.group_day import DoubtLine, GroupDay, MemberLine, group_day
from bot.counts.quotes import Mark, Quote
from bot.intake.claims import claim
from bot.pipeline import Pipeline
from models.group import Group
from models.membership import Membership
from models.message import InboxMessage
from models.person import Guardian, Person
from models.vocabulary import Flag, GroupKind, MessageState, Reason, Role, State
from tests.intake.county import KEYRING, NAMES, NOW, ZONE, County, bind, read_all, small_county

DAY = date(2020, 2, 18)
SIGNS = {Mark.READ: "_", Mark.RAISED: "*", Mark.UNSURE: "~", None: ""}


@pytest.fixture
def county(database_url: str) -> Iterator[County]:
    county = small_county(database_url)
    yield county
    county.database.close()


def say(
    county: County, texts: Sequence[tuple[str, str]], chat: str = "room-1", day: date = DAY, minute: int = 5
) -> None:
    """Let (sender, text) arrive, a minute apart from 07:05 on, and read them."""
    at = NOW - timedelta(minutes=65 - minute) + (day - DAY)
    for number, (sender, text) in enumerate(texts):
        county.arrives(
            chat=chat,
            platform_id=f"{chat}-{day}-{number}",
            sender=f"wxid-{sender}",
            sender_name=sender,
            text=text,
            sent_at=at + timedelta(minutes=number),
            now=at + timedelta(minutes=number),
        )
    read_all(county, now=at + timedelta(hours=1))


def seen(county: County, day: date = DAY, group_id: int | None = None) -> GroupDay:
    with county.database.read() as session:
        return group_day(session, group_id or county.group_id, day, ZONE)


def words(quote: Quote) -> str:
    """The stretches as `_read_`, `*raised*`, `~unsure~`, with the entry's number."""
    number = f"[{quote.line}] " if quote.line else ""
    return number + "".join(f"{SIGNS[one.mark]}{one.text}{SIGNS[one.mark]}" for one in quote.stretches)


def quotes(day: GroupDay) -> dict[str, list[str]]:
    return {one.of.name: [words(quote) for quote in one.quotes] for one in day.members}


def states(day: GroupDay) -> dict[str, State]:
    return {one.of.name: one.of.state for one in day.members}


HEAD = "#接龙\n2月18日体温接龙\n\n"
TABLE: Sequence[tuple[list[tuple[str, str]], State, list[str], list[tuple[Reason, str, tuple[str, ...]]]]] = (
    # what arrives, 李雷's state, the words that tell of 李雷, the doubts: reason, words, whom they may concern
    ([], State.MISSING, [], []),
    ([("李雷妈妈", "李雷 36.5 正常")], State.CLEAR, ["李雷 _36.5_ _正常_"], []),
    ([("李雷妈妈", "36.5")], State.CLEAR, ["_36.5_"], []),
    ([("李雷妈妈", f"{HEAD}1. 李雷")], State.CLEAR, ["[1] 1. 李雷"], []),
    (
        [("李雷妈妈", f"{HEAD}1. 韩梅梅 36.5\n2. 李雷 37.6，有点咳嗽，没出门")],
        State.FLAGGED,
        ["[2] 2. 李雷 *37.6*，有点*咳嗽*，没出门"],
        [],
    ),
    (
        [("李雷妈妈", "李雷 36.4 无不适。舅舅前天从武汉回来，一起吃过饭")],
        State.FLAGGED,
        ["李雷 _36.4_ _无不适_。舅舅前天从*武汉*回来，一起吃过饭"],
        [],
    ),
    (
        [("李雷妈妈", "李雷 36.5"), ("李雷妈妈", "李雷下午又量了37.5")],
        State.FLAGGED,
        ["李雷 _36.5_", "李雷下午又量了*37.5*"],
        [],
    ),
    (
        [("李雷妈妈", "李雷 37.5"), ("李雷妈妈", "打错了，李雷是36.5")],
        State.CLEAR,
        ["李雷 _37.5_", "打错了，李雷是_36.5_"],
        [],
    ),
    (
        [("李雷妈妈", f"{HEAD}1. 李雷 38.5"), ("李雷妈妈", f"{HEAD}1. 李雷 36.5")],
        State.CLEAR,
        ["[1] 1. 李雷 _36.5_"],  # the line that it takes the place of is as if it had never been
        [],
    ),
    (
        [("王小明爸爸", f"{HEAD}1. 李雷 38.5"), ("韩梅梅妈妈", f"{HEAD}1. 李雷 36.5")],
        State.FLAGGED,
        ["[1] 1. 李雷 *38.5*"],
        [(Reason.LOWERED_BY_OTHER, "[1] 1. 李雷 _36.5_", ("李雷",))],
    ),
    (
        [("李雷妈妈", f"{HEAD}3. 李雷 63.5 正常")],
        State.REVIEW,
        ["[3] 3. 李雷 63.5 _正常_"],
        [(Reason.IMPLAUSIBLE_TEMPERATURE, "[3] 3. 李雷 ~63.5~ _正常_", ("李雷",))],
    ),
    ([("外婆", f"{HEAD}27. 冯建业 36.5")], State.MISSING, [], [(Reason.UNKNOWN_PERSON, "[27] 27. ~冯建业~ 36.5", ())]),
    ([("静待花开", "36.4正常")], State.MISSING, [], [(Reason.UNKNOWN_SENDER, "36.4正常", ())]),
)


@pytest.mark.parametrize(("texts", "state", "told", "doubts"), TABLE)
def test_what_arrives_and_what_is_seen(
    county: County,
    texts: list[tuple[str, str]],
    state: State,
    told: list[str],
    doubts: list[tuple[Reason, str, tuple[str, ...]]],
) -> None:
    say(county, texts)
    day = seen(county)
    assert (states(day)["李雷"], quotes(day)["李雷"]) == (state, told)
    assert [(one.reason, words(one.quote), one.names) for one in day.doubts] == doubts


def test_who_wrote_it_and_when(county: County) -> None:
    say(county, [("李雷妈妈", f"{HEAD}1. 李雷 36.5"), ("韩梅梅爸爸", f"{HEAD}1. 李雷 36.5\n2. 韩梅梅 36.6")])
    day = seen(county)
    said = [(quote.sender, quote.at and f"{quote.at:%H:%M}", quote.line) for one in day.members for quote in one.quotes]
    assert said == [("李雷妈妈", "07:05", 1), ("韩梅梅爸爸", "07:06", 2)]
    assert day.heard_at is not None
    assert f"{day.heard_at:%H:%M}" == "07:06"
    assert (day.school, day.group, day.kind, day.heard, day.expected) == ("演示小学", "三年二班", GroupKind.CLASS, 2, 3)


def test_a_day_without_any_message(county: County) -> None:
    say(county, [("李雷妈妈", "李雷 36.5")])
    day = seen(county, DAY + timedelta(days=1))
    assert (day.heard_at, day.waiting, day.heard, day.doubts) == (None, 0, 0, ())


def test_what_waits_to_be_read(county: County) -> None:
    county.arrives()
    county.arrives(platform_id="m2")
    county.arrives(platform_id="m3", sent_at=NOW + timedelta(hours=2), stale=True)
    day = seen(county)
    assert (day.waiting, day.heard) == (2, 0)
    assert day.heard_at is not None
    assert f"{day.heard_at:%H:%M}" == "08:04"  # what is in quarantine was not heard


def test_what_a_message_proposes(county: County) -> None:
    say(county, [("王小明爸爸", f"{HEAD}1. 李雷 38.5"), ("韩梅梅妈妈", f"{HEAD}1. 李雷 36.5 咳嗽")])
    (doubt,) = seen(county).doubts
    assert doubt.proposal is not None
    assert (str(doubt.proposal.temperature), doubt.proposal.flags) == ("36.5", (Flag.SYMPTOM,))


def test_whom_to_call(county: County) -> None:
    with county.database.write() as session:
        person = session.scalars(select(Person).order_by(Person.id)).first()
        assert person is not None
        person.phone = "13900000003"
        person.guardians = [
            Guardian(phone="139 0000 0001/0411-1234567"),
            Guardian(phone="无"),
            Guardian(phone="13900000003"),
        ]
    assert [one.phones for one in seen(county).members] == [("13900000001", "04111234567", "13900000003"), (), ()]


@pytest.fixture
def staff(county: County) -> int:
    """李雷 is in a staff group too."""
    with county.database.write() as session:
        group = Group(school_id=1, name="教师群", kind=GroupKind.STAFF)
        session.add(group)
        session.flush()
        session.add(Membership(group_id=group.id, person_id=1, role=Role.TEACHER))
        bind(session, "gateway/demo", "room-2", group.id)
        return group.id


def test_what_was_said_in_another_group_counts_and_is_not_shown(county: County, staff: int) -> None:
    say(county, [("李雷", "李雷 37.5")], "room-2")
    assert quotes(seen(county, group_id=staff)) == {"李雷": ["李雷 *37.5*"]}
    day = seen(county)
    assert (states(day)["李雷"], quotes(day)["李雷"]) == (State.FLAGGED, [])
    say(county, [("李雷", "打错了，李雷是36.5")], minute=9)
    assert (states(seen(county))["李雷"], quotes(seen(county))["李雷"]) == (State.CLEAR, ["打错了，李雷是_36.5_"])
    assert quotes(seen(county, group_id=staff)) == {"李雷": ["李雷 _37.5_"]}


def test_what_waits_for_a_person_in_another_group(county: County, staff: int) -> None:
    say(county, [("李雷", "李雷 63.5")], "room-2")
    day = seen(county)
    assert (states(day)["李雷"], day.doubts) == (State.REVIEW, ())
    assert [one.of.name for one in day.doubted_elsewhere] == ["李雷"]
    assert seen(county, group_id=staff).doubted_elsewhere == ()


def test_doubts_that_concern_nobody_are_told_apart(county: County) -> None:
    say(county, [("李雷妈妈", "李雷 63.5"), ("静待花开", "36.4正常"), ("外婆", f"{HEAD}2. 冯建业 36.5")])
    day = seen(county)
    assert (len(day.doubts), day.doubts_of_nobody, day.count(State.REVIEW)) == (3, 2, 1)


def test_a_message_that_was_set_aside_is_shown_as_it_is(county: County) -> None:
    county.arrives(text="李雷 36.5")
    with county.database.write() as session:
        session.execute(update(InboxMessage).values(attempts=3))
    with claim(county.database) as claimed:
        assert claimed is not None
        Pipeline(county.database, KEYRING, ZONE, open_days=7).read(claimed, NOW, carefully=True)
    (doubt,) = seen(county).doubts
    assert (doubt.reason, words(doubt.quote)) == (Reason.PARKED, "李雷 36.5")
    assert county.states() == {MessageState.PARKED: 1}


def test_the_queries_do_not_grow_with_the_day(county: County) -> None:
    asked: list[str] = []

    def count() -> int:
        asked.clear()
        seen(county)
        return len([one for one in asked if one.startswith("SELECT")])

    event.listen(county.database.engine, "before_cursor_execute", lambda *told: asked.append(str(told[2])))
    say(county, [("李雷妈妈", "李雷 63.5")])
    few = count()
    say(county, [(f"{name}妈妈", f"{name} {value}") for name in NAMES for value in ("63.5", "37.5", "36.5")])
    assert count() == few


def test_nothing_of_a_day_is_told_by_accident(county: County) -> None:
    say(county, [("李雷妈妈", "李雷 37.5"), ("静待花开", "36.4正常")])
    assert not any(word in repr(seen(county)) for word in ("李雷", "37.5", "36.4", "静待花开", "fever"))


def test_when_somebody_was_last_heard_of(county: County) -> None:
    for back, names in ((3, ["李雷", "韩梅梅", "王小明"]), (1, ["李雷"])):  # nobody on the day between: a Sunday, say
        say(county, [(f"{name}妈妈", f"{name} 36.5") for name in names], day=DAY - timedelta(days=back))
    with county.database.read() as session:
        found: Earlier = earlier(session, county.group_id, DAY)
        ids = dict(zip(NAMES, session.scalars(select(Membership.id).order_by(Membership.id)), strict=True))
    yesterday = {name: found.yesterday(one) for name, one in ids.items()}
    assert yesterday["李雷"] is not None
    assert f"{yesterday['李雷'].astimezone(ZONE):%H:%M}" == "07:05"
    assert yesterday["王小明"] is None
    assert {name: found.silent_days(one) for name, one in ids.items()} == {"李雷": 1, "韩梅梅": 2, "王小明": 2}


def test_lines_are_of_the_types_that_pages_show(county: County) -> None:
    say(county, [("李雷妈妈", "李雷 63.5")])
    day = seen(county)
    assert all(isinstance(one, MemberLine) for one in day.members)
    assert all(isinstance(one, DoubtLine) for one in day.doubts)

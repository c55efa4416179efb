"""What a preview shows of a paste is what stands once it is saved and read, and looking leaves nothing behind."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.paste import Pasted, incoming, messages
from bot.channels.protocol import Incoming
from bot.cli.replay import Case, load
from bot.counts.group_day import GroupDay, group_day
from bot.counts.preview import Preview
from bot.previewer import Previewer
from models.bureau import Bureau
from models.database import Database
from models.group import Group
from models.membership import Alias, Membership
from models.message import InboxMessage
from models.person import Person
from models.schema import Base
from models.school import School
from models.vocabulary import Reason, State
from tests.flow.cases import CORPUS
from tests.intake.county import KEYRING, NOW, ZONE, County, read_all, small_county, teacher_in_two_groups

TODAY = date(2020, 2, 18)
CHAIN = "#接龙\n2月18日体温接龙\n\n1. 李雷 36.5 正常\n2. 韩梅梅 37.6 有点咳嗽"


@pytest.fixture
def county(database_url: str) -> Iterator[County]:
    county = small_county(database_url)
    yield county
    county.database.close()


def pasted(text: str, day: date = TODAY, now: datetime = NOW) -> list[Incoming]:
    return incoming(messages(text, day, ZONE), "group", day, now.astimezone(ZONE), KEYRING)


def preview(county: County, text: str, day: date = TODAY) -> Preview:
    return Previewer(county.database, KEYRING, county.inbox).preview(county.group_id, pasted(text, day), day, NOW)


def save(county: County, some: Sequence[Incoming], now: datetime = NOW) -> None:
    """Keep messages, and read them as the worker does."""
    with county.database.write() as session:
        county.inbox.keep(session, some, county.group_id, now)
    read_all(county, now=now)


def stands(county: County, day: date) -> GroupDay:
    with county.database.read() as session:
        return group_day(session, county.group_id, day, ZONE)


def without_news(day: GroupDay) -> GroupDay:
    return replace(
        day,
        members=tuple(replace(line, new=False) for line in day.members),
        doubts=tuple(replace(one, new=False) for one in day.doubts),
    )


def states(day: GroupDay) -> dict[str, State]:
    return {line.of.name: line.of.state for line in day.members}


def new(day: GroupDay) -> set[str]:
    return {line.of.name for line in day.members if line.new}


def rows(database: Database) -> dict[str, list[str]]:
    """Everything that the database holds."""
    with database.read() as session:
        return {
            table.name: sorted(map(str, session.execute(select(table)).all())) for table in Base.metadata.sorted_tables
        }


def test_a_chain_is_seen_before_it_is_saved(county: County) -> None:
    found = preview(county, CHAIN)
    [day] = found.days
    assert states(day) == {"李雷": State.CLEAR, "韩梅梅": State.FLAGGED, "王小明": State.MISSING}
    assert new(day) == {"李雷", "韩梅梅"}
    assert (found.recognised.messages, found.recognised.known, found.recognised.lines) == (1, 0, 2)
    assert found.recognised.chain_day == TODAY
    assert found.recognised.unread == ("#接龙", "2月18日体温接龙")
    save(county, pasted(CHAIN))
    assert stands(county, TODAY) == without_news(day)


def test_looking_leaves_nothing_behind(county: County) -> None:
    county.arrives()
    before = rows(county.database)
    assert preview(county, CHAIN).days
    assert rows(county.database) == before


def test_what_waits_to_be_read_counts(county: County) -> None:
    county.arrives(text="李雷 36.5 正常", sent_at=NOW - timedelta(minutes=9))
    [day] = preview(county, "韩梅梅妈妈:\n韩梅梅 36.6").days
    assert states(day) == {"李雷": State.CLEAR, "韩梅梅": State.CLEAR, "王小明": State.MISSING}


def test_a_longer_copy_brings_what_is_new(county: County) -> None:
    save(county, pasted(CHAIN))
    found = preview(county, f"{CHAIN}\n3. 王小明 36.4")
    [day] = found.days
    assert new(day) == {"王小明"}
    assert day.heard == 3
    assert (found.recognised.known, found.recognised.lines) == (0, 3)


def test_the_same_again_is_known_and_the_day_is_shown(county: County) -> None:
    save(county, pasted(CHAIN))
    found = preview(county, CHAIN)
    assert (found.recognised.messages, found.recognised.known) == (1, 1)
    [day] = found.days
    assert new(day) == set()
    assert day.heard == 2
    before = rows(county.database)
    save(county, pasted(CHAIN))
    assert rows(county.database)["message"] == before["message"]


def test_what_was_known_is_told_with_what_will_be(county: County) -> None:
    save(county, pasted("韩梅梅妈妈:\n韩梅梅 36.7"))
    found = preview(county, CHAIN)
    before = {one.name: one.temperature for one in found.before}
    after = {line.of.name: line.of.temperature for line in found.days[0].members}
    assert (str(before["韩梅梅"]), str(after["韩梅梅"])) == ("36.70", "37.60")


def test_a_heading_with_another_day_counts(county: County) -> None:
    found = preview(county, CHAIN.replace("2月18日", "2月17日"))
    assert [day.day for day in found.days] == [date(2020, 2, 17)]
    assert found.recognised.chain_day == date(2020, 2, 17)


def test_a_shared_conversation_is_of_the_days_that_it_tells(county: County) -> None:
    days = ("2020-02-17", "36.5"), ("2020-02-18", "36.6")
    text = "\n\n".join(f"—————  {day}  —————\n\n李雷妈妈  08:01\n\n李雷 {value}" for day, value in days)
    found = preview(county, text)
    assert [(day.day, new(day)) for day in found.days] == [(TODAY, {"李雷"}), (date(2020, 2, 17), {"李雷"})]


def test_untimed_words_are_of_the_chosen_day_and_keep_their_order(county: County) -> None:
    yesterday = date(2020, 2, 17)
    text = "李雷妈妈:\n李雷 37.5\n\n李雷妈妈:\n打错了，李雷是36.5"
    [day] = preview(county, text, yesterday).days
    assert (day.day, str(day.members[0].of.temperature)) == (yesterday, "36.50")
    save(county, pasted(f"王老师:\n大家早\n\n{text}", yesterday))
    save(county, pasted(text, yesterday))
    assert str(stands(county, yesterday).members[0].of.temperature) == "36.50"
    with county.database.read() as session:
        assert len(session.scalars(select(InboxMessage)).all()) == 3


def test_a_day_that_is_closed_is_for_a_person(county: County) -> None:
    found = preview(county, "李雷妈妈 2020/1/18 8:01:02\n李雷 36.5")
    [day] = found.days
    assert [one.reason for one in day.doubts] == [Reason.CLOSED_DAY]
    save(county, pasted("李雷妈妈 2020/1/18 8:01:02\n李雷 36.5"))
    assert stands(county, date(2020, 1, 18)) == without_news(day)


def test_talk_says_nothing(county: County) -> None:
    found = preview(county, "大家早上好\n今天真冷")
    assert not found.recognised.tells
    assert found.recognised.unread == ("大家早上好", "今天真冷")
    assert [day.heard for day in found.days] == [0]


def test_a_person_of_two_groups_has_one_record(county: County) -> None:
    """李雷 teaches too, and his words in the staff's group count here."""
    teacher_in_two_groups(county)
    county.arrives(chat="room-2", sender_name="李雷", text="李雷 37.8", sent_at=NOW - timedelta(minutes=9))
    read_all(county)
    [day] = preview(county, "李雷妈妈:\n李雷 36.5").days
    assert str(day.members[0].of.temperature) == "37.80"
    save(county, pasted("李雷妈妈:\n李雷 36.5"))
    assert stands(county, TODAY) == without_news(day)


def test_id_cards_and_phones_are_masked_before_they_are_stored(county: County) -> None:
    save(county, pasted("李雷妈妈:\n李雷 36.5 电话13912345678"))
    with county.database.read() as session:
        [text] = session.scalars(select(InboxMessage.text))
    assert text == "李雷 36.5 电话***********"


def test_where_the_worker_reads_meanwhile_it_looks_again(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    draft = Previewer._draft

    def slow(self: Previewer, group_id: int, messages: Sequence[Incoming], day: date, now: datetime) -> object:
        found = draft(self, group_id, messages, day, now)
        if not looked:
            county.arrives(text="王小明 36.6", sent_at=NOW - timedelta(minutes=3))
            read_all(county)
        looked.append("once more")
        return found

    monkeypatch.setattr(Previewer, "_draft", slow)
    [day] = preview(county, CHAIN).days
    assert day.heard == 3
    assert len(looked) == 2


# --- for every case of the corpora

CASES = [case for name in ("dev-groups.jsonl", "dev-modelled.jsonl") for case in load(CORPUS / name)]


def written(case: Case, style: int) -> str:
    """The case's messages as they might be copied."""
    said = [Pasted(one.sender, one.at.astimezone(ZONE), one.text) for one in case.messages]
    headers = (
        lambda one: f"{one.sender} {one.at:%Y-%m-%d %H:%M:%S}",
        lambda one: f"{one.sender} {one.at.year}/{one.at.month}/{one.at.day} {one.at.hour}:{one.at:%M}",
        lambda one: f"{one.sender}:",
    )
    return "\n".join(f"{headers[style](one)}\n{one.text}\n" for one in said)


def add_group(session: Session, case: Case) -> int:
    """The case's group and setting."""
    bureau = session.scalars(select(Bureau)).one()
    bureau.county, bureau.city, bureau.province = (
        case.setting.home_county,
        case.setting.home_city,
        case.setting.home_province,
    )
    bureau.since, bureau.risk_areas = case.setting.since, case.setting.risk_areas
    group = Group(school=School(name=case.id), name=case.group.name, kind=case.group.kind)
    session.add(group)
    for member in case.group.members:
        person = Person(name=member.name, name_digest=KEYRING.digest("name", member.name))
        aliases = [Alias(name=alias) for alias in member.aliases]
        session.add(Membership(group=group, person=person, role=member.role, aliases=aliases))
    session.flush()
    return group.id


@pytest.mark.parametrize("part", range(4))
def test_what_a_preview_shows_of_a_case_is_what_stands_once_it_is_saved_and_read(
    tmp_path_factory: pytest.TempPathFactory, part: int
) -> None:
    """Some of it was read before; the whole of it is pasted."""
    base = small_county(f"sqlite:///{tmp_path_factory.mktemp('case') / 'jielong.db'}")
    for number, case in list(enumerate(CASES))[part::4]:
        with base.database.write() as session:
            county = County(base.database, add_group(session, case), base.inbox)
        last = max(one.at for one in case.messages)
        now, day = last + timedelta(minutes=5), last.astimezone(ZONE).date()
        text = written(case, number % 3)
        some = pasted(text, day, now)
        save(county, some[: len(some) // 3], now)
        found = Previewer(base.database, KEYRING, base.inbox).preview(county.group_id, some, day, now)
        save(county, some, now)
        assert found.days, case.id
        for one in found.days:
            assert stands(county, one.day) == without_news(one), (case.id, one.day)
    base.database.close()

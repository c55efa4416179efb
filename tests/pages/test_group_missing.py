"""Who is missing, on the page of a group: whom to call, what to copy; and what became of the reminders."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.pages.visit import Desk
from models.chat import Binding
from models.group import Group
from models.person import Guardian, Person
from models.vocabulary import (
    DeadBecause,
    DeliveryState,
    SlotOutcome,
)
from tests.pages.class_page import DAY, HOUR, Class, at
from tests.pages.desk import NOW
from tests.pages.sections import parts


@pytest.fixture
def group(embedded_desk: Desk) -> Class:
    return Class(embedded_desk)


# --- who is missing


def test_what_is_copied_is_the_reminder(group: Class) -> None:
    group.say(("李雷妈妈", "李雷 37.6，有点咳嗽"))
    seen = group.seen()["missing"]
    assert seen[-2:] == [
        "复制，发到群里",
        "家长早上好，三年二班今天的接龙已有1位，还差2位：韩*梅、王*明。11点前补上就好，谢谢！",
    ]
    assert not any(word in "".join(seen) for word in ("李雷", "37.6", "咳嗽"))


def test_a_school_that_has_its_chats_name_people_in_full(group: Class) -> None:
    group.say(("李雷妈妈", "李雷 36.5"))
    with group.desk.database.write() as session:
        session.get_one(Group, 1).school.full_names = True
    assert "还差2位：韩梅梅、王小明。" in group.seen()["missing"][-1]


def test_whom_to_call(group: Class) -> None:
    with group.desk.database.write() as session:
        one = session.get_one(Person, 1)
        one.guardians = [Guardian(phone="139 0000 0001"), Guardian(phone="13900000002")]
        session.get_one(Person, 2).guardians = [Guardian(phone="13900000003")]
    group.say(("李雷妈妈", "好的"))
    page = group.page()
    for number, name in (("13900000001", "打电话，第1个号码"), ("13900000002", "打电话，第2个号码")):
        assert f'href="tel:{number}" aria-label="给李雷的家长{name}"' in page
    assert 'href="tel:13900000003" aria-label="给韩梅梅的家长打电话"' in page
    assert parts(page)["missing"].count("没有留电话") == 1


def test_more_than_ten_missing_are_folded(group: Class) -> None:
    group.more(*[f"张{letter}" for letter in "一二三四五六七八九"])
    group.say(("李雷妈妈", "李雷 36.5"))
    seen = group.seen()["missing"]
    assert seen[0] == "未报 11"
    assert "再看 1 人" in seen
    assert seen.index("再看 1 人") < seen.index("张九")
    assert seen[-1] == "家长早上好，三年二班今天的接龙已有1位，还差11位。11点前都来得及，不用急。"


@pytest.mark.parametrize(("hour", "is_early"), [(7, True), (8, True), (9, False)])
def test_before_the_first_reminder_nobody_is_named(
    group: Class, monkeypatch: pytest.MonkeyPatch, *, hour: int, is_early: bool
) -> None:
    at(monkeypatch, hour, 1)
    seen = group.seen()["missing"]
    assert ("还早，先不点名，也不用打电话。" in seen) is is_early
    assert ("3 人名单" in seen) is is_early


def test_when_somebody_was_last_heard_of(group: Class) -> None:
    group.say(("李雷妈妈", "李雷 36.5"), ("韩梅梅妈妈", "韩梅梅 36.5"), day=DAY - timedelta(days=2))
    group.say(("李雷妈妈", "李雷 36.5"), day=DAY - timedelta(days=1))
    group.say(("王小明妈妈", "王小明 36.5"))
    seen = group.seen()["missing"]
    assert seen[seen.index("李雷") + 1] == "昨天 07:05 报的"
    assert seen[seen.index("韩梅梅") + 1] == "连着 2 天没报"


def test_yesterday_s_report_that_came_today(group: Class) -> None:
    group.say(("李雷妈妈", "补昨天的，李雷 36.5"))
    seen = group.seen()["missing"]
    assert seen[seen.index("李雷") + 1] == "昨天的后来补了"


# --- whether words come in, and reminders go out


@pytest.mark.parametrize(
    ("texts", "waits", "bound", "said"),
    [
        ([], False, True, "今天还没有收到群消息"),
        ([], False, False, "今天没有收到消息"),
        ([("李雷妈妈", "李雷 36.5")], False, True, "群消息 07:05"),
        ([("李雷妈妈", "李雷 36.5")], False, False, "最新消息 07:05"),
        ([("李雷妈妈", "李雷 36.5"), ("韩梅梅妈妈", "韩梅梅 36.5")], True, True, "还有 2 条正在读"),
    ],
)
def test_what_comes_in(group: Class, texts: list[tuple[str, str]], said: str, *, waits: bool, bound: bool) -> None:
    group.say(*texts, waits=waits)
    if not bound:
        with group.desk.database.write() as session:
            for one in session.scalars(select(Binding)):
                one.until_at = NOW
    assert said in group.seen()[""]


@pytest.mark.parametrize(
    ("hour", "minute", "robot", "remind_at", "said"),
    [
        (8, 5, True, None, "09:00 自动提醒"),
        (9, 0, True, None, "10:30 自动提醒"),
        (10, 31, True, None, ""),
        (8, 5, True, ["08:30", "10:00"], "08:30 自动提醒"),
        (8, 5, True, [], ""),
        (8, 5, False, None, ""),
    ],
)
def test_when_the_robot_reminds(
    group: Class,
    monkeypatch: pytest.MonkeyPatch,
    hour: int,
    minute: int,
    remind_at: list[str] | None,
    said: str,
    *,
    robot: bool,
) -> None:
    at(monkeypatch, hour, minute)
    if robot:
        group.robot()
    with group.desk.database.write() as session:
        session.get_one(Group, 1).remind_at = remind_at
    heading = group.seen()["missing"][0]
    assert heading == f"未报 3 {said}".strip()


NOTES = (
    # outcome, state of the message, why it is dead, what the page says
    (SlotOutcome.SKIPPED, None, None, "09:00 的提醒没有发"),
    (SlotOutcome.FIRED, DeliveryState.DEAD, DeadBecause.REFUSED, "09:00 的提醒没有发成"),
    (SlotOutcome.FIRED, DeliveryState.UNKNOWN, None, "09:00 的提醒不知道发出去没有"),
    (SlotOutcome.FIRED, DeliveryState.SENT, None, None),
    (SlotOutcome.FIRED, DeliveryState.DUE, None, None),
    (SlotOutcome.NOTHING, None, None, None),
)


@pytest.mark.parametrize(("outcome", "state", "why", "said"), NOTES)
def test_a_reminder_that_was_not_sent_is_said(
    group: Class,
    monkeypatch: pytest.MonkeyPatch,
    outcome: SlotOutcome,
    state: DeliveryState | None,
    why: DeadBecause | None,
    said: str | None,
) -> None:
    at(monkeypatch, 9, 40)
    group.slot(group.robot(), outcome, state, why)
    group.say(("李雷妈妈", "李雷 36.5"))
    assert [line for line in group.seen()[""] if "提醒" in line][:1] == ([] if said is None else [said + _below(said)])
    group.say(("韩梅梅妈妈", "韩梅梅 36.5"), ("王小明妈妈", "王小明 36.5"), day=DAY)
    assert not [line for line in group.seen("?day=2020-02-17")[""] if "提醒" in line]


def _below(said: str) -> str:
    """The sentence below a heading."""
    by_hand = "要提醒的话，复制下面的话发到群里。"
    return {
        "09:00 的提醒没有发": f"到点时系统没在运行，过了时间就不补发。{by_hand}",
        "09:00 的提醒没有发成": f"微信那边没有收下。{by_hand}",
        "09:00 的提醒不知道发出去没有": "请到群里看一眼；没有的话，复制下面的话发一次。",
    }[said]


def test_a_robot_that_is_gone(group: Class) -> None:
    group.slot(group.robot(NOW - HOUR), SlotOutcome.FIRED, DeliveryState.DEAD, DeadBecause.ROBOT_GONE, hour=7)
    seen = group.seen()
    assert [line for line in seen[""] if "提醒" in line] == [
        "07:05 起提醒发不到群里机器人可能被移出群了，请告诉学校重新绑定。在那之前，要提醒就复制下面的话发到群里。"
    ]
    assert seen["missing"][0] == "未报 3"  # and none is promised
    group.say(*[(f"{name}妈妈", f"{name} 36.5") for name in ("李雷", "韩梅梅", "王小明")])
    assert "07:05 起提醒发不到群里机器人可能被移出群了，请告诉学校重新绑定。" in group.seen()[""]


def test_after_a_reminder_the_next_one_is_shorter(group: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 10, 40)
    group.slot(group.robot(), SlotOutcome.FIRED, DeliveryState.SENT)
    group.say(("李雷妈妈", "李雷 36.5"))
    seen = group.seen()["missing"]
    assert seen[0] == "未报 2 09:00 提醒过"
    assert seen[-1] == "还差2位：韩*梅、王*明。11点前补一行就行，不方便就打电话给班主任。"

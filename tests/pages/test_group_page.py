"""The page of a group: what arrives, in which section it is seen, and which of its words are marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from inline_snapshot import snapshot
from sqlalchemy import select
from starlette.testclient import TestClient

from bot import clock
from bot.counts.group_day import group_day
from bot.intake.claims import claim
from bot.messages import reminder
from bot.pages.addresses import group_address
from bot.pages.visit import Desk
from bot.pipeline import Pipeline
from bot.roster.binding import ROBOT
from models.chat import Binding
from models.delivery import Delivery
from models.group import Group
from models.membership import Membership
from models.person import Guardian, Person
from models.slot import Slot
from models.vocabulary import (
    DeadBecause,
    DeliveryKind,
    DeliveryState,
    GroupKind,
    JobKind,
    Role,
    SlotOutcome,
    State,
    UserRole,
)
from tests.browser import PHONE, browser
from tests.intake.county import KEYRING, ZONE, County, bind
from tests.pages.desk import NOW, browser_at, link_for, signed_in
from tests.pages.sections import parts
from tests.pages.test_in_a_browser import served

DAY = date(2020, 2, 18)
HEAD = "#接龙\n2月18日体温接龙\n\n"
HOUR = timedelta(hours=1)


@dataclass
class Class:
    """The class of the small county, and its page in its teacher's browser."""

    desk: Desk
    group_id: int = 1

    def say(self, *texts: tuple[str, str], day: date = DAY, waits: bool = False) -> None:
        """Let (sender, text) arrive, a minute apart from 07:05 on; read them unless they are to wait."""
        county = County(self.desk.database, self.group_id)
        for number, (sender, text) in enumerate(texts):
            at = NOW - HOUR + (day - DAY) + timedelta(minutes=number)
            name = f"{day}-{number}"
            county.arrives(platform_id=name, sender=sender, sender_name=sender, text=text, sent_at=at, now=at)
        while not waits:
            with claim(self.desk.database) as claimed:
                if claimed is None:
                    return
                Pipeline(self.desk.database, KEYRING, ZONE, open_days=7).read(claimed, NOW)

    def robot(self, gone_at: datetime | None = None) -> int:
        """Give it a robot."""
        with self.desk.database.write() as session:
            bind(session, ROBOT, "key", self.group_id)
            session.flush()
            one = session.scalars(select(Binding).where(Binding.channel == ROBOT)).one()
            one.refused_at = gone_at
            return one.id

    def slot(
        self,
        binding_id: int,
        outcome: SlotOutcome,
        state: DeliveryState | None = None,
        why: DeadBecause | None = None,
        hour: int = 9,
    ) -> None:
        """Note what became of a reminder."""
        due_at = datetime(2020, 2, 18, hour, tzinfo=ZONE)
        with self.desk.database.write() as session:
            slot = Slot(
                kind=JobKind.REMINDER,
                unit=f"group/{self.group_id}",
                day=DAY,
                ordinal=hour - 9,
                due_at=due_at,
                decided_at=due_at,
                outcome=outcome,
            )
            session.add(slot)
            session.flush()
            if state is not None:
                delivery = Delivery(
                    binding_id=binding_id,
                    slot_id=slot.id,
                    kind=DeliveryKind.REMINDER,
                    text="说过的话",
                    state=state,
                    due_at=due_at,
                    deadline_at=due_at + HOUR,
                    why=why,
                )
                session.add(delivery)

    def more(self, *names: str) -> None:
        """Let more children be in it."""
        with self.desk.database.write() as session:
            for name in names:
                person = Person(name=name, name_digest=KEYRING.digest("name", name))
                session.add(Membership(group_id=self.group_id, person=person, role=Role.STUDENT))

    def page(self, query: str = "", role: UserRole = UserRole.TEACHER) -> str:
        answer = self.answer(signed_in(self.desk, role, now=clock.now()), query)
        assert answer[0] == 200
        return answer[1]

    def answer(self, by: TestClient, query: str = "", group_id: int | None = None) -> tuple[int, str]:
        got = by.get(group_address(self.desk.keyring, group_id or self.group_id) + query)
        return got.status_code, got.text

    def seen(self, query: str = "", role: UserRole = UserRole.TEACHER) -> dict[str, list[str]]:
        return parts(self.page(query, role))


@pytest.fixture
def group(embedded_desk: Desk) -> Class:
    return Class(embedded_desk)


def at(monkeypatch: pytest.MonkeyPatch, hour: int, minute: int = 0) -> None:
    """Let it be this time at school."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2020, 2, 18, hour, minute, tzinfo=ZONE))


TABLE: Sequence[tuple[list[tuple[str, str]], str, list[str]]] = (
    # what arrives, the section, what it says below its heading
    ([("李雷妈妈", "李雷 36.5 正常")], "clear", ["李雷 36.5"]),
    ([("李雷妈妈", f"{HEAD}1. 李雷")], "clear", ["李雷", "只写了名字"]),
    ([("李雷妈妈", "李雷一切都好")], "clear", ["李雷", "没写体温"]),
    (
        [("李雷妈妈", f"{HEAD}1. 韩梅梅 36.5\n2. 李雷 37.6，有点咳嗽")],
        "flagged",
        ["李雷", "37.6 ℃", "发热，有症状", "2. 李雷 *37.6*，有点*咳嗽*", "07:05 李雷妈妈，接龙第 2 行"],
    ),
    (
        [("李雷妈妈", "李雷36.5"), ("李雷妈妈", "李雷昨天从大连回来的，在家待着")],
        "flagged",
        [
            "李雷",
            "36.5 ℃",
            "外出（大连市）",
            "李雷_36.5_",
            "07:05 李雷妈妈",
            "李雷昨天从*大连*回来的，在家待着",
            "07:06 李雷妈妈",
        ],
    ),
    (
        [("李雷妈妈", f"{HEAD}3. 李雷 63.5 正常")],
        "review",
        ["体温写成了 63.5", "3. 李雷 ~63.5~ _正常_", "07:05 李雷妈妈，接龙第 3 行", "说的是 李雷。"],
    ),
    (
        [("外婆", f"{HEAD}27. 冯建业 36.5")],
        "review",
        ["名单里没有「冯建业」", "27. ~冯建业~ 36.5", "07:05 外婆，接龙第 27 行"],
    ),
    (
        [("静待花开", "36.4正常")],
        "review",
        ["发送人不在名单里，也没写孩子姓名，不知道报的是谁。", "36.4正常", "07:05 静待花开"],
    ),
    (
        [("王小明爸爸", f"{HEAD}1. 李雷 38.5"), ("韩梅梅妈妈", f"{HEAD}1. 李雷 36.5")],
        "review",
        [
            "别人改掉了这条记录里的异常，原内容暂时保留。",
            "1. 李雷 _36.5_",
            "07:06 韩梅梅妈妈，接龙第 1 行",
            "会不会是 李雷，36.5 ℃，正常？",
        ],
    ),
)


@pytest.mark.parametrize(("texts", "section", "lines"), TABLE)
def test_what_arrives_and_where_it_is_seen(
    group: Class, texts: list[tuple[str, str]], section: str, lines: list[str]
) -> None:
    group.say(*texts)
    _, *below = group.seen()[section]
    start = below.index(lines[0])
    assert below[start : start + len(lines)] == lines


def test_a_whole_page(group: Class) -> None:
    group.robot()
    group.say(("李雷妈妈", f"{HEAD}1. 李雷 37.6，有点咳嗽"), ("静待花开", "36.4正常"), ("韩梅梅妈妈", "韩梅梅 36.6"))
    assert group.seen() == snapshot({'': ['跳到正文', '三年二班', '演示小学', '前天', '0/3', '昨天', '0/3', '今天', '2月18日 周二', '2/3 人已报', '还差 1 人', '截至 08:05', '刷新', '群消息 07:07', '未报1', '有情况1', '待核实0', '另 1 条', '正常1'], '-': ['隐私说明', '退出', '粘贴接龙'], 'missing': ['未报 1 09:00 自动提醒', '王小明', '没有留电话', '复制，发到群里', '家长早上好，三年二班今天的接龙已有2位，还差1位：王*明。11点前补上就好，谢谢！'], 'flagged': ['有情况 1', '李雷', '37.6 ℃', '发热，有症状', '1. 李雷 *37.6*，有点*咳嗽*', '07:05 李雷妈妈，接龙第 1 行'], 'review': ['待核实 1 条', '发送人不在名单里，也没写孩子姓名，不知道报的是谁。', '36.4正常', '07:06 静待花开'], 'clear': ['正常 1 确认 1', '韩梅梅 36.6']})


def test_the_markup_of_a_section(group: Class) -> None:
    group.say(("李雷妈妈", f"{HEAD}1. 李雷 37.6，有点咳嗽"))
    page = group.page()
    start = page.index('<section id="flagged">')
    assert page[start : page.index("</section>", start) + len("</section>")] == snapshot("""\
<section id="flagged">
<h2><svg class="m flag" aria-hidden="true"><use href="#mark-flagged"/></svg> 有情况 1</h2>
<ul class="rows">
<li><svg class="m flag" aria-hidden="true"><use href="#mark-flagged"/></svg><p class="nm">李雷</p>
<p class="val flag">37.6 ℃</p>
<p class="kind flag">发热，有症状</p>
<blockquote class="said"><p class="pre">1. 李雷 <mark>37.6</mark>，有点<mark>咳嗽</mark></p><footer>07:05 李雷妈妈，接龙第 1 行</footer></blockquote></li>
</ul>

</section>\
""")


def test_words_of_people_are_words(group: Class) -> None:
    group.say(("<b>李雷妈妈</b>", "李雷 37.6 <script>alert(1)</script>"))
    page = group.page()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;李雷妈妈" in page


def test_nobody_missing_nothing_to_do(group: Class) -> None:
    group.robot()
    group.say(*[(f"{name}妈妈", f"{name} 36.5") for name in ("李雷", "韩梅梅", "王小明")])
    seen = group.seen()
    assert seen["-"][0] == "今天没有要您做的事。09:00 的提醒不发。"
    assert "都报了" in seen[""]
    assert not {"missing", "flagged", "review"} & seen.keys()


def test_an_empty_roster(group: Class) -> None:
    with group.desk.database.write() as session:
        for one in session.scalars(select(Membership)):
            one.expected = False
    assert group.seen()["-"][0] == "名单还是空的。请学校把这个班的名单导入以后再来看。"


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
        "07:05 起提醒发不到群里机器人可能被移出群了。请告诉学校重新绑定；在那之前，要提醒就复制下面的话发到群里。"
    ]
    assert seen["missing"][0] == "未报 3"  # and none is promised


def test_after_a_reminder_the_next_one_is_shorter(group: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 10, 40)
    group.slot(group.robot(), SlotOutcome.FIRED, DeliveryState.SENT)
    group.say(("李雷妈妈", "李雷 36.5"))
    seen = group.seen()["missing"]
    assert seen[0] == "未报 2 09:00 提醒过"
    assert seen[-1] == "还差2位：韩*梅、王*明。11点前补一行就行，不方便就打电话给班主任。"


# --- days


def test_the_days_before_are_one_tap_away(group: Class) -> None:
    yesterday = DAY - timedelta(days=1)
    group.say(("李雷妈妈", "李雷 36.5"), ("韩梅梅妈妈", "韩梅梅 36.5"), day=yesterday)
    group.say(("李雷妈妈", "李雷 36.5"))
    here = group_address(group.desk.keyring, 1)
    page = group.page()
    assert f'<a href="{here}?day=2020-02-17">昨天<small>2/3</small></a>' in page
    assert f'<a href="{here}?day=2020-02-16">前天<small>0/3</small></a>' in page
    assert f'<a href="{here}" aria-current="date">今天<small>2月18日 周二</small></a>' in page
    seen = group.seen("?day=2020-02-17")
    assert "2/3 人已报" in seen[""]
    assert "1 人没报" in seen[""]
    assert seen["missing"] == ["未报 1", "王小明", "没有留电话"]  # nothing to copy: that day is over


def test_any_other_day_says_which_it_is(group: Class) -> None:
    assert "2020年2月3日 周一" in group.seen("?day=2020-02-03")[""]


@pytest.mark.parametrize(
    "day", ["x", "", "2020-02-30", "20200218", "2020-2-18", "0001-01-01", "9999-12-31", "２０２０-02-18"]
)
def test_what_is_no_day_is_no_page(group: Class, day: str) -> None:
    assert group.answer(signed_in(group.desk, UserRole.TEACHER), f"?day={day}")[0] == 404


# --- who sees what


@pytest.fixture
def elsewhere(group: Class) -> dict[str, int]:
    """Another class of the school, a staff group with a member of the class, and a class of another school."""
    with group.desk.database.write() as session:
        other = Group(school_id=1, name="四年一班", kind=GroupKind.CLASS)
        staff = Group(school_id=1, name="教职工群", kind=GroupKind.STAFF)
        session.add_all([other, staff])
        session.flush()
        session.add(Membership(group_id=staff.id, person_id=1, role=Role.TEACHER))
        bind(session, "gateway/demo", "room-2", staff.id)
        return {"other": other.id, "staff": staff.id}


@pytest.mark.parametrize(
    ("role", "which", "status"),
    [
        (UserRole.TEACHER, "own", 200),
        (UserRole.TEACHER, "other", 404),
        (UserRole.TEACHER, "staff", 404),
        (UserRole.SCHOOL, "own", 200),
        (UserRole.SCHOOL, "staff", 200),
        (UserRole.BUREAU, "own", 404),
        (None, "own", 401),
    ],
)
def test_who_sees_which_group(
    group: Class, elsewhere: dict[str, int], role: UserRole | None, which: str, status: int
) -> None:
    by = signed_in(group.desk, role) if role else browser_at(group.desk)
    assert group.answer(by, group_id=elsewhere.get(which, 1))[0] == status


def test_a_staff_group_has_no_parents(group: Class, elsewhere: dict[str, int]) -> None:
    with group.desk.database.write() as session:
        session.get_one(Person, 1).phone = "13900000001"
    status, page = group.answer(signed_in(group.desk, UserRole.SCHOOL), group_id=elsewhere["staff"])
    assert status == 200
    assert 'aria-label="给李雷打电话"' in page
    assert "家长" not in page
    assert "各位老师早上好，教职工群今天的接龙开始了" in page


def test_words_of_another_group_are_not_shown(group: Class, elsewhere: dict[str, int]) -> None:
    county = County(group.desk.database, elsewhere["staff"])
    county.arrives(chat="room-2", sender_name="李雷", text="李雷 37.6 咳嗽得厉害")
    group.say(("韩梅梅妈妈", "韩梅梅 36.5"))
    seen = group.seen()
    assert seen["flagged"][1:] == ["李雷", "37.6 ℃", "发热，有症状", "还有话是在别的群里说的，这里不显示原文。"]
    county.arrives(chat="room-2", platform_id="m2", sender_name="李雷", text="李雷 63.5")
    group.say(("王小明妈妈", "王小明 36.5"))
    assert "厉害" not in group.page()


# --- as the numbers say, and on a phone


def test_the_numbers_are_those_of_the_count(group: Class) -> None:
    group.say(("李雷妈妈", f"{HEAD}1. 李雷 37.6"), ("静待花开", "36.4正常"), ("韩梅梅妈妈", "韩梅梅 63.5"))
    with group.desk.database.read() as session:
        day = group_day(session, 1, DAY, ZONE)
    head = group.seen()[""]
    index = [line for line in head if line.startswith(("未报", "有情况", "待核实", "正常"))]
    numbers = {state: day.count(state) for state in State}
    assert numbers == {State.MISSING: 1, State.FLAGGED: 1, State.REVIEW: 1, State.CLEAR: 0}
    assert index == ["未报1", "有情况1", "待核实1", "正常0"]
    assert head[head.index("待核实1") + 1] == "另 1 条"
    assert "2/3 人已报" in head


def test_a_reminder_by_hand_needs_nobody_missing(group: Class) -> None:
    assert reminder.text is not None
    group.say(*[(f"{name}妈妈", f"{name} 36.5") for name in ("李雷", "韩梅梅", "王小明")])
    assert "data-copy" not in group.page()


LONG = "阿卜杜热合曼·买买提艾力吐尔逊"
TAPPED = """[...document.querySelectorAll('main a, main button, main summary, header a, .bar a')]
    .filter(one => one.checkVisibility())
    .filter(one => one.getBoundingClientRect().height < 44)
    .map(one => one.textContent.trim())"""


@pytest.mark.parametrize("letters", ["100%", "130%"])
def test_it_fits_a_phone(group: Class, letters: str) -> None:
    """Nothing scrolls sideways or is too small for a thumb, with WeChat's large letters too; the copied text is it."""
    group.more(LONG, *[f"张{letter}" for letter in "一二三四五六七八九"])
    with group.desk.database.write() as session:
        session.get_one(Group, 1).name = "九年一贯制河湾学校七年级(12)班寄宿部"
        for one in session.scalars(select(Person).order_by(Person.id)).all()[1:]:
            one.guardians = [Guardian(phone="13900000001"), Guardian(phone="13900000002")]
    group.say(
        ("李雷妈妈", "李雷 38.25，" + "在家里没有出去过，" * 40 + "嗓子疼，浑身没劲"),
        ("静待花开", "36.4正常" + "哈" * 90),
    )
    with served(group.desk) as desk, browser() as tab:
        tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
        tab.goto(f"{desk.public_url}/enter?t={link_for(desk, UserRole.TEACHER)}")
        tab.locator("main button").click()
        tab.wait_for_url("**/group/*")
        tab.evaluate(f"document.documentElement.style.fontSize = '{letters}'")
        tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert tab.evaluate(TAPPED) == []
        tab.locator("[data-copy]").click()
        tab.wait_for_function("document.querySelector('[data-copy]').textContent === '已复制'")
        copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("家长早上好，九年一贯制河湾学校七年级(12)班寄宿部今天的接龙已有1位，还差12位。")

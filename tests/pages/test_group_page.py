"""The page of a group: what arrives, in which section it is seen, which of its words are marked, and who sees it."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from inline_snapshot import snapshot
from sqlalchemy import select

from bot.counts.group_day import group_day
from bot.counts.tally import tally
from bot.pages.addresses import group_address
from bot.pages.visit import Desk
from models.group import Group
from models.membership import Membership
from models.person import Guardian, Person
from models.vocabulary import (
    GroupKind,
    Role,
    State,
    UserRole,
)
from tests.browser import PHONE, browser
from tests.intake.county import ZONE, County, bind
from tests.pages.class_page import DAY, HEAD, TAPPED, Class
from tests.pages.desk import browser_at, link_for, signed_in
from tests.pages.test_in_a_browser import served


@pytest.fixture
def group(embedded_desk: Desk) -> Class:
    return Class(embedded_desk)


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
    assert group.seen() == snapshot(
        {
            "": [
                "跳到正文",
                "三年二班",
                "演示小学",
                "前天",
                "0/3",
                "昨天",
                "0/3",
                "今天",
                "2月18日 周二",
                "2/3 人已报",
                "还差 1 人",
                "截至 08:05",
                "刷新",
                "群消息 07:07",
                "未报1",
                "有情况1",
                "待核实0",
                "另 1 条",
                "正常1",
            ],
            "-": ["隐私说明", "退出", "粘贴接龙"],
            "missing": [
                "未报 1 09:00 自动提醒",
                "王小明",
                "没有留电话",
                "复制，发到群里",
                "家长早上好，三年二班今天的接龙已有2位，还差1位：王*明。11点前补上就好，谢谢！",
            ],
            "flagged": [
                "有情况 1",
                "李雷",
                "37.6 ℃",
                "发热，有症状",
                "1. 李雷 *37.6*，有点*咳嗽*",
                "07:05 李雷妈妈，接龙第 1 行",
            ],
            "review": [
                "待核实 1 条",
                "发送人不在名单里，也没写孩子姓名，不知道报的是谁。",
                "36.4正常",
                "07:06 静待花开",
            ],
            "clear": ["正常 1 确认 1", "韩梅梅 36.6"],
        }
    )


def test_the_markup_of_a_section(group: Class) -> None:
    group.say(("李雷妈妈", f"{HEAD}1. 李雷 37.6，有点咳嗽"))
    page = group.page()
    start = page.index('<section id="flagged">')
    markup = page[start : page.index("</section>", start)]
    assert re.sub(r">\n*<", ">\n<", markup).splitlines() == snapshot(
        [
            '<section id="flagged">',
            "<h2>",
            '<svg class="m flag" aria-hidden="true">',
            '<use href="#mark-flagged"/>',
            "</svg> 有情况 1</h2>",
            '<ul class="rows">',
            "<li>",
            '<svg class="m flag" aria-hidden="true">',
            '<use href="#mark-flagged"/>',
            "</svg>",
            '<p class="nm">',
            "<b>李雷</b>",
            "</p>",
            '<p class="val flag">37.6 ℃</p>',
            '<p class="kind flag">发热，有症状</p>',
            '<blockquote class="said">',
            '<p class="pre">1. 李雷 <mark>37.6</mark>，有点<mark>咳嗽</mark>',
            "</p>",
            "<footer>07:05 李雷妈妈，接龙第 1 行</footer>",
            "</blockquote>",
            "</li>",
            "</ul>",
            "",
        ]
    )


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


def test_where_nobody_is_missing_there_is_nothing_to_copy(group: Class) -> None:
    group.say(*[(f"{name}妈妈", f"{name} 36.5") for name in ("李雷", "韩梅梅", "王小明")])
    assert "data-copy" not in group.page()


LONG = "阿卜杜热合曼·买买提艾力吐尔逊"


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


def test_who_has_left_and_is_ill_is_not_overlooked(group: Class) -> None:
    """Nobody waits for the report of somebody who has left; what it says is seen all the same, and is no zero."""
    with group.desk.database.write() as session:
        left = select(Membership).join(Person, Person.id == Membership.person_id)
        (member,) = [one for one in session.scalars(left) if one.person.name == "王小明"]
        member.until_day = DAY - timedelta(days=8)
    group.say(("李雷妈妈", f"{HEAD}1. 李雷 36.5\n2. 韩梅梅 36.4"))
    assert "今天没有要您做的事" in group.page()
    group.say(("王小明妈妈", "王小明 39.2，发热咳嗽"))
    page = group.page()
    assert "今天没有要您做的事" not in page
    assert "名单外有情况 1" in page
    assert "39.2" in page
    with group.desk.database.read() as session:
        (school,) = tally(session, DAY).schools
    assert (school.people.expected, school.complete, school.doubts, school.zero) == (2, True, 1, False)


def test_a_doubt_about_who_has_left_is_no_zero(group: Class) -> None:
    with group.desk.database.write() as session:
        (member,) = [one for one in session.scalars(select(Membership)) if one.person.name == "王小明"]
        member.until_day = DAY - timedelta(days=8)
    group.say(("李雷妈妈", f"{HEAD}1. 李雷 36.5\n2. 韩梅梅 36.4"), ("王小明妈妈", "王小明 63.5 正常"))
    with group.desk.database.read() as session:
        (school,) = tally(session, DAY).schools
    assert (school.complete, school.doubts, school.zero) == (True, 1, False)

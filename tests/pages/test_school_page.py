"""The page of a school: each group's numbers, those that nobody heard of first, and no name of anybody."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.counts.tally import tally
from bot.pages.addresses import group_address
from bot.pages.visit import Desk
from models.group import Group
from models.membership import Membership
from models.person import Person
from models.school import School
from models.vocabulary import GroupKind, Role, UserRole
from tests.browser import PHONE, browser
from tests.intake.county import KEYRING, NAMES, NOW, County, bind
from tests.pages.class_page import TAPPED, Class
from tests.pages.desk import browser_at, link_for, signed_in
from tests.pages.sections import parts
from tests.pages.test_in_a_browser import served

OTHERS = {"四年一班": ("赵钱", "孙李"), "五年一班": ("周吴",), "教职工群": ("李老师", "王老师")}


@dataclass
class Town:
    """A school of four groups, and the page of whoever watches over it."""

    desk: Desk
    groups: dict[str, int]

    def say(self, group: str, *texts: str) -> None:
        """Let texts arrive in a group's chat, a minute apart from 07:05 on, and read them."""
        county = County(self.desk.database, self.groups[group])
        for number, text in enumerate(texts):
            at = NOW - timedelta(minutes=60 - number)
            county.arrives(chat=group, platform_id=f"{group}{number}", sender_name="", text=text, sent_at=at, now=at)
        Class(self.desk).say()

    def page(self, query: str = "") -> str:
        got = signed_in(self.desk, UserRole.SCHOOL).get(f"/school{query}")
        assert got.status_code == 200
        return got.text

    def seen(self, query: str = "") -> dict[str, list[str]]:
        return parts(self.page(query))


@pytest.fixture
def town(embedded_desk: Desk) -> Town:
    groups = {"三年二班": 1}
    with embedded_desk.database.write() as session:
        for name, people in OTHERS.items():
            kind = GroupKind.STAFF if name == "教职工群" else GroupKind.CLASS
            group = Group(school_id=1, name=name, kind=kind)
            session.add(group)
            session.flush()
            groups[name] = group.id
            role = Role.TEACHER if kind is GroupKind.STAFF else Role.STUDENT
            for one in people:
                person = Person(name=one, name_digest=KEYRING.digest("name", one))
                session.add(Membership(group_id=group.id, person=person, role=role))
        for name, group_id in groups.items():
            bind(session, "gateway/demo", name, group_id)
        other = Group(school=School(name="别的小学"), name="一年一班", kind=GroupKind.CLASS)
        session.add(other)
        session.flush()
        person = Person(name="冯陈", name_digest=KEYRING.digest("name", "冯陈"))
        session.add(Membership(group_id=other.id, person=person, role=Role.STUDENT))
    return Town(embedded_desk, groups)


def test_a_whole_page(town: Town) -> None:
    town.say("三年二班", "李雷 37.6 有点咳嗽", "韩梅梅 63.5")
    town.say("五年一班", "周吴 36.5")
    town.say("教职工群", "李老师 36.5", "王老师 36.5")
    assert town.seen() == snapshot(
        {
            "": [
                "跳到正文",
                "演示小学",
                "4 个班级和教职工群",
                "前天",
                "0/8",
                "昨天",
                "0/8",
                "今天",
                "2月18日 周二",
                "5/8 人已报",
                "还差 3 人",
                "学生 3/6",
                "教职工 2/2",
                "截至 08:05",
                "刷新",
                "未报3",
                "有情况1",
                "待核实1",
                "正常3",
            ],
            "quiet": [
                "报齐且无情况 2",
                "五年一班",
                "都报了，没有情况，07:05",
                "1",
                "/1",
                "教职工群",
                "都报了，没有情况，07:06",
                "2",
                "/2",
            ],
            "-": ["隐私说明", "退出"],
            "groups": [
                "班级和教职工群 1 个还没有消息",
                "四年一班",
                "还没有消息",
                "0",
                "/2",
                "三年二班",
                "未报 1，有情况 1，待核实 1，07:06",
                "2",
                "/3",
            ],
        }
    )


def test_no_name_of_anybody(town: Town) -> None:
    town.say("三年二班", "李雷 37.6 有点咳嗽", "韩梅梅 63.5")
    town.say("教职工群", "李老师 36.5")
    page = town.page()
    everybody = (*NAMES, *(one for people in OTHERS.values() for one in people))
    assert not [name for name in everybody if name in page]
    assert "别的小学" not in page


def test_each_group_is_one_tap_away(town: Town) -> None:
    today, yesterday = town.page(), town.page("?day=2020-02-17")
    for group_id in town.groups.values():
        address = group_address(town.desk.keyring, group_id)
        assert f'<a href="{address}">' in today
        assert f'<a href="{address}?day=2020-02-17">' in yesterday
        got = signed_in(town.desk, UserRole.SCHOOL).get(address)
        assert 'href="/school"' in got.text


def test_all_in(town: Town) -> None:
    town.say("三年二班", *[f"{name} 36.5" for name in NAMES])
    for name, people in OTHERS.items():
        town.say(name, *[f"{one} 36.5" for one in people])
    seen = town.seen()
    assert seen["-"][0] == "今天没有要您做的事。"
    assert seen["groups"][0] == "报齐且无情况 4"
    assert "都报了" in seen[""]


def test_the_numbers_are_those_of_the_count(town: Town) -> None:
    town.say("三年二班", "李雷 37.6", "韩梅梅 63.5")
    with town.desk.database.read() as session:
        people = tally(session, NOW.date(), school_id=1).whole.people
    head = town.seen()[""]
    assert f"{people.heard}/{people.expected} 人已报" in head
    for word, number in (("未报", people.missing), ("有情况", people.flagged), ("待核实", people.review)):
        assert f"{word}{number}" in head


@pytest.mark.parametrize("day", ["x", "2020-02-30", "9999-12-31"])
def test_what_is_no_day_is_no_page(town: Town, day: str) -> None:
    assert signed_in(town.desk, UserRole.SCHOOL).get(f"/school?day={day}").status_code == 404


@pytest.mark.parametrize(("role", "status"), [(UserRole.TEACHER, 404), (UserRole.BUREAU, 404), (None, 401)])
def test_who_sees_no_school(town: Town, role: UserRole | None, status: int) -> None:
    by = signed_in(town.desk, role) if role else browser_at(town.desk)
    assert by.get("/school").status_code == status


def test_it_fits_a_phone(town: Town) -> None:
    with town.desk.database.write() as session:
        session.get_one(School, 1).name = "河湾县第一九年一贯制寄宿制实验学校"
        session.get_one(Group, 1).name = "九年一贯制河湾学校七年级(12)班寄宿部"
    with served(town.desk) as desk, browser() as tab:
        tab.goto(f"{desk.public_url}/enter?t={link_for(desk, UserRole.SCHOOL)}")
        tab.locator("main button").click()
        tab.wait_for_url("**/school")
        for letters in ("100%", "130%"):
            tab.evaluate(f"document.documentElement.style.fontSize = '{letters}'")
            assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            assert tab.evaluate(TAPPED) == []

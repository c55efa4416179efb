"""The bureau's page: numbers of schools and kinds, never a name, and a zero report that holds only while it is true."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot import clock
from bot.pages.addresses import school_ref
from bot.records.flags import FLAGS
from models.membership import Membership
from models.school import School
from models.vocabulary import Flag, UserRole
from tests.intake.county import KEYRING, NOW, small_county
from tests.pages.desk import browser_at, desk_of, link_for, sign_in, signed_in, token_in
from tests.pages.town import DAY, Town


@pytest.fixture
def town(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """演示小学 三年二班 with three students who say nothing; the bureau is signed in."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    county = small_county(database_url)
    desk = desk_of(county)
    yield Town(county, desk, signed_in(desk, UserRole.BUREAU))
    county.database.close()


@pytest.fixture
def zero(town: Town) -> Town:
    town.complete_school()
    return town


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def test_the_numbers_of_a_day(zero: Town) -> None:
    second = zero.group("演示小学", "五年一班")
    with_fever, in_doubt = zero.person(second, "崔明轩"), zero.person(second, "高语桐")
    zero.record(with_fever, Flag.FEVER, Flag.SYMPTOM)
    zero.doubt(second, in_doubt, zero.message(second, NOW - timedelta(minutes=5)))
    words = zero.words()
    for shown in (
        "演示县教育局",
        "学生 57.1 % 4/7",
        "教职工 100 % 1/1",
        "截至 08:05 刷新",
        "2 所学校，4 个群",
        "未报 3 ",
        "有情况 1 ",
        "待核实 1 ",
        "确认正常 2 ",
        "推断正常 1 ",
        "演示小学 2/5 40.0% 3 1 1 08:00",
        "其余 1 所报齐且无情况 2/2 100% 1/1 100% 0 0 0",
        "发热 1 0 1 —",
        "有症状 1 0 1 —",
        "外出 0 0 0 —",
    ):
        assert shown in words, words


def test_every_kind_has_a_row(town: Town) -> None:
    words = town.words()
    assert all(f"{row.label} 0 0 0" in words for row in FLAGS)


def test_kinds_are_told_of_the_county_alone(zero: Town) -> None:
    """Of a school only how many have something; whichever kind it is, the school's row is the same."""
    member = zero.person(zero.group("演示小学", "五年一班"), "崔明轩")
    rows = set()
    for row in FLAGS:
        zero.record(member, row.flag)
        rows.add(re.findall(r"<tr><th scope=\"row\">演示小学.*?</tr>", zero.page(), re.DOTALL)[0])
    assert len(rows) == 1


def test_it_names_nobody(zero: Town) -> None:
    zero.record(zero.person(zero.group("演示小学", "五年一班"), "崔明轩"), Flag.FEVER)
    page = zero.page()
    assert not [name for name in ("李雷", "韩梅梅", "王小明", "佟大伟", "关乐乐", "白老师", "崔明轩") if name in page]


def test_schools_with_most_missing_come_first(town: Town) -> None:
    for school, missing, flagged in (("甲校", 1, 1), ("乙校", 5, 0), ("丙校", 1, 2), ("丁校", 0, 1)):
        group = town.group(school, "一班")
        for number in range(missing):
            town.person(group, f"{school}生{number}")
        for number in range(flagged):
            town.record(town.person(group, f"{school}人{number}"), Flag.TRAVEL)
    rows = re.findall(r'<tr><th scope="row">(.校|演示小学)</th>', town.page())
    assert rows == ["乙校", "演示小学", "丙校", "甲校", "丁校"]


def test_groups_that_nobody_heard_of(town: Town) -> None:
    heard, before = town.group("甲校", "一班"), town.group("甲校", "二班")
    town.person(heard, "甲")
    town.person(before, "乙")
    town.message(heard, NOW)
    town.message(before, NOW - timedelta(days=2, minutes=30))
    words = town.words()
    assert "2 个群没动静" in words
    assert "还没有消息的群 2 演示小学 三年二班 3 人，前两天也没动静 甲校 二班 1 人，2月16日 07:35 还有 学校" in words


def test_many_silent_groups_are_folded(town: Town) -> None:
    for number in range(12):
        town.person(town.group("甲校", f"{number}班"), f"甲{number}")
    assert "其余 5 个群" in town.words()


def test_other_days(zero: Town) -> None:
    with zero.county.database.read() as session:
        members = list(session.scalars(select(Membership.id).order_by(Membership.id)))
    for member in members[:4]:
        zero.record(member, Flag.FEVER, day=DAY - timedelta(days=1))
    words = zero.words()
    assert "前天 0% 昨天 66.7% 今天 2月18日 周二" in words
    assert "学生 40.0 % 2/5 比昨天 −40.0" in words
    assert "教职工 100 % 1/1 截至" in words  # nobody of them was heard of the day before: that is no rise
    assert "发热 0 0 0 −4" in words
    assert "2月18日 40.0% 100% 0 2月17日 80.0% 0% 4 2月16日 0% 0% 0" in words
    yesterday = zero.words("2020-02-17")
    assert "发热 4 0 4 —" in yesterday
    assert "比前一天" in yesterday
    assert zero.page("2020-02-17").count('aria-current="date"') == 1
    assert "2月1日 周六，截至" in zero.words("2020-02-01")


@pytest.mark.parametrize("day", ["2020-02-20", "gestern", "0001-01-01", ""])
def test_days_that_are_none(town: Town, day: str) -> None:
    assert town.browser.get("/bureau", params={"day": day}).status_code == 404


def test_what_is_late_for_yesterday_shows_within_five_minutes(zero: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "昨天 0%" in zero.words()
    with zero.county.database.read() as session:
        members = list(session.scalars(select(Membership.id)))
    for member in members:
        zero.record(member, day=DAY - timedelta(days=1))
    assert "前天 0% 昨天 100% 今天" in zero.words("2020-02-17")  # its own page is counted at once
    at(monkeypatch, NOW + timedelta(minutes=5))
    assert "昨天 100%" in zero.words()


def test_confirm_and_undo(zero: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "等您确认 1。 镇东小学 学生 2，教职工 1，最近 07:40 确认无情况" in zero.words()
    assert zero.tap("/bureau/zero", "镇东小学") == 303
    at(monkeypatch, NOW + timedelta(minutes=5))
    assert zero.tap("/bureau/zero", "镇东小学") == 303
    assert zero.reports() == [(NOW, None)]
    assert "已确认 1。 镇东小学 已确认 08:05 撤销" in zero.words()
    assert zero.tap("/bureau/zero/undo", "镇东小学") == 303
    assert zero.tap("/bureau/zero/undo", "镇东小学") == 303
    assert zero.reports() == [(NOW, NOW + timedelta(minutes=5))]
    assert "等您确认 1。" in zero.words()
    assert zero.tap("/bureau/zero", "镇东小学") == 303
    assert zero.reports() == [(NOW + timedelta(minutes=5), None)]


def test_confirming_leads_back_to_its_day(zero: Town) -> None:
    with zero.county.database.read() as session:
        ref = school_ref(KEYRING, session.scalars(select(School.id).where(School.name == "镇东小学")).one())
    data = {"school": ref, "day": "2020-02-18", "csrf": token_in(zero.browser.get("/privacy").text)}
    assert zero.browser.post("/bureau/zero", data=data).headers["location"] == "/bureau#zero"


@pytest.mark.parametrize("what", ["missing", "flagged", "review", "doubt"])
def test_what_comes_after_a_confirmation_is_said(zero: Town, what: str) -> None:
    group = zero.group("镇东小学", "二班")
    assert zero.tap("/bureau/zero", "镇东小学") == 303
    member = zero.person(group, "马骏驰")
    if what == "flagged":
        zero.record(member, Flag.FEVER)
    if what == "review":
        zero.doubt(group, member, zero.message(group, NOW))
    if what == "doubt":
        zero.record(member)
        zero.doubt(group, None, zero.message(group, NOW))
    words = zero.words()
    label = {"missing": "未报", "flagged": "有情况", "review": "待核实", "doubt": "另有待核实"}[what]
    assert f"镇东小学 08:05 确认后有变化：{label} 1 撤销" in words
    assert "已确认" not in words
    assert zero.tap("/bureau/zero", "镇东小学") == 409


@pytest.mark.parametrize(
    ("school", "day", "status"),
    [
        ("演示小学", "2020-02-18", 409),  # three are missing
        ("镇东小学", "2020-02-17", 409),  # nobody was heard of
        ("镇东小学", "2020-02-20", 404),  # that day is still to come
        ("镇东小学", "", 404),
        ("没有这所", "2020-02-18", 404),
    ],
)
def test_what_cannot_be_confirmed(zero: Town, school: str, day: str, status: int) -> None:
    assert zero.tap("/bureau/zero", school, day) == status
    assert zero.reports() == []


def test_a_school_of_nobody_is_no_zero(town: Town) -> None:
    town.group("空校", "一班")
    assert town.tap("/bureau/zero", "空校") == 409
    assert "空校" not in town.page()


def test_others_see_and_confirm_nothing(zero: Town) -> None:
    for role in (UserRole.TEACHER, UserRole.SCHOOL):
        other = browser_at(zero.desk)
        sign_in(other, link_for(zero.desk, role))
        assert other.get("/bureau").status_code == 404
        assert zero.tap("/bureau/zero", "镇东小学", browser=other) == 404
    assert browser_at(zero.desk).get("/bureau").status_code == 401
    assert zero.reports() == []


def test_an_empty_county(database_url: str, monkeypatch: pytest.MonkeyPatch, town: Town) -> None:
    del database_url, monkeypatch
    with town.county.database.write() as session:
        for member in session.scalars(select(Membership)):
            member.expected = False
    words = town.words()
    assert "还没有导入名册。" in words
    assert "学生 — 0/0" in words

"""`jielong digest`, `school` and `remind`: what is sent, and how groups are spoken to."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.wiring import build_rooms
from models.slot import Slot
from models.vocabulary import JobKind, SlotOutcome
from tests.cli.conftest import INIT, Jielong

ROSTER = """\
学校,班级,姓名,身份
演示县第一小学,一班,李雷,学生
演示县第一小学,教职工群,王敏,教师
演示县第二小学,一班,周小满,学生
"""
DAY = "2020-02-18"
SCHOOL = "演示县第一小学"
FIVE_TIMES = tuple(word for hour in range(6, 11) for word in ("--at", f"{hour}:00"))
GROUP = ("--school", SCHOOL, "--group", "一班")


@pytest.fixture
def county(jielong: Jielong, tmp_path: Path) -> Jielong:
    """Commands on a database with a setting and a roster."""
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER, encoding="utf-8")
    assert jielong(*INIT).status == 0
    assert jielong("roster", "import", str(path), "--yes").status == 0
    return jielong


def decided(kind: JobKind, unit: str, day: date, serial: int) -> None:
    """A digest that the clock has set off."""
    rooms = build_rooms()
    now = datetime(2020, 2, 18, 3, tzinfo=UTC)
    with rooms.database.write() as session:
        session.add(
            Slot(
                kind=kind,
                unit=unit,
                day=day,
                ordinal=0,
                due_at=now,
                decided_at=now,
                outcome=SlotOutcome.FIRED,
                serial=serial,
            )
        )
    rooms.database.close()


def test_the_bureaus_digest(county: Jielong) -> None:
    lines = county("digest", "--day", DAY).out.splitlines()
    assert lines[0] == "【演示县教育局】师生健康日报 第1号"
    assert lines[1].startswith("2月18日 周二，截至")
    assert lines[3:6] == ["学生 0/2，0%", "教职工 0/1，0%", "确认正常0，推断正常0，待核实0，未报3"]
    assert "还没有消息的群3个：演示县第一小学一班、教职工群，演示县第二小学一班" in lines


def test_a_schools_digest(county: Jielong) -> None:
    lines = county("digest", "--day", DAY, "--school", SCHOOL).out.splitlines()
    assert lines[0] == "【演示县第一小学】师生健康日报 第1号"
    assert lines[3:6] == ["学生 0/1，0%", "教职工 0/1，0%", "待核实0，未报2"]


def test_the_number_is_that_of_the_digest_that_was_sent_or_the_next(county: Jielong) -> None:
    decided(JobKind.BUREAU_DIGEST, "bureau", date(2020, 2, 17), 31)
    decided(JobKind.BUREAU_DIGEST, "bureau", date(2020, 2, 18), 32)
    decided(JobKind.SCHOOL_DIGEST, "school/1", date(2020, 2, 18), 7)
    heads = [
        county("digest", "--day", day, *school).out.splitlines()[0].partition(" ")[2]
        for day in ("2020-02-17", "2020-02-18", "2020-02-19")
        for school in ((), ("--school", SCHOOL))
    ]
    assert heads == ["第31号", "第8号", "第32号", "第7号", "第33号", "第8号"]


def test_how_a_school_names_people(county: Jielong) -> None:
    full, masked = ("--names", "full"), ("--names", "masked")
    said = [county("school", SCHOOL, *words) for words in ((), full, full, (), masked)]
    assert [one.out for one in said] == [
        "群里的姓名只写首尾的字，像 王*明\n",
        "已改：群里的姓名写全名\n",
        "没有变化：群里的姓名写全名\n",
        "群里的姓名写全名\n",
        "已改：群里的姓名只写首尾的字，像 王*明\n",
    ]
    assert ["家长都同意" in one.err for one in said] == [False, True, True, False, False]


REMIND = (
    ((), "09:00、10:30 提醒（默认）"),
    (("--at", "10:00", "--at", "8:30", "--at", "08:30"), "已改：08:30、10:00 提醒"),
    (("--at", "08:30", "--at", "10:00"), "没有变化：08:30、10:00 提醒"),
    ((), "08:30、10:00 提醒"),
    (("--never",), "已改：不提醒"),
    ((), "不提醒"),
    (("--usual",), "已改：09:00、10:30 提醒（默认）"),
    (("--usual",), "没有变化：09:00、10:30 提醒（默认）"),
)


def test_when_a_group_is_reminded(county: Jielong) -> None:
    for words, out in REMIND:
        said = county("remind", *GROUP, *words)
        assert (said.status, said.out) == (0, f"{out}\n")
    assert county("remind", "--school", "演示县第二小学", "--group", "一班").out == "09:00、10:30 提醒（默认）\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("remind", *GROUP, "--at", "25:00"), "--at 不是时间，请写成 08:30 这样"),
        (("remind", *GROUP, "--at", "08:30:15"), "--at 不是时间"),
        (("remind", *GROUP, "--at", "08:30+08:00"), "--at 不是时间"),
        (("remind", *GROUP, "--at", "08:30", "--never"), "只能用一种"),
        (("remind", *GROUP, *FIVE_TIMES), "一天最多提醒 4 次"),
        (("remind", "--group", "一班"), "用 --school 说明"),
        (("school", "第一小学"), "最接近的是“演示县第一小学”"),
        (("school", SCHOOL, "--names", "all"), "--names 只能是 masked、full"),
        (("digest", "--day", DAY, "--school", "第三小学"), "没有叫“第三小学”的学校"),
        (("digest",), "缺少 --day"),
    ],
)
def test_refused(county: Jielong, words: tuple[str, ...], sentence: str) -> None:
    said = county(*words)
    assert (said.status, said.out, len(said.err.splitlines())) == (2, "", 1)
    assert sentence in said.err

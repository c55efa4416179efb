"""What operators do, on both databases: set the county up, import, bind, look."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from bot.cli.demo import make_county
from bot.wiring import Rooms, build_rooms, migrate
from models.chat import Binding
from models.message import InboxMessage
from models.vocabulary import MessageState
from tests.cli.conftest import INIT, Jielong
from tests.roster.county import NOW

ROSTER = """\
学校,班级,姓名,身份,工号
演示县第一小学,一班,李雷,学生,
演示县第一小学,一班,=韩梅梅,学生,
演示县第一小学,一班,王敏,教师,T1
演示县第一小学,教职工群,王敏,教师,T1
演示县第二小学,一班,周小满,学生,
"""
DAY = "2020-02-18"


@pytest.fixture
def roster(tmp_path: Path) -> str:
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER, encoding="utf-8-sig")
    return str(path)


@pytest.fixture
def county(jielong: Jielong, roster: str) -> Jielong:
    """Commands on a database with a setting and a roster."""
    assert jielong(*INIT).status == 0
    assert jielong("roster", "import", roster, "--yes").status == 0
    return jielong


def test_init_may_be_repeated(jielong: Jielong) -> None:
    first, again, other = jielong(*INIT), jielong(*INIT, "--basis", "法定职责"), jielong(*INIT, "--risk-area", "温州市")
    assert [said.status for said in (first, again, other)] == [0, 0, 0]
    assert [said.out for said in (first, again, other)] == ["已写入设置\n", "设置没有变化\n", "已写入设置\n"]
    assert "没有写 --basis" in first.err
    assert again.err == ""


def test_a_basis_that_has_ended_is_noticed(jielong: Jielong) -> None:
    said = jielong(*INIT, "--basis", "应急", "--basis-until", "2020-06-30")
    assert (said.status, "收集依据已失效" in said.err) == (0, True)


@pytest.mark.parametrize(
    "words", [("records", "--day", DAY), ("status",), ("missing", "--day", DAY, "--group", "一班")]
)
def test_before_init(jielong: Jielong, words: tuple[str, ...]) -> None:
    said = jielong(*words)
    assert (said.status, said.out) == (2, "")
    assert "先运行 jielong init" in said.err
    assert len(said.err.splitlines()) == 1


def test_an_absent_database(jielong: Jielong, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIELONG_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    said = jielong("status")
    assert (said.status, len(said.err.splitlines())) == (2, 1)
    assert "数据库现在打不开" in said.err


def test_nothing_is_written_before_it_is_confirmed(jielong: Jielong, roster: str) -> None:
    jielong(*INIT)
    said = jielong("roster", "import", roster)
    assert (said.status, said.err) == (0, "")
    assert "新增 5 人，修改 0 人，不变 0 人；新学校 2 所，新群 3 个" in said.out
    assert "没有写入" in said.out
    assert jielong("records", "--day", DAY).out == ""
    assert "已写入" in jielong("roster", "import", roster, "--yes").out
    assert len(jielong("records", "--day", DAY).out.splitlines()) == 5
    assert "名册没有变化" in jielong("roster", "import", roster, "--yes").out


def test_a_roster_with_bad_rows_is_refused_whole(jielong: Jielong, tmp_path: Path) -> None:
    jielong(*INIT)
    bad = tmp_path / "bad.csv"
    bad.write_text(f"{ROSTER}\n,一班,甲,学生,\n演示县第一小学,一班,乙,校长,\n", encoding="utf-8")
    said = jielong("roster", "import", str(bad), "--yes")
    assert said.status == 2
    assert said.err.splitlines() == [
        "错误：第 8 行：“学校”不能为空",
        "错误：第 9 行：“身份”只能填 学生、教师 或 职工",
        "名册有 2 处错误，什么也没有写入",
    ]
    assert jielong("records", "--day", DAY).out == ""


def test_warnings_do_not_refuse(jielong: Jielong, tmp_path: Path) -> None:
    jielong(*INIT)
    path = tmp_path / "roster.csv"
    path.write_text("学校,班级,姓名,身份,星座\n一小,一班,李雷,学生,狮子\n", encoding="utf-8")
    said = jielong("roster", "import", str(path), "--yes")
    assert (said.status, said.err) == (0, "提醒：第 1 行：不认识“星座”列，没有读\n")
    assert len(jielong("records", "--day", DAY).out.splitlines()) == 1


@pytest.mark.parametrize("name", ["roster.csv", "roster.xlsx"])
def test_the_template_can_be_filled_in_and_imported(jielong: Jielong, tmp_path: Path, name: str) -> None:
    jielong(*INIT)
    path = tmp_path / name
    assert jielong("roster", "template", "--output", str(path)).status == 0
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        book.worksheets[0].append(["一小", "一班", "李雷", "学生"])
        book.save(path)
    else:
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(["一小", "一班", "李雷", "学生"])
    said = jielong("roster", "import", str(path), "--yes")
    assert (said.status, said.err) == (0, "")
    assert json.loads(jielong("records", "--day", DAY).out)["member"] == "李雷"


def test_the_template_on_standard_output_is_known_to_excel(jielong: Jielong) -> None:
    assert jielong("roster", "template").out.startswith("\ufeff学校,班级,姓名,身份,别名,学号")


def test_bind(county: Jielong) -> None:
    words = ("bind", "gateway/demo", "room", "--school", "演示县第一小学", "--group", "一班")
    assert [county(*words).out for _ in range(2)] == ["已绑定\n", "这个群聊已经是这样绑定的\n"]
    for target in (("--school", "演示县第二小学"), ("--group", "教职工群"), ("--bureau",)):
        assert county("bind", "wecom-robot", f"key{target}", *target).status == 0
    rooms = build_rooms()
    with rooms.database.read() as session:
        found = [(one.channel, one.group_id, one.school_id) for one in session.scalars(select(Binding))]
    rooms.database.close()
    assert [(channel, group is not None, school is not None) for channel, group, school in found] == [
        ("gateway/demo", True, False),
        ("wecom-robot", False, True),
        ("wecom-robot", True, False),
        ("wecom-robot", False, False),
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("bind", "gateway/demo", "room", "--group", "一班"), "有 2 所学校都有“一班”"),
        (("bind", "gateway/demo", "room", "--group", "二班"), "没有叫“二班”的班级或教职工群，最接近的是“一班”"),
        (("bind", "wechat", "room", "--group", "教职工群"), "没有叫“wechat”的渠道"),
        (("bind", "onebot", "room"), "用 --group 说明"),
        (("records", "--day", DAY, "--school", "第一小学"), "没有叫“第一小学”的学校，最接近的是“演示县第一小学”"),
        (("missing", "--day", DAY, "--group", "一班"), "用 --school 说明"),
        (("records", "--day", DAY, "--format", "csv", "--output", "/absent/r.csv"), "写不了文件"),
        (("quarantine", "release", "7"), "没有这样的隔离消息：7"),
    ],
)
def test_refused(county: Jielong, words: tuple[str, ...], sentence: str) -> None:
    said = county(*words)
    assert (said.status, said.out, len(said.err.splitlines())) == (2, "", 1)
    assert sentence in said.err


def test_records_of_a_day_without_messages(county: Jielong) -> None:
    rows = [json.loads(line) for line in county("records", "--day", DAY, "--format", "jsonl").out.splitlines()]
    assert [(row["school"], row["group"], row["member"], row["role"]) for row in rows] == [
        ("演示县第一小学", "一班", "李雷", "student"),
        ("演示县第一小学", "一班", "=韩梅梅", "student"),
        ("演示县第一小学", "一班", "王敏", "teacher"),
        ("演示县第一小学", "教职工群", "王敏", "teacher"),
        ("演示县第二小学", "一班", "周小满", "student"),
    ]
    nothing: dict[str, object] = {
        "day": DAY,
        "state": "missing",
        "basis": None,
        "temperature": None,
        "flags": [],
        "places": [],
        "messages": [],
    }
    assert all(nothing.items() <= row.items() for row in rows)
    of_school = county("records", "--day", DAY, "--school", "演示县第二小学").out.splitlines()
    assert [json.loads(line)["member"] for line in of_school] == ["周小满"]


def test_records_as_csv(county: Jielong) -> None:
    rows = list(csv.DictReader(io.StringIO(county("records", "--day", DAY, "--format", "csv").out)))
    assert [row["member"] for row in rows] == ["李雷", "'=韩梅梅", "王敏", "王敏", "周小满"]


def test_records_as_workbook(county: Jielong, tmp_path: Path) -> None:
    path = tmp_path / "records.xlsx"
    assert county("records", "--day", DAY, "--format", "xlsx", "--output", str(path)).status == 0
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert [cell.value for cell in sheet["D"]] == ["member", "李雷", "'=韩梅梅", "王敏", "王敏", "周小满"]
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n", "inlineStr"}


def test_missing(county: Jielong) -> None:
    said = county("missing", "--day", DAY, "--group", "一班", "--school", "演示县第一小学")
    assert said.out.splitlines() == ["李雷", "=韩梅梅", "王敏"]


def test_status(county: Jielong) -> None:
    found = json.loads(county("status", "--json").out)
    assert found["inbox"] == {"received": 0, "waiting": 0, "done": 0, "parked": 0, "quarantined": 0, "unbound": 0}
    assert found["outbox"] == {"due": 0, "sent": 0, "unknown": 0, "dead": 0}
    assert found["oldest_waiting_s"] == 0
    assert f"数据库版本 {found['schema']}" in county("status").out


@pytest.fixture
def demo(jielong: Jielong) -> Rooms:
    """The demo county, its messages not yet read."""
    del jielong
    rooms = build_rooms()
    migrate(rooms.database, rooms.keyring)
    assert make_county(rooms, NOW)
    assert not make_county(rooms, NOW)
    return rooms


def test_quarantine(demo: Rooms, jielong: Jielong) -> None:
    with demo.database.write() as session:
        for message in session.scalars(select(InboxMessage).order_by(InboxMessage.id).limit(2)):
            message.state = MessageState.QUARANTINED
    demo.database.close()
    lines = [line.split("\t") for line in jielong("quarantine", "list").out.splitlines()]
    assert [line[1:] for line in lines] == [
        ["gateway/demo", "2020-02-18T08:05:00+08:00", "2020-02-16T06:33:41+08:00"],
        ["gateway/demo", "2020-02-18T08:05:00+08:00", "2020-02-16T06:37:00+08:00"],
    ]
    assert jielong("quarantine", "release", lines[0][0]).out == "已放行 1 条\n"
    assert jielong("quarantine", "release", "--all").out == "已放行 1 条\n"
    assert jielong("quarantine", "list").out == ""

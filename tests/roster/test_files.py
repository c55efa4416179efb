"""What a roster file must be like, and what is said of one that is not."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.errors import NotPossible
from bot.roster.columns import TITLES
from bot.roster.importing import RosterFile, read_file
from bot.roster.remarks import SENTENCES, Problem
from bot.roster.rows import RosterRow
from models.vocabulary import GroupKind, Role
from tests.roster.county import csv_file, xlsx_file

HEAD = "学校,班级,姓名,身份"
GOOD = "一小,一班,李雷,学生"

REFUSED: Sequence[tuple[str, Sequence[str], list[tuple[int, Problem]]]] = (
    ("a needed column is not there", ["学校,姓名,身份", "一小,李雷,学生"], [(1, Problem.NO_COLUMN)]),
    ("a column stands twice", [f"{HEAD},姓名", f"{GOOD},李雷"], [(1, Problem.COLUMN_TWICE)]),
    ("nobody below the header", [HEAD], [(1, Problem.NO_ROWS)]),
    ("needed values are blank", [HEAD, "一小,,,学生"], [(2, Problem.NO_VALUE), (2, Problem.NO_VALUE)]),
    ("the role is blank", [HEAD, "一小,一班,李雷,"], [(2, Problem.NO_VALUE)]),
    ("a role of one's own", [HEAD, "一小,一班,李雷,家长"], [(2, Problem.UNKNOWN_ROLE)]),
    ("a comma too many", [HEAD, f"{GOOD},多余"], [(2, Problem.TOO_MANY_CELLS)]),
    ("a kind of one's own", [f"{HEAD},群类型", f"{GOOD},兴趣组"], [(2, Problem.UNKNOWN_KIND)]),
    ("a sex of one's own", [f"{HEAD},性别", f"{GOOD},M"], [(2, Problem.UNKNOWN_SEX)]),
    ("a day that never was", [f"{HEAD},出生日期", f"{GOOD},2011-02-30"], [(2, Problem.NOT_A_DATE)]),
    ("words for a day", [f"{HEAD},加入日期", f"{GOOD},去年"], [(2, Problem.NOT_A_DATE)]),
    (
        "gone before they came",
        [f"{HEAD},加入日期,离开日期", f"{GOOD},2020-02-02,2020-02-01"],
        [(2, Problem.DATES_REVERSED)],
    ),
    ("words for a phone number", [f"{HEAD},联系电话", f"{GOOD},没有"], [(2, Problem.NOT_A_PHONE)]),
    ("a guardian's phone number", [f"{HEAD},家长电话", f"{GOOD},12x45678"], [(2, Problem.NOT_A_PHONE)]),
    ("a name of a book's length", [HEAD, f"一小,一班,{'长' * 101},学生"], [(2, Problem.TOO_LONG)]),
    ("a line break in a name", [HEAD, '一小,一班,"李\n雷",学生'], [(2, Problem.CONTROL_CHARACTER)]),
    ("the error of a formula", [HEAD, "一小,一班,#N/A,学生"], [(2, Problem.ERROR_VALUE)]),
    ("digits that a spreadsheet has lost", [f"{HEAD},学号", f"{GOOD},2.10522E+17"], [(2, Problem.DIGITS_LOST)]),
    ("both numbers", [f"{HEAD},学号,工号", f"{GOOD},A1,B1"], [(2, Problem.TWO_NUMBERS)]),
    ("a student leads a class", [f"{HEAD},班主任", f"{GOOD},是"], [(2, Problem.HOMEROOM_STUDENT)]),
    ("two of one name in a group", [HEAD, GOOD, "", GOOD], [(2, Problem.SAME_NAME), (4, Problem.SAME_NAME)]),
    ("one of two has a number", [f"{HEAD},学号", f"{GOOD},", f"{GOOD},A1"], [(2, Problem.SAME_NAME)]),
    (
        "the same name, written wide",
        [HEAD, GOOD, "一小,一班,李　雷,学生"],
        [(2, Problem.SAME_NAME), (3, Problem.SAME_NAME)],
    ),
    ("one person, two contents", [f"{HEAD},学号,宿舍", f"{GOOD},A1,1", f"{GOOD},A1,2"], [(3, Problem.ROW_DIFFERS)]),
    (
        "seat numbers for 学号",
        [f"{HEAD},学号", f"{GOOD},1", "一小,二班,韩梅梅,学生,1"],
        [(3, Problem.NUMBER_OF_ANOTHER)],
    ),
    (
        "one number, two birthdays",
        [f"{HEAD},学号,出生日期", f"{GOOD},A1,2011-05-04", "一小,乐队,李雷,学生,A1,2011-05-05"],
        [(3, Problem.PERSON_DIFFERS)],
    ),
    (
        "one group, two kinds",
        [f"{HEAD},群类型", f"{GOOD},班级", "一小,一班,韩梅梅,学生,教职工"],
        [(3, Problem.KIND_DIFFERS)],
    ),
)

WARNED: Sequence[tuple[str, Sequence[str], int, list[tuple[int, Problem]]]] = (
    ("a column that nobody knows", [f"{HEAD},星座", f"{GOOD},狮子"], 1, [(1, Problem.UNKNOWN_COLUMN)]),
    ("a row twice", [f"{HEAD},学号", f"{GOOD},A1", f"{GOOD},A1"], 1, [(3, Problem.ROW_TWICE)]),
    ("aliases with commas", [f"{HEAD},别名", f'{GOOD},"雷雷,小雷"'], 1, [(2, Problem.ALIAS_SEPARATOR)]),
    ("a teacher in two groups", [HEAD, "一小,一班,王敏,教师", "一小,教师群,王敏,教师"], 2, [(3, Problem.STAFF_TWICE)]),
    ("the same name in two classes", [HEAD, GOOD, "一小,二班,李雷,学生"], 2, []),
    ("the same name in two schools", [HEAD, "一小,教师群,王敏,教师", "二小,教师群,王敏,教师"], 2, []),
)


def remarks(file: RosterFile, *, errors: bool) -> list[tuple[int, Problem]]:
    return sorted((remark.row, remark.problem) for remark in file.remarks if remark.is_error is errors)


@pytest.mark.parametrize(("why", "lines", "expected"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused(why: str, lines: Sequence[str], expected: list[tuple[int, Problem]], tmp_path: Path) -> None:
    file = read_file(csv_file(tmp_path / "r.csv", *lines))
    assert remarks(file, errors=True) == expected, why


@pytest.mark.parametrize(("why", "lines", "people", "expected"), WARNED, ids=[row[0] for row in WARNED])
def test_warned(
    why: str, lines: Sequence[str], people: int, expected: list[tuple[int, Problem]], tmp_path: Path
) -> None:
    file = read_file(csv_file(tmp_path / "r.csv", *lines))
    assert (len(file.rows), remarks(file, errors=True), remarks(file, errors=False)) == (people, [], expected), why


def test_every_problem_has_a_sentence_that_names_the_row() -> None:
    assert set(SENTENCES) == set(Problem)


def test_remarks_name_nobody(tmp_path: Path) -> None:
    file = read_file(
        csv_file(tmp_path / "r.csv", f"{HEAD},学号", f"{GOOD},1", "一小,一班,李雷,学生,", "一小,二班,韩梅梅,学生,1")
    )
    assert len(file.remarks) == 2
    assert not any(name in remark.sentence for remark in file.remarks for name in ("李雷", "韩梅梅"))
    assert not any("李雷" in repr(row) for row in file.rows)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "没有找到表头"),
        ("姓名\n".encode("gbk"), "不是 UTF-8"),
        ("甲,乙\n李雷,学生\n".encode(), "没有找到表头"),
        ('学校,班级,姓名,身份\n一小,一班,"李雷,学生\n'.encode(), "引号没有成对"),
        (b"\xd0\xcf\x11\xe0old", "旧版 Excel"),
        (b"PK\x03\x04 no workbook", "工作簿打不开"),
    ],
)
def test_no_roster_at_all(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(content)
    with pytest.raises(NotPossible, match=sentence):
        read_file(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(NotPossible, match="打不开文件"):
        read_file(tmp_path / "absent.csv")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_csv_with_and_without_mark_and_rows_after_blank_ones(mark: bytes, tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(
        mark + f"花名册,,,\r\n\r\n{HEAD}\r\n{GOOD}\r\n,,,\r\n\r\n 一小 ,一班,\u3000韩梅梅\u200b,学生\r\n".encode()
    )
    file = read_file(path)
    assert [(row.row, row.school, row.name) for row in file.rows] == [(4, "一小", "李雷"), (7, "一小", "韩梅梅")]
    assert file.remarks == ()


def test_workbook(tmp_path: Path) -> None:
    path = xlsx_file(
        tmp_path / "r.xlsx",
        ["演示县第一小学花名册"],
        [],
        ["学校", "班级", "姓名", "身份", "学号", "出生日期", "联系电话", "别名"],
        ["一小", "一班", "李雷", "学生", 20200101, dt.datetime(2011, 5, 4), 4100000001, "雷雷、小雷"],  # noqa: DTZ001 - a spreadsheet knows no zone
        [],
        [None, "", None],
        ["一小", "一班", "韩梅梅", "学生", "20200102.0", dt.date(2011, 5, 4)],
        more=[["别的", "内容"]],
    )
    file = read_file(path)
    first, second = file.rows
    assert (first.row, first.number, first.born_on, first.phone, first.aliases) == (
        4,
        "20200101",
        dt.date(2011, 5, 4),
        "4100000001",
        ("雷雷", "小雷"),
    )
    assert (second.row, second.born_on) == (7, dt.date(2011, 5, 4))
    assert remarks(file, errors=False) == [(3, Problem.OTHER_SHEETS)]


def test_workbook_with_a_number_that_is_too_long(tmp_path: Path) -> None:
    head = [*HEAD.split(","), "学号"]
    path = xlsx_file(tmp_path / "r.xlsx", head, [*GOOD.split(","), 210522201105041234])
    assert remarks(read_file(path), errors=True) == [(2, Problem.DIGITS_LOST)]


def test_all_columns(tmp_path: Path) -> None:
    cells = {
        "学校": "一小",
        "班级": "一班",
        "姓名": "李雷",
        "身份": "教师",
        "别名": "雷雷、小雷",
        "工号": "ｔ 1",
        "家长姓名": "大雷、韩梅",
        "家长电话": "4100000001",
        "群类型": "班级",
        "班主任": "是",
        "平台账号": "WxA、wxa、wx-b",
        "联系电话": "4100000002",
        "性别": "男",
        "出生日期": "2011年5月4日",
        "宿舍": "3-201",
        "加入日期": "2020/2/1",
        "离开日期": "20200630",
    }
    assert {*cells, "学号"} == set(TITLES)
    (row,) = read_file(csv_file(tmp_path / "r.csv", ",".join(cells), ",".join(cells.values()))).rows
    assert row == RosterRow(
        row=2,
        school="一小",
        group="一班",
        name="李雷",
        role=Role.TEACHER,
        aliases=("雷雷", "小雷"),
        number="T1",
        guardians=(("大雷", "4100000001"), ("韩梅", None)),
        kind=GroupKind.CLASS,
        homeroom=True,
        homeroom_name=None,
        accounts=("wxa", "wx-b"),
        phone="4100000002",
        sex="男",
        born_on=dt.date(2011, 5, 4),
        dormitory="3-201",
        from_day=dt.date(2020, 2, 1),
        until_day=dt.date(2020, 6, 30),
    )

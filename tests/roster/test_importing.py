"""What an import makes of a county, on both databases; importing again changes nothing."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.errors import NotPossible
from bot.reading.scene import Scene
from bot.roster import importing
from bot.roster.remarks import Problem
from bot.roster.scene import scene
from models.group import Group, Revision
from models.membership import Membership
from models.person import Person
from models.record import Record
from models.school import School
from models.vocabulary import Basis, Cause, GroupKind, Role
from tests.roster.county import KEYRING, NOW, SETTING, County, county as new_county, csv_file

HEAD = "学校,班级,姓名,身份,学号,别名,平台账号,家长姓名,家长电话,群类型,班主任,离开日期"


@pytest.fixture
def county(database_url: str) -> Iterator[County]:
    """An empty one."""
    with new_county(database_url) as made:
        yield made


@pytest.fixture
def county_file(tmp_path: Path) -> Path:
    """One school with a class and a staff group; 王敏 is in both, by her number."""
    return csv_file(
        tmp_path / "county.csv",
        HEAD,
        "一小,一班,李雷,学生,,雷雷,wx-1,李大雷,4100000001,,王敏,",
        "一小,一班,韩梅梅,学生,A2,,,,,,,",
        "一小,一班,王敏,教师,T1,,,,,,,",
        "一小,教职工群,王敏,教师,T1,,,,,,,",
        "一小,教职工群,赵厨,职工,,,,,,,,",
    )


def test_a_new_county(county: County, county_file: Path) -> None:
    before = county.preview(county_file)
    assert county.members() == []
    after = county.load(county_file)
    assert before == after
    assert (after.new_schools, after.new_groups, after.new, after.changed, after.unchanged) == (1, 2, 5, 0, 0)
    assert county.members() == [
        ("一小", "一班", "李雷", Role.STUDENT),
        ("一小", "一班", "韩梅梅", Role.STUDENT),
        ("一小", "一班", "王敏", Role.TEACHER),
        ("一小", "教职工群", "王敏", Role.TEACHER),
        ("一小", "教职工群", "赵厨", Role.STAFF),
    ]
    assert county.count(Person) == 4
    assert county.groups() == {"一班": (GroupKind.CLASS, 1, True), "教职工群": (GroupKind.STAFF, 1, True)}
    with county.database.read() as session:
        assert [(one.number, one.cause, one.at) for one in session.scalars(select(Revision))] == [
            (1, Cause.ROSTER, NOW),
            (1, Cause.ROSTER, NOW),
        ]
        homeroom = session.scalars(select(Membership).where(Membership.homeroom)).one()
        assert (homeroom.group.name, homeroom.person.name) == ("一班", "王敏")


def test_again_changes_nothing(county: County, county_file: Path) -> None:
    county.load(county_file)
    county.settle()
    plan = county.load(county_file)
    assert (plan.new_schools, plan.new_groups, plan.new, plan.changed, plan.unchanged, plan.untouched) == (
        0,
        0,
        0,
        0,
        5,
        0,
    )
    assert county.groups() == {"一班": (GroupKind.CLASS, 1, False), "教职工群": (GroupKind.STAFF, 1, False)}


CHANGES: Sequence[tuple[str, str, set[str]]] = (
    ("a new alias", "一小,一班,李雷,学生,,小雷,,,,,,", {"一班"}),
    ("an account", "一小,一班,李雷,学生,,,WX-2,,,,,", {"一班"}),
    ("another number for a guardian", "一小,一班,李雷,学生,,,,李大雷,4100000009,,,", {"一班"}),
    ("a number for one who had none", "一小,一班,李雷,学生,A1,,,,,,,", {"一班"}),
    ("another role", "一小,教职工群,赵厨,教师,,,,,,,,", {"教职工群"}),
    ("the last day", "一小,一班,韩梅梅,学生,A2,,,,,,,2020-02-28", {"一班"}),
    ("another name: wherever the person is", "一小,一班,王闵,教师,T1,,,,,,,", {"一班", "教职工群"}),
    ("another kind", "一小,一班,李雷,学生,,,,,,教职工,,", {"一班"}),
    ("a new member", "一小,一班,周小满,学生,,,,,,,,", {"一班"}),
    ("a new group", "一小,二班,周小满,学生,,,,,,,,", {"二班"}),
    ("nothing: blank cells leave what is there", "一小,一班,李雷,学生,,,,,,,,", set()),
)


@pytest.mark.parametrize(("why", "line", "stale"), CHANGES, ids=[row[0] for row in CHANGES])
def test_a_change_makes_its_groups_stale(
    why: str, line: str, stale: set[str], county: County, county_file: Path, tmp_path: Path
) -> None:
    county.load(county_file)
    county.settle()
    again = csv_file(tmp_path / "change.csv", HEAD, line)
    plan = county.load(again)
    assert plan.new + plan.changed == (1 if stale else 0), why
    assert {name for name, (_, _, is_stale) in county.groups().items() if is_stale} == stale
    assert county.load(again).unchanged == 1


def test_members_that_the_file_does_not_name_stay(county: County, county_file: Path, tmp_path: Path) -> None:
    county.load(county_file)
    plan = county.load(csv_file(tmp_path / "one.csv", HEAD, "一小,一班,李雷,学生,,小雷,,,,,,"))
    assert (plan.changed, plan.untouched) == (1, 2)
    assert len(county.members()) == 5
    assert _scene(county, "一班").members[0].aliases == ("雷雷", "小雷")


REFUSED: Sequence[tuple[str, str, Problem]] = (
    ("a number of somebody else", "一小,二班,周小满,学生,A2,,,,,,,", Problem.NUMBER_TAKEN),
    ("several of the name there", "一小,一班,韩梅梅,学生,,,,,,,,", Problem.SAME_NAME_THERE),
)


@pytest.mark.parametrize(("why", "line", "problem"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refused_by_what_is_known(
    why: str, line: str, problem: Problem, county: County, county_file: Path, tmp_path: Path
) -> None:
    county.load(county_file)
    county.load(csv_file(tmp_path / "namesake.csv", HEAD, "一小,一班,韩梅梅,学生,A3,,,,,,,"))
    before = county.members()
    bad = csv_file(tmp_path / "bad.csv", HEAD, "一小,一班,周小满,学生,,,,,,,,", line)
    assert [(remark.row, remark.problem) for remark in county.preview(bad).errors] == [(3, problem)], why
    with pytest.raises(NotPossible, match="第 3 行"), county.database.write() as session:
        importing.write(session, importing.read_file(bad).rows, KEYRING, NOW)
    assert county.members() == before


def test_the_same_name_in_two_groups_is_two_persons(county: County, tmp_path: Path) -> None:
    county.load(csv_file(tmp_path / "r.csv", HEAD, "一小,一班,李雷,学生,,,,,,,,", "一小,二班,李雷,学生,,,,,,,,"))
    assert (county.count(Person), county.count(Membership)) == (2, 2)


def test_namesakes_with_numbers_are_two_persons(county: County, tmp_path: Path) -> None:
    file = csv_file(tmp_path / "r.csv", HEAD, "一小,一班,李雷,学生,A1,,,,,,,", "一小,一班,李雷,学生,A2,,,,,,,")
    county.load(file)
    assert county.load(file).unchanged == 2
    assert county.count(Person) == 2


def test_a_number_given_later_makes_two_persons_one(county: County, tmp_path: Path) -> None:
    rows = ["一小,一班,王敏,教师,{},,,王大敏,,,,", "一小,教职工群,王敏,教师,{},,,,,,,"]
    county.load(csv_file(tmp_path / "before.csv", HEAD, *(row.format("") for row in rows)))
    assert county.count(Person) == 2
    after = csv_file(tmp_path / "after.csv", HEAD, *(row.format("T1") for row in rows))
    assert county.load(after).changed == 2
    assert (county.count(Person), county.count(Membership)) == (1, 2)
    assert county.load(after).unchanged == 2


def test_two_persons_of_whom_records_stand_are_not_made_one(county: County, tmp_path: Path) -> None:
    rows = ["一小,一班,王敏,教师,{},,,,,,,", "一小,教职工群,王敏,教师,{},,,,,,,"]
    county.load(csv_file(tmp_path / "before.csv", HEAD, *(row.format("") for row in rows)))
    with county.database.write() as session:
        for person_id in session.scalars(select(Person.id)):
            session.add(_record(person_id))
    after = csv_file(tmp_path / "after.csv", HEAD, *(row.format("T1") for row in rows))
    assert [(remark.row, remark.problem) for remark in county.preview(after).errors] == [(3, Problem.HISTORY_THERE)]


def test_a_staff_group_becomes_a_class_with_its_first_student(county: County, tmp_path: Path) -> None:
    county.load(csv_file(tmp_path / "teacher.csv", HEAD, "一小,一班,王敏,教师,,,,,,,,"))
    assert county.groups()["一班"][0] == GroupKind.STAFF
    county.load(csv_file(tmp_path / "student.csv", HEAD, "一小,一班,李雷,学生,,,,,,,,"))
    assert county.groups()["一班"][0] == GroupKind.CLASS


def test_a_kind_that_was_said_stays(county: County, tmp_path: Path) -> None:
    county.load(csv_file(tmp_path / "said.csv", HEAD, "一小,实习群,李雷,学生,,,,,,教职工,,"))
    county.load(csv_file(tmp_path / "more.csv", HEAD, "一小,实习群,韩梅梅,学生,,,,,,,,"))
    assert county.groups()["实习群"][0] == GroupKind.STAFF


def test_a_student_of_two_classes_is_noticed(county: County, county_file: Path, tmp_path: Path) -> None:
    county.load(county_file)
    moved = csv_file(tmp_path / "moved.csv", HEAD, "一小,二班,韩梅梅,学生,A2,,,,,,,")
    assert [remark.problem for remark in county.preview(moved).warnings] == [Problem.CLASS_TWICE]
    left = csv_file(
        tmp_path / "left.csv", HEAD, "一小,一班,韩梅梅,学生,A2,,,,,,,2020-02-17", "一小,二班,韩梅梅,学生,A2,,,,,,,"
    )
    assert county.preview(left).warnings == ()


def test_a_homeroom_teacher_who_is_not_there(county: County, tmp_path: Path) -> None:
    file = csv_file(tmp_path / "r.csv", HEAD, "一小,一班,李雷,学生,,,,,,,王敏,")
    assert [remark.problem for remark in county.preview(file).warnings] == [Problem.NO_SUCH_HOMEROOM]


def test_a_homeroom_teacher_who_is_named_later_is_a_change(county: County, tmp_path: Path) -> None:
    rows = ["一小,一班,李雷,学生,,,,,,,{},", "一小,一班,王敏,教师,,,,,,,,"]
    county.load(csv_file(tmp_path / "before.csv", HEAD, *(row.format("") for row in rows)))
    named = csv_file(tmp_path / "after.csv", HEAD, *(row.format("王敏") for row in rows))
    assert (county.preview(named).changed, county.preview(named).unchanged) == (1, 1)
    county.load(named)
    with county.database.read() as session:
        assert session.scalars(select(Membership).where(Membership.homeroom)).one().person.name == "王敏"
    assert county.preview(named).changed == 0


def test_the_reader_sees_the_roster(county: County, county_file: Path) -> None:
    county.load(county_file)
    seen = _scene(county, "一班")
    assert (seen.group, seen.kind, seen.school) == ("一班", GroupKind.CLASS, "一小")
    assert [(one.name, one.role, one.aliases, set(one.accounts)) for one in seen.members] == [
        ("李雷", Role.STUDENT, ("雷雷",), {"wx-1"}),
        ("韩梅梅", Role.STUDENT, (), set()),
        ("王敏", Role.TEACHER, (), set()),
    ]
    assert {(one.from_day, one.until_day) for one in seen.members} == {(None, None)}
    assert (seen.setting.home_county, seen.setting.since) == (SETTING["county"], date(2020, 1, 15))


def test_a_file_is_written_school_by_school(county: County, tmp_path: Path) -> None:
    rows = [f"{school}小,一班,李雷,学生,,,,,,,," for school in ("一", "二", "一", "三")]
    rows[2] = rows[2].replace("李雷", "韩梅梅")
    file = importing.read_file(csv_file(tmp_path / "r.csv", HEAD, *rows))
    parts = list(importing.by_school(file.rows))
    assert [[row.row for row in part] for part in parts] == [[2, 4], [5], [3]]
    for hour, part in enumerate(parts):
        with county.database.write() as session:
            importing.write(session, part, KEYRING, NOW + timedelta(hours=hour))
    assert (county.count(School), county.count(Membership)) == (3, 4)


def _record(person_id: int) -> Record:
    return Record(
        person_id=person_id,
        day=date(2020, 2, 18),
        version=1,
        basis=Basis.STATED,
        temperature=None,
        flags=[],
        places=[],
        messages=[],
        evidence=[],
    )


def _scene(county: County, group: str) -> Scene:
    with county.database.read() as session:
        return scene(session, session.scalars(select(Group.id).where(Group.name == group)).one())

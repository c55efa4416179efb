"""Lines of a roster file as typed rows; what does not fit becomes a remark with its row."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.errors import NotPossible
from bot.roster.cells import Cells
from bot.roster.columns import NEEDED, TITLES
from bot.roster.remarks import Problem, Remark
from bot.roster.sheet import Line, Sheet
from models.vocabulary import GroupKind, Role

ROLES = {"学生": Role.STUDENT, "教师": Role.TEACHER, "职工": Role.STAFF}
KINDS = {"班级": GroupKind.CLASS, "教职工": GroupKind.STAFF}
SEXES = {"男": "男", "女": "女"}
HEADER_WITHIN = 10  # a title and notes may stand above the header


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One membership as a file states it; None and (): the file says nothing of it."""

    row: int
    school: str
    group: str
    name: str = field(repr=False)
    role: Role
    aliases: tuple[str, ...] = field(default=(), repr=False)
    number: str | None = field(default=None, repr=False)  # 学号 or 工号
    guardians: tuple[tuple[str | None, str | None], ...] = field(default=(), repr=False)  # name, phone
    kind: GroupKind | None = None
    homeroom: bool | None = None
    homeroom_name: str | None = field(default=None, repr=False)  # of the group's homeroom teacher
    accounts: tuple[str, ...] = field(default=(), repr=False)
    phone: str | None = field(default=None, repr=False)
    sex: str | None = field(default=None, repr=False)
    born_on: date | None = field(default=None, repr=False)
    dormitory: str | None = None
    from_day: date | None = None
    until_day: date | None = None

    @property
    def key(self) -> str:
        """The name as names are compared."""
        return name_key(self.name)


def name_key(name: str) -> str:
    """What two ways of writing the same name share: width, case and blanks (张　三) make no difference."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def read_rows(sheet: Sheet) -> tuple[list[RosterRow], list[Remark]]:
    """The rows that can be read, and remarks on the others; raises NotPossible where there is no header."""
    at = next((i for i, line in enumerate(sheet.lines[:HEADER_WITHIN]) if {"姓名", "身份"} & set(line.cells)), None)
    if at is None:
        raise NotPossible(f"没有找到表头，需要有这几列：{'、'.join(NEEDED)}；可先用 jielong roster template 取得模板")
    header = sheet.lines[at]
    remarks = [*_header_remarks(header)]
    if sheet.unread:
        remarks.append(Remark(header.number, Problem.OTHER_SHEETS, (sheet.unread,)))
    if any(remark.is_error for remark in remarks):
        return [], remarks
    rows = []
    for line in sheet.lines[at + 1 :]:
        row, found = _read_line(line, header.cells)
        remarks += found
        if row is not None:
            rows.append(row)
    if at + 1 == len(sheet.lines):
        remarks.append(Remark(header.number, Problem.NO_ROWS))
    return rows, remarks


def _header_remarks(header: Line) -> Sequence[Remark]:
    titles = [title for title in header.cells if title]
    missing = [Remark(header.number, Problem.NO_COLUMN, (title,)) for title in NEEDED if title not in titles]
    twice = [
        Remark(header.number, Problem.COLUMN_TWICE, (title,))
        for title in dict.fromkeys(titles)
        if title in TITLES and titles.count(title) > 1
    ]
    unknown = [
        Remark(header.number, Problem.UNKNOWN_COLUMN, (title,))
        for title in dict.fromkeys(titles)
        if title not in TITLES
    ]
    return [*missing, *twice, *unknown]


def _read_line(line: Line, titles: Sequence[str]) -> tuple[RosterRow | None, list[Remark]]:
    cells = Cells(line, titles)
    name = cells.needed("姓名")
    school, group = cells.needed("学校"), cells.needed("班级")
    role = cells.one_of("身份", ROLES, Problem.UNKNOWN_ROLE) if cells.needed("身份") else None
    homeroom, homeroom_name = cells.homeroom(role)
    from_day = cells.day("加入日期")
    until_day = cells.day("离开日期")
    if from_day and until_day and until_day < from_day:
        cells.object(Problem.DATES_REVERSED)
    row = RosterRow(
        row=line.number,
        school=school,
        group=group,
        name=name,
        role=role or Role.STUDENT,  # the row is refused where none is said
        aliases=cells.several("别名"),
        number=cells.number(),
        guardians=cells.guardians(),
        kind=cells.one_of("群类型", KINDS, Problem.UNKNOWN_KIND),
        homeroom=homeroom,
        homeroom_name=homeroom_name,
        accounts=tuple(dict.fromkeys(account.casefold() for account in cells.several("平台账号"))),
        phone=cells.phone(),
        sex=cells.one_of("性别", SEXES, Problem.UNKNOWN_SEX),
        born_on=cells.day("出生日期"),
        dormitory=cells.text("宿舍") or None,
        from_day=from_day,
        until_day=until_day,
    )
    return (None if cells.errors else row), cells.remarks

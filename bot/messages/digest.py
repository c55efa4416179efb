"""The digests of the bureau and of a school: one text each, numbers only.

The bureau's has 有情况 by kind, as totals of the county and never by school: a text is passed on. A school's has no
health at all, nor a figure such as 36.5 that looks like it: its robot may stand in a chat of many. Where a text grows
too long, entries of its lists are left out; no other number is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from bot.counts.digest import BureauDay, SchoolDay
from bot.counts.tally import Count, GroupCount, Numbers, SchoolCount, Unit
from bot.messages.cutting import cut, shares, text_bytes
from bot.messages.figures import day_words, month_day, rate
from bot.messages.plain import plain
from bot.records.flags import FLAGS

MOST_BYTES = 2_048  # of a group robot's text: developer.work.weixin.qq.com/document/path/91770
_ENDING = "不含姓名，请勿转到家长群。"


@dataclass(frozen=True, slots=True)
class _List:
    """A line, or several, that may be cut; `of_all` stands where entries were left out."""

    head: str
    entries: Sequence[str]  # each after the first begins with its separator
    of_all: str


def bureau(facts: BureauDay, serial: int, as_of: datetime) -> str:
    """The bureau's digest of this number, as of a school-local instant; at most MOST_BYTES of UTF-8."""
    people = facts.today.people
    behind = sorted((one for one in facts.schools if not one.complete), key=lambda one: -one.people.missing)
    whole = [one for one in facts.schools if one.complete]
    students, staff = sum(one.students.expected for one in whole), sum(one.staff.expected for one in whole)
    return _fitted(
        [
            _heading(f"{plain(facts.county)}教育局", serial, facts.day, as_of),
            *_rates(facts.today, facts.yesterday),
            f"确认正常{people.stated}，推断正常{people.inferred}，待核实{people.review}，未报{people.missing}",
            *([f"另有待核实{facts.today.doubts}条"] if facts.today.doubts else []),
            "",
            *_kinds(facts.today),
        ],
        [
            _List(
                f"没报齐的学校{len(behind)}所（学生，教职工）\n",
                _joined("\n", (_school_line(one) for one in behind)),
                f"\n等{len(behind)}所",
            ),
            _List(
                f"报齐的学校{len(whole)}所（学生{students}，教职工{staff}）：",
                _joined("、", (plain(one.school) for one in whole)),
                f"等{len(whole)}所",
            ),
            _List(f"还没有消息的群{len(facts.silent)}个：", _by_school(facts.silent), f"等{len(facts.silent)}个群"),
        ],
        [
            "",
            f"零报告：{sum(one.zero for one in facts.schools)}所学校无情况，已确认{facts.zero_confirmed}",
            "",
            _ENDING,
        ],
    )


def school(facts: SchoolDay, serial: int, as_of: datetime) -> str:
    """A school's digest of this number, as of a school-local instant; at most MOST_BYTES of UTF-8."""
    people = facts.today.people
    behind = [one for one in facts.groups if _is_behind(one)]
    behind.sort(key=lambda one: -one.people.missing)
    whole = [one for one in facts.groups if not _is_behind(one)]
    return _fitted(
        [
            _heading(plain(facts.school), serial, facts.day, as_of),
            *_rates(facts.today, facts.yesterday, whole=True),
            f"待核实{people.review}，未报{people.missing}",
        ],
        [
            _List(
                f"没报齐或有待核实的班{len(behind)}个\n",
                _joined("\n", (_group_line(one) for one in behind)),
                f"\n等{len(behind)}个班",
            ),
            _List(
                f"报齐的班{len(whole)}个：",
                _joined("、", (plain(one.unit.group) for one in whole)),
                f"等{len(whole)}个班",
            ),
            _List(
                f"还没有消息的班{len(facts.silent)}个：",
                _joined("、", (plain(unit.group) for unit in facts.silent)),
                f"等{len(facts.silent)}个班",
            ),
        ],
        ["", _ENDING],
    )


def _heading(whose: str, serial: int, day: date, as_of: datetime) -> str:
    other_day = "" if as_of.date() == day else month_day(as_of.date())
    return f"【{whose}】师生健康日报 第{serial}号\n{day_words(day)}，截至{other_day}{as_of:%H:%M}\n"


def _rates(today: Count, yesterday: Count | None, *, whole: bool = False) -> list[str]:
    """A line for students and one for staff, where there are any; `whole`: percents without a fraction."""
    lines = []
    for title, now, before in (
        ("学生", today.students, yesterday and yesterday.students),
        ("教职工", today.staff, yesterday and yesterday.staff),
    ):
        if now.expected:
            then = f"（昨天{rate(before, whole=whole)}）" if before and before.expected else ""
            lines.append(f"{title} {_heard(now)}，{rate(now, whole=whole)}{then}")
    return lines


def _heard(numbers: Numbers) -> str:
    return f"{numbers.heard}/{numbers.expected}" if numbers.expected else "—"


def _kinds(today: Count) -> list[str]:
    """有情况 by kind, the kinds that nobody has together."""
    students, staff = today.students.kinds, today.staff.kinds
    some = [f"{row.label}{students[row.flag]}/{staff[row.flag]}" for row in FLAGS if today.people.kinds[row.flag]]
    none = [row.label for row in FLAGS if not today.people.kinds[row.flag]]
    return [
        f"有情况{today.people.flagged}人（学生/教职工）",
        *(["，".join(some)] if some else []),
        *([f"没有：{'、'.join(none)}"] if none else []),
    ]


def _school_line(one: SchoolCount) -> str:
    return f"{plain(one.school)} {_heard(one.students)}，{_heard(one.staff)}"


def _group_line(one: GroupCount) -> str:
    review = f"，待核实{one.people.review}" if one.people.review else ""
    doubts = f"，另有待核实{one.doubts}条" if one.doubts else ""
    return f"{plain(one.unit.group)} {_heard(one.people)}{review}{doubts}"


def _is_behind(one: GroupCount) -> bool:
    return bool(one.people.missing or one.people.review or one.doubts)


def _by_school(units: Iterable[Unit]) -> list[str]:
    """Groups, the school before the first of each: 城东小学一(3)班 、二(1)班 ，河湾学校七(2)班."""
    entries: list[str] = []
    for _, some in groupby(units, lambda unit: unit.school_id):
        for place, unit in enumerate(some):
            separator = "" if not entries else "，" if place == 0 else "、"
            entries.append(f"{separator}{plain(unit.school) if place == 0 else ''}{plain(unit.group)}")
    return entries


def _joined(separator: str, entries: Iterable[str]) -> list[str]:
    return [entry if place == 0 else f"{separator}{entry}" for place, entry in enumerate(entries)]


def _fitted(before: Sequence[str], lists: Iterable[_List], after: Sequence[str]) -> str:
    """The lines with the lists that have entries between them, each in its share of what is left."""
    shown = [one for one in lists if one.entries]
    before = [*before, ""] if shown else before
    lines = [*before, *(one.head for one in shown), *after]
    wanted = [text_bytes("".join(one.entries)) for one in shown]
    given = shares(wanted, MOST_BYTES - text_bytes("\n".join(lines)))
    return "\n".join(
        [
            *before,
            *(one.head + cut(one.entries, most, of_all=one.of_all) for one, most in zip(shown, given, strict=True)),
            *after,
        ]
    )

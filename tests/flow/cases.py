"""Corpus cases as a county: a roster file, and what the reader makes of them without any database."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import select

from bot.cli import main
from bot.cli.replay import Case, as_json, load, outcome
from bot.cli.rooms import ready_rooms
from models.record import Record
from models.vocabulary import GroupKind, Role

CORPUS = Path(__file__).parent.parent / "corpus"
ROLES = {Role.STUDENT: "学生", Role.TEACHER: "教师", Role.STAFF: "职工"}
KINDS = {GroupKind.CLASS: "班级", GroupKind.STAFF: "教职工"}

Row = tuple[str, str, str, float | None, tuple[str, ...], tuple[str, ...]]
"""day, group, member, temperature, flags, places"""


def command(*words: str) -> str:
    """What a command of `jielong` prints; it must end well."""
    result = CliRunner().invoke(main, list(words), catch_exceptions=False)
    assert result.exit_code == 0, (words, result.output)
    return result.stdout


def counties(*names: str) -> list[list[Case]]:
    """The cases of corpus files, those of equal setting together, but no two of one group."""
    together: dict[str, list[list[Case]]] = {}
    for case in (case for name in names for case in load(CORPUS / name)):
        same = together.setdefault(case.setting.model_dump_json(), [])
        county = next((one for one in same if all(_group(case) != _group(other) for other in one)), None)
        if county is None:
            same.append([case])
        else:
            county.append(case)
    return [county for same in together.values() for county in same]


def _group(case: Case) -> tuple[str, str]:
    return case.group.school, case.group.name


def write_roster(path: Path, cases: Iterable[Case], accounts: dict[str, str] | None = None) -> None:
    """The groups of the cases as a roster file; `accounts`: member's name -> 平台账号."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["学校", "班级", "姓名", "身份", "别名", "群类型", "平台账号"])
        rows.writerows(
            [
                case.group.school,
                case.group.name,
                member.name,
                ROLES[member.role],
                "、".join(member.aliases),
                KINDS[case.group.kind],
                (accounts or {}).get(member.name, ""),
            ]
            for case in cases
            for member in case.group.members
        )


def replayed(case: Case) -> set[Row]:
    """The records that the pure fold makes of a case."""
    records = as_json(case, outcome(list(case.heard()), case.scene()))["records"]
    assert isinstance(records, dict)
    return {
        (day, case.group.name, name, one["temperature"], tuple(one["flags"]), tuple(one["places"]))
        for day, people in records.items()
        for name, one in people.items()
    }


def recorded(case: Case) -> set[Row]:
    """The group's records that stand, as `jielong records` prints them, of every day that has any."""
    with ready_rooms() as rooms, rooms.database.read() as session:
        days = {day.isoformat() for day in session.scalars(select(Record.day).distinct())}
    found = set()
    for day in sorted(days):
        for line in command("records", "--day", day, "--school", case.group.school, "--format", "jsonl").splitlines():
            row = json.loads(line)
            if row["group"] == case.group.name and row["basis"] is not None:
                places = tuple(row["places"])
                found.add((day, row["group"], row["member"], row["temperature"], tuple(row["flags"]), places))
    return found

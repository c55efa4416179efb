"""What the rows of one file say against each other."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.roster.remarks import Problem, Remark
from bot.roster.rows import RosterRow
from models.vocabulary import Role

K = TypeVar("K", bound=Hashable)
_PERSONAL = (("联系电话", "phone"), ("性别", "sex"), ("出生日期", "born_on"))


def check_rows(rows: Sequence[RosterRow]) -> tuple[list[RosterRow], list[Remark]]:
    """The rows without repetitions, and what must be said of them."""
    kept, remarks = _once(rows)
    remarks += _same_person(kept)
    remarks += _kinds(kept)
    remarks += _staff_twice(kept)
    return kept, remarks


def _once(rows: Sequence[RosterRow]) -> tuple[list[RosterRow], list[Remark]]:
    """Within a group: the same name needs a number, and the same person comes once."""
    kept: list[RosterRow] = []
    remarks: list[Remark] = []
    for same_name in _by(rows, lambda row: (row.school, row.group, row.key)):
        first = same_name[0]
        remarks += [
            Remark(row.row, Problem.SAME_NAME, ((same_name[1] if row is first else first).row,))
            for row in same_name
            if len(same_name) > 1 and row.number is None
        ]
        for same in _by(same_name, lambda row: row.number or f"row {row.row}"):
            kept.append(same[0])
            for row in same[1:]:
                alike = replace(row, row=same[0].row) == same[0]
                remarks.append(Remark(row.row, Problem.ROW_TWICE if alike else Problem.ROW_DIFFERS, (same[0].row,)))
    return sorted(kept, key=lambda row: row.row), remarks


def _same_person(rows: Iterable[RosterRow]) -> Iterable[Remark]:
    """A number is one person's in the whole county."""
    for first, *others in _by((row for row in rows if row.number), lambda row: row.number):
        for row in others:
            if row.key != first.key:
                yield Remark(row.row, Problem.NUMBER_OF_ANOTHER, (first.row,))
                continue
            for title, name in _PERSONAL:
                one, other = getattr(first, name), getattr(row, name)
                if one and other and one != other:
                    yield Remark(row.row, Problem.PERSON_DIFFERS, (first.row, title))


def _kinds(rows: Iterable[RosterRow]) -> Iterable[Remark]:
    for first, *others in _by((row for row in rows if row.kind), lambda row: (row.school, row.group)):
        yield from (Remark(row.row, Problem.KIND_DIFFERS, (first.row,)) for row in others if row.kind != first.kind)


def _staff_twice(rows: Iterable[RosterRow]) -> Iterable[Remark]:
    """One who works in two groups is one person only if a number says so."""
    grown = (row for row in rows if row.role is not Role.STUDENT and row.number is None)
    for first, *others in _by(grown, lambda row: (row.school, row.key)):
        yield from (Remark(row.row, Problem.STAFF_TWICE, (first.row,)) for row in others if row.group != first.group)


def _by(rows: Iterable[RosterRow], key: Callable[[RosterRow], K]) -> Iterable[list[RosterRow]]:
    sets: defaultdict[K, list[RosterRow]] = defaultdict(list)
    for row in rows:
        sets[key(row)].append(row)
    return sets.values()

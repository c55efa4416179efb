"""The tables of cases: a text, its member, and what the day's record must be after it. A teacher can add a row."""

from pathlib import Path

import pytest

from bot.reading.statement import Statement, Temperature, Value
from bot.records.flags import raised
from models.vocabulary import Experiencer, Temporality
from tests.reading.scenes import read

CASES = Path(__file__).parent / "cases"


def rows() -> list[object]:
    """Each row of each table, its test named file:line."""
    found: list[object] = []
    for path in sorted(CASES.glob("*.md")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.startswith("|") or line.startswith(("| text", "|---")):
                continue
            text, member, temperature, flags, _why = (cell.strip() for cell in line.strip("|").split("|"))
            found.append(pytest.param(text, member, temperature, flags, id=f"{path.name}:{number}"))
    return found


def highest(statements: tuple[Statement[Value], ...]) -> str:
    """The person's highest temperature of now, "" where none is stated."""
    celsius = [
        statement.value.celsius
        for statement in statements
        if isinstance(statement.value, Temperature)
        and statement.context.experiencer is Experiencer.PERSON
        and statement.context.temporality is Temporality.NOW
    ]
    return f"{max(celsius):.1f}" if celsius else ""


@pytest.mark.parametrize(("text", "member", "temperature", "flags"), rows())
def test_a_row_of_a_table(text: str, member: str, temperature: str, flags: str) -> None:
    report = read(text, f"{member}妈妈")
    (subject,) = report.subjects
    assert subject.member.name == member
    assert subject.day is None
    assert highest(subject.statements) == temperature
    assert " ".join(sorted(raised(subject.statements))) == flags
    assert report.doubts == ()

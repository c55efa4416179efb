"""The tables of cases: a text, its member, and what the day's record must be after it. A teacher can add a row."""

from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from bot.reading.outcome import Report
from bot.reading.statement import Statement, Temperature, Value
from bot.records.flags import raised
from models.vocabulary import Experiencer, Temporality
from tests.reading.scenes import CLASS, STAFF, read

CASES = Path(__file__).parent / "cases"
STYLES = CASES / "styles.md"
OF_A_FAMILY = sorted(set(CASES.glob("*.md")) - {STYLES})


def rows(*tables: Path) -> list[ParameterSet]:
    """Each row of the tables, its test named file:line."""
    found: list[ParameterSet] = []
    for path in tables:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.startswith("|") and not line.startswith(("| text", "| group", "|---")):
                *cells, _why = (cell.strip() for cell in line.strip("|").split("|"))
                found.append(pytest.param(*cells, id=f"{path.name}:{number}"))
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


@pytest.mark.parametrize(("text", "member", "temperature", "flags"), rows(*OF_A_FAMILY))
def test_a_row_of_a_table(text: str, member: str, temperature: str, flags: str) -> None:
    report = read(text, f"{member}妈妈")
    (subject,) = report.subjects
    assert subject.member.name == member
    assert subject.day is None
    assert highest(subject.statements) == temperature
    assert " ".join(sorted(raised(subject.statements))) == flags
    assert report.doubts == ()


def summary(report: Report) -> str:
    """What a report comes to, as the tables write it: each member, their temperature, their flags; else the reasons."""
    people = [
        " ".join([one.member.name, highest(one.statements) or "-", *sorted(raised(one.statements))])
        for one in report.subjects
    ]
    return "; ".join(people + [f"? {doubt.reason}" for doubt in report.doubts])


@pytest.mark.parametrize(("group", "sender", "text", "expected"), rows(STYLES))
def test_a_message_of_another_style(group: str, sender: str, text: str, expected: str) -> None:
    report = read(text.replace("<br>", "\n"), sender, {"class": CLASS, "staff": STAFF}[group])
    assert summary(report) == expected

"""Tables for spreadsheets: whatever a name looks like, no cell is a formula."""

import csv
import io
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, strategies as st

from bot.cli.tables import Format, Value, harmless, write_table

NAMES = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\x00=1", "＝1+1", "＋1", "－1", "＠x"),
    '=HYPERLINK("http://x","y")',
    "=cmd|' /C calc'!A0",
    "李雷",
    "",
)
DANGEROUS = tuple("=+-@\t\r\x00＝＋－＠")


def written(kind: Format, value: Value) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"t.{kind}"
        write_table(kind, ["name"], [[value]], path)
        return path.read_bytes()


def csv_cell(value: Value) -> str:
    text = written(Format.CSV, value).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1][0]


@pytest.mark.parametrize("name", NAMES)
def test_names_that_look_like_formulas(name: str) -> None:
    assert not csv_cell(name).startswith(DANGEROUS)
    cell = openpyxl.load_workbook(io.BytesIO(written(Format.XLSX, name))).worksheets[0]["A2"]
    assert cell.data_type != "f"
    assert not str(cell.value or "").startswith(DANGEROUS)


@given(st.text(max_size=12))
def test_no_text_is_a_formula(name: str) -> None:
    assert not harmless(name).startswith(DANGEROUS)
    assert harmless(name).removeprefix("'") == name.removeprefix("'")


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (Decimal("36.50"), "36.5"),
        (Decimal("-1.5"), "-1.5"),
        (("fever", "travel"), "fever、travel"),
        ((), ""),
        (("=x", "y"), "'=x、y"),
    ],
)
def test_values_in_a_cell(value: Value, cell: str) -> None:
    assert csv_cell(value) == cell


def test_numbers_stay_numbers_in_a_workbook() -> None:
    cell = openpyxl.load_workbook(io.BytesIO(written(Format.XLSX, Decimal("36.5")))).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("n", 36.5)

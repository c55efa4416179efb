"""Tables on their way out: JSON lines, CSV, XLSX. No spreadsheet takes a cell of them for a formula."""

import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from bot.errors import NotPossible

Notes = tuple[str, Sequence[Sequence[str]]]
Value = str | int | Decimal | None | Sequence[str]
SEPARATOR = "、"  # between several values in one cell
_FORMULA = re.compile(r"[=+\-@\t\r\x00＝＋－＠]")  # what a cell must not begin with: OWASP ASVS 5.0, 1.2.10


class Format(StrEnum):
    """How a table is written."""

    JSONL = "jsonl"
    CSV = "csv"
    XLSX = "xlsx"


def write_table(
    kind: Format,
    titles: Sequence[str],
    rows: Iterable[Sequence[Value]],
    output: Path | None,
    *,
    notes: Notes | None = None,
    for_excel: bool = False,
) -> None:
    """Write a table to a file, or to standard output where `output` is None; raises NotPossible.

    `notes`: a second sheet of a workbook, its title and rows. `for_excel`: a CSV begins with a byte order mark, by
    which Excel knows UTF-8; a file always does.
    """
    if kind is Format.XLSX and output is None and sys.stdout.isatty():
        raise NotPossible("xlsx 不能显示在屏幕上，请用 --output 写到文件")
    content = _content(kind, titles, rows, notes, marked=for_excel or output is not None)
    if output is None:
        stream = sys.stdout.buffer
        stream.write(content)
        stream.flush()
        return
    try:
        output.write_bytes(content)
    except OSError:
        raise NotPossible(f"写不了文件 {output}") from None


def harmless(text: str) -> str:
    """The text, marked as text where a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _content(
    kind: Format, titles: Sequence[str], rows: Iterable[Sequence[Value]], notes: Notes | None, *, marked: bool
) -> bytes:
    match kind:
        case Format.JSONL:
            return "".join(f"{_json(titles, row)}\n" for row in rows).encode()
        case Format.CSV:
            return _csv(titles, rows).encode("utf-8-sig" if marked else "utf-8")
        case Format.XLSX:
            return _xlsx(titles, rows, notes)
        case other:
            assert_never(other)


def _json(titles: Sequence[str], row: Sequence[Value]) -> str:
    values: Mapping[str, object] = {
        title: float(value) if isinstance(value, Decimal) else value for title, value in zip(titles, row, strict=True)
    }
    return json.dumps(values, ensure_ascii=False)


def _csv(titles: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(titles)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _xlsx(titles: Sequence[str], rows: Iterable[Sequence[Value]], notes: Notes | None) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.freeze_panes = "A2"
    _append(sheet, titles)
    for row in rows:
        _append(sheet, row)
    if notes is not None:
        title, lines = notes
        beside = book.create_sheet(title)
        for line in lines:
            _append(beside, line)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _append(sheet: WriteOnlyWorksheet, row: Sequence[Value]) -> None:
    cells = []
    for value in map(_cell, row):
        if isinstance(value, str):
            cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
            cell.data_type = "s"  # whatever it looks like
            cells.append(cell)
        else:
            cells.append(WriteOnlyCell(sheet, None if value is None else float(value)))
    sheet.append(cells)


def _cell(value: Value) -> str | int | float | None:
    match value:
        case str():
            return harmless(value)
        case Decimal():
            return float(value)  # 36.5 and not 36.50
        case None | int():
            return value
        case several:
            return harmless(SEPARATOR.join(several))

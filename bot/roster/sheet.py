"""Roster files as rows of texts: CSV in UTF-8, or the first sheet of an XLSX workbook."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from bot.errors import NotPossible

FILE_BYTES = 32 * 2**20
UNPACKED_BYTES = 512 * 2**20  # of a workbook; a county's roster has some 10 MB
CELL_CHARACTERS = 32_767  # the most that a cell of Excel holds
EXACT_BELOW = 10**15  # a spreadsheet keeps 15 digits of a number
NOTES = "填写说明"  # the template's sheet that explains the columns
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_BROKEN = (zipfile.BadZipFile, zlib.error, InvalidFileException, ParseError, KeyError, ValueError, EOFError, OSError)


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is not blank, with its number in the file; the first row is 1."""

    number: int
    cells: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file, and how many other sheets with content were left unread."""

    lines: tuple[Line, ...] = field(repr=False)
    unread: int = 0


def read_sheet(path: Path) -> Sheet:
    """The rows of a file that are not blank; raises NotPossible where it is neither CSV in UTF-8 nor XLSX."""
    try:
        if path.stat().st_size > FILE_BYTES:
            raise NotPossible(f"文件超过 {FILE_BYTES // 2**20} MB,不像是名册")
        content = path.read_bytes()
    except OSError:
        raise NotPossible(f"打不开文件 {path}") from None
    if content.startswith(OLD_EXCEL):
        raise NotPossible("这是旧版 Excel(.xls)或加了密码的文件，请另存为不加密的 .xlsx 再导入")
    return _workbook(content) if content.startswith(ZIP) else Sheet(tuple(_csv(content)))


def _csv(content: bytes) -> Iterator[Line]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotPossible("文件不是 UTF-8 编码，请在 Excel 里另存为“CSV UTF-8”或 .xlsx 再导入") from None
    csv.field_size_limit(CELL_CHARACTERS)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for number, cells in enumerate(rows, 1):
            line = Line(number, tuple(trimmed(cell) for cell in cells))
            if any(line.cells):
                yield line
    except csv.Error:
        raise NotPossible(f"第 {rows.line_num} 行附近的引号没有成对，或一个格子太长，读不下去") from None


def _workbook(content: bytes) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > UNPACKED_BYTES:
                raise NotPossible("工作簿解压后太大，不像是名册")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        first, *others = book.worksheets
        first.reset_dimensions()  # what the file says of its size is often wrong, and rows would be lost
        lines = []
        for number, cells in enumerate(first.iter_rows(values_only=True), 1):
            line = Line(number, tuple(_text(cell) for cell in cells))
            if any(line.cells):
                lines.append(line)
        unread = sum(
            any(cell is not None for row in sheet.iter_rows(values_only=True) for cell in row)
            for sheet in others
            if sheet.title != NOTES
        )
        book.close()
    except _BROKEN:
        raise NotPossible("工作簿打不开，可能已损坏；请用 Excel 打开后另存为 .xlsx 再导入") from None
    return Sheet(tuple(lines), unread)


def _text(value: object) -> str:
    """A cell as its reader sees it: whole numbers without a point, dates as ISO."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat()
        case bool():
            return "是" if value else "否"
        case int() if abs(value) >= EXACT_BELOW:
            return f"{value:E}"
        case _:  # a date is written as ISO has it
            return trimmed(str(value))


def trimmed(text: str) -> str:
    """The text without blanks around it, and without marks that nobody sees (zero-width, direction, byte order)."""
    return text.translate(_UNSEEN).strip()


_UNSEEN = dict.fromkeys([0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF])

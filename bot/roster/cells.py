"""The cells of one line of a roster file, each read as what its column holds."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import TypeVar

from bot.roster.columns import SEPARATOR
from bot.roster.remarks import Problem, Remark
from bot.roster.sheet import Line
from models.vocabulary import Role

MOST_CHARACTERS = 100  # of a cell; the longest full name of a school has some 40
MANY_CHARACTERS = 1_000  # of a cell that holds several values

_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))(?: 0?0:00(?::00)?)?")
_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,19}")
_ROUNDED = re.compile(r"\d(\.\d+)?[Ee]\+\d+")  # how a spreadsheet shows a number that is too long for it
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"})
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})  # Unicode categories
_YES_NO = {"是": True, "否": False}

T = TypeVar("T")


class Cells:
    """The cells of a line by column; what is wrong with them gathers in `remarks`."""

    def __init__(self, line: Line, titles: Sequence[str]) -> None:
        self._row = line.number
        self._cells = {title: cell for title, cell in zip(titles, line.cells, strict=False) if title}
        self.remarks: list[Remark] = []
        if any(line.cells[len(titles) :]):
            self.object(Problem.TOO_MANY_CELLS)

    @property
    def errors(self) -> bool:
        """Whether the line cannot be taken."""
        return any(remark.is_error for remark in self.remarks)

    def object(self, problem: Problem, *details: str) -> None:
        """Remark on the line."""
        remark = Remark(self._row, problem, details)
        if remark not in self.remarks:
            self.remarks.append(remark)

    def text(self, title: str, most: int = MOST_CHARACTERS) -> str:
        """The cell's text, "" where it is blank or the file has no such column."""
        text = self._cells.get(title, "")
        if len(text) > most:
            self.object(Problem.TOO_LONG, title)
        elif text in _ERRORS:
            self.object(Problem.ERROR_VALUE, title)
        elif any(unicodedata.category(character) in _UNPRINTABLE for character in text):
            self.object(Problem.CONTROL_CHARACTER, title)
        return text

    def needed(self, title: str) -> str:
        """The cell's text, which must not be blank."""
        text = self.text(title)
        if not text:
            self.object(Problem.NO_VALUE, title)
        return text

    def one_of(self, title: str, words: Mapping[str, T], problem: Problem) -> T | None:
        """What the cell's word stands for, None where it is blank."""
        text = self.text(title)
        if text and text not in words:
            self.object(problem)
        return words.get(text)

    def several(self, title: str) -> tuple[str, ...]:
        """The cell's values, each once."""
        text = self.text(title, MANY_CHARACTERS)
        if re.search("[,;，；]", text):
            self.object(Problem.ALIAS_SEPARATOR, title)
        values = tuple(dict.fromkeys(value.strip() for value in text.split(SEPARATOR) if value.strip()))
        if any(len(value) > MOST_CHARACTERS for value in values):
            self.object(Problem.TOO_LONG, title)
        return values

    def day(self, title: str) -> date | None:
        """The cell's date."""
        text = self.text(title)
        if not text:
            return None
        found = _DATE.fullmatch(text)
        if found:
            year, *rest = (int(part) for part in found.groups() if part)
            try:
                return date(year, *rest)
            except ValueError:
                pass
        self.object(Problem.NOT_A_DATE, title)
        return None

    def number(self) -> str | None:
        """学号 or 工号, written in one way."""
        numbers = [number for number in (self._long("学号"), self._long("工号")) if number]
        if len(numbers) > 1:
            self.object(Problem.TWO_NUMBERS)
        return "".join(unicodedata.normalize("NFKC", numbers[0]).split()).upper() if numbers else None

    def phone(self) -> str | None:
        """The member's own phone number."""
        return self._phone("联系电话", self._long("联系电话"))

    def guardians(self) -> tuple[tuple[str | None, str | None], ...]:
        """Name and phone number of each guardian; either may be None."""
        names = [name.strip() for name in self.text("家长姓名").split(SEPARATOR) if name.strip()]
        phones = [
            self._phone("家长电话", phone.strip()) for phone in self._long("家长电话").split(SEPARATOR) if phone.strip()
        ]
        return tuple(zip_longest(names, phones))

    def homeroom(self, role: Role | None) -> tuple[bool | None, str | None]:
        """Whether this member is the group's homeroom teacher, and the name of who is, where the cell has one."""
        text = self.text("班主任")
        if text in _YES_NO:
            if _YES_NO[text] and role is Role.STUDENT:
                self.object(Problem.HOMEROOM_STUDENT)
            return _YES_NO[text], None
        return None, text or None

    def _long(self, title: str) -> str:
        """A number of many digits, as it was typed."""
        text = self.text(title)
        if _ROUNDED.fullmatch(text):
            self.object(Problem.DIGITS_LOST, title)
        return text

    def _phone(self, title: str, text: str) -> str | None:
        text = unicodedata.normalize("NFKC", text)
        if text and not _ROUNDED.fullmatch(text) and not _PHONE.fullmatch(text):
            self.object(Problem.NOT_A_PHONE, title)
        return text or None

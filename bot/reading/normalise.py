# ruff: noqa: E501 -- a row of a rule is read as one line
"""One way of writing for what can be written in many, with the way back to the raw text."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from opencc import OpenCC

from bot.reading.statement import Span


@dataclass(frozen=True, slots=True)
class Text:
    """A normalised text and, for each of its characters, where in the raw text it came from."""

    raw: str = field(repr=False)
    norm: str = field(repr=False)
    origin: tuple[int, ...] = field(repr=False)  # len(norm) + 1 offsets into raw, not decreasing

    def span(self, start: int, end: int) -> Span:
        """The raw range that `norm[start:end]` stands for."""
        return Span(self.origin[start], self.origin[end - 1] + 1)

    def part(self, start: int, end: int) -> "Text":
        """`norm[start:end]` as a text of its own, with its way back to the same raw text."""
        return Text(self.raw, self.norm[start:end], self.origin[start : end + 1])


_LONGEST_FORM = 4  # a character that NFKC unfolds into more (U+FDFA: 18) stays as it is
_UNEVEN = "\ue000"  # private use: stands in the quick table for a character whose form is not one character long
_KEPT = re.compile("[①-⑳☐-☒✓-✘√×]")  # marks whose shape carries the meaning: numbering of a form, ticked or not
_OTHER_FORMS = {
    "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\t": " ", "\x85": "\n",
    "º": "°", "˚": "°", "’": "'", "‘": "'", "′": "'", "“": '"', "”": '"', "″": '"', "—": "-", "–": "-", "―": "-", "－": "-",
    "﹣": "-", "−": "-", "～": "~", "〜": "~", "∶": ":", "﹕": ":", "·": "·", "•": "·", "【": "[", "】": "]", "〔": "(", "〕": ")",
    "℃": "°C", "℉": "°F", "☑": "☑", "✅": "☑", "✔": "√", "✓": "√", "✘": "×", "✗": "×", "✕": "×", "✖": "×", "❌": "×", "⃣": "",
    "妳": "你", "牠": "它",
}  # fmt: skip
_TO_SIMPLIFIED = OpenCC("t2s")


_DROPPED = frozenset(["Mn", "Me", "Mc", "Cf", "Cc"])
"""Marks, zero-width and bidi signs, variation selectors, controls: nothing in Chinese needs them."""
_UNREADABLE = frozenset(["Cs", "Co", "Cn"])  # lone halves of a pair and private signs


def _form(char: str) -> str:
    """What a character becomes: another character, a few, or nothing."""
    if char in _OTHER_FORMS:
        return _OTHER_FORMS[char]
    if _KEPT.match(char) or char == "\n":
        return char
    category = unicodedata.category(char)
    if category in _DROPPED:
        return ""
    return "\ufffd" if category in _UNREADABLE else _compatible(char)


def _compatible(char: str) -> str:
    """The half-width, simplified form of a letter or sign; all blanks become one kind."""
    form = unicodedata.normalize("NFKC", char)
    if unicodedata.category(char) == "Zs" or not form.strip():
        return " "
    if len(form) > _LONGEST_FORM:
        return char
    return _TO_SIMPLIFIED.convert(form) if "一" <= form <= "\u9fff" or len(form) == 1 else form


class _Forms(dict[int, str]):
    """The form of each character, found once: a table for `str.translate`."""

    def __missing__(self, code: int) -> str:
        form = _form(chr(code))
        self[code] = form if len(form) == 1 else _UNEVEN
        return self[code]


_FORMS = _Forms()
_uneven_form = lru_cache(maxsize=None)(_form)


def normalise(raw: str) -> Text:
    r"""Full-width to half-width, traditional to simplified, blanks to one kind; zero-width, bidi and other marks dropped.

    Each character is looked at by itself, so the time is linear whatever stands next to what. Line ends become
    `\n`; a `\r\n` pair becomes two.
    """
    quick = raw.translate(_FORMS)
    if _UNEVEN not in quick:
        return Text(raw, quick, tuple(range(len(raw) + 1)))
    norm: list[str] = []
    origin: list[int] = []
    for position, char in enumerate(quick):
        if char != _UNEVEN:
            norm.append(char)
            origin.append(position)
            continue
        form = _uneven_form(raw[position])
        norm.append(form)
        origin.extend([position] * len(form))
    origin.append(len(raw))
    return Text(raw, "".join(norm), tuple(origin))

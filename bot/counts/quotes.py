"""A message's words about somebody, cut into stretches by what was made of them. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from bot.reading.line import INNER_NUMBER, lines_of
from bot.reading.normalise import normalise
from bot.reading.statement import Span

LONGEST = 200  # letters of a quote that is shown at once
_AROUND = 24  # letters kept on either side of marked words where a quote is cut
_SPARED = 60  # letters without a mark that are not worth cutting
_LEFT_OUT = "……"
_LINE_END = re.compile(r"[\n\r\u2028\u2029\x0b\x0c\x85]")  # what reading takes for the end of a line
_OWN_NUMBER = re.compile(r"\d{1,3}\s*[.、)]\s*$")  # right before an entry


class Mark(StrEnum):
    """What was made of a stretch of what somebody wrote."""

    READ = "read"
    RAISED = "raised"  # it raised a flag
    UNSURE = "unsure"  # it could not be read for sure


_STRENGTH = (Mark.READ, Mark.UNSURE, Mark.RAISED)  # where several hold of the same words, the last of these shows


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a quote that were taken alike; mark None: nothing was read in them."""

    text: str = field(repr=False)
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody wrote, with what was read in it."""

    stretches: tuple[Stretch, ...]
    sender: str = field(repr=False)  # the nickname that the message shows, "" where it shows none
    at: datetime | None  # aware, in the school's time zone; None where nobody knows
    line: int | None = None  # its number in a chain
    whole: tuple[Stretch, ...] = ()  # all of it, where the stretches leave something out

    @property
    def letters(self) -> int:
        """How long all of it is."""
        return sum(len(one.text) for one in self.whole or self.stretches)


@dataclass(frozen=True, slots=True)
class Written:
    """A message, as quotes show it."""

    text: str = field(repr=False)
    sender: str = field(repr=False)
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Passage:
    """The lines of a message that hold a piece of it: an entry of a chain with its number, a message of its own."""

    start: int
    end: int  # 0 <= start < end, of the raw text, like a span
    line: int | None  # the entry's number

    def covers(self, span: Span) -> bool:
        """Whether a span lies at least in part in the passage."""
        return span.start < self.end and self.start < span.end


def passage(text: str, span: Span) -> Passage:
    """The whole lines that a piece of a message stands in, without blanks around them.

    An entry that shares its line with others begins at its own number and ends before the next one.
    """
    start = max((end.end() for end in _LINE_END.finditer(text, 0, span.start)), default=0)
    closing = _LINE_END.search(text, span.end - 1)
    end = closing.start() if closing else len(text)
    following = INNER_NUMBER.search(text, span.end, end)
    end = following.start() if following else end
    inner = _OWN_NUMBER.search(text, start, span.start)
    if inner is not None and text[start : inner.start()].strip():
        start = inner.start()
    low, high = _trimmed(text, start, end)
    low, high = min(low, span.start), max(high, span.end)
    number, body = _head(text[low:high])
    return Passage(low, high, number if low + body <= span.start else None)


def quote(written: Written, place: Passage, marks: Iterable[tuple[Span, Mark]]) -> Quote:
    """The words of a passage with marks; marks outside it fall away.

    A doubt about all of it marks nothing: its reason says so, and a wave under every word points at none.
    """
    painted: list[Mark | None] = [None] * (place.end - place.start)
    _, body = _head(written.text[place.start : place.end])
    for span, mark in sorted(marks, key=lambda pair: _STRENGTH.index(pair[1])):
        low, high = max(span.start - place.start, 0), min(span.end - place.start, len(painted))
        if low < high and not (mark is Mark.UNSURE and low <= body and high >= len(painted)):
            painted[low:high] = [mark] * (high - low)
    whole = tuple(_stretches(written.text[place.start : place.end], painted))
    shown = whole if len(painted) <= LONGEST else tuple(_shortened(whole))
    return Quote(shown, written.sender, written.at, place.line, whole if shown != whole else ())


def _stretches(text: str, painted: Sequence[Mark | None]) -> Iterator[Stretch]:
    start = 0
    for mark, run in groupby(painted):
        end = start + sum(1 for _ in run)
        yield Stretch(text[start:end], mark)
        start = end


def _shortened(whole: Sequence[Stretch]) -> Iterator[Stretch]:
    """A long quote: its beginning, and what is marked with a few words around it, up to the longest that is shown."""
    left = LONGEST
    for number, one in enumerate(whole):
        if left <= 0:
            yield Stretch(_LEFT_OUT, None)
            return
        text = one.text
        if one.mark is None and len(text) > _SPARED:
            is_last = number == len(whole) - 1
            text = text[:_AROUND] + _LEFT_OUT + ("" if is_last else text[-_AROUND:])
        elif len(text) > left:
            text = text[:left] + _LEFT_OUT
        yield Stretch(text, one.mark)
        left -= len(text)


def _head(text: str) -> tuple[int | None, int]:
    """The number at the head of a passage, None where it has none, and where its words begin."""
    normal = normalise(text)
    line = next(iter(lines_of(normal.norm, 0, len(normal.norm))), None)
    return (int(line.number), normal.origin[line.body]) if line and line.number else (None, 0)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end

"""How a message is laid out: heading, template, example, entries, remark; or one piece that is read as a whole."""

import re
from collections.abc import Container
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.reading.heading import Heading, is_heading_line, read_heading
from bot.reading.line import (
    BREAK,
    EXAMPLE,
    FIELD,
    INNER_NUMBER,
    LABEL,
    NAME_LABEL,
    SECTION,
    TEMPERATURE,
    TEMPLATE_WORD,
    Line,
    is_left_blank,
    lines_of,
    trim,
)
from bot.reading.member import mentions
from bot.reading.normalise import Text
from bot.reading.scene import Scene


class Shape(StrEnum):
    """What a message is as a document."""

    CHAIN = "chain"  # heading and entries, one version of a document that others go on with
    SINGLE = "single"  # a piece of its own: a report, a form that one family filled in, chat
    TEMPLATE = "template"  # a form to fill in, an example: reports nobody


@dataclass(frozen=True, slots=True)
class Piece:
    """An entry as it stands in the normalised text, its number left out."""

    start: int
    end: int
    number: str  # "" where it has none
    content: str = field(repr=False)  # what aligns it with the same entry in another version


@dataclass(frozen=True, slots=True)
class Layout:
    """A message cut into its parts; ranges are of the normalised text."""

    shape: Shape
    heading: Heading = field(default_factory=Heading)
    pieces: tuple[Piece, ...] = ()
    remarks: tuple[tuple[int, int], ...] = ()  # below the last entry and part of none, e.g. the sender's own word


_MARKER = re.compile(r"#\s*(?:接龙|Group ?Note)|^\s*接龙\s*$", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_EDGES = ",.。;、~! "
_LEAST = 2  # labels that make a form; entries that make a paragraph or lines without numbers a chain
_LOOKED_AT = 8  # numbered lines that are searched for names before they count as entries
_LONGEST_NAME = 10  # letters of an entry that is a name alone, blanks included
_LONGEST_HEAD = 60  # letters of a paragraph before the first name
_HAN = re.compile("[一-龥]")
_BEFORE_NAME = re.compile(r"[\s*\-·|丨★☆]*(?:\d{1,3}\s*[号#]?\s*)?")
_LOOKS_LIKE_ENTRY = re.compile(r"[一-龥]{2,4}\s*[,:]?\s*(?:体温)?\s*(?:3[4-9]|4[0-2])\s*[.。度]")
_ROOM_DIGITS = 3
_NAME_WITHIN = 24  # letters at the head of a line in which a name opens it


def content_of(norm: str) -> str:
    """What an entry says with blanks and the marks at its ends left out: equal in every honest copy."""
    return _BLANKS.sub("", norm).strip(_EDGES)


def layout(text: Text, start: int, end: int, *, known: Container[str], scene: Scene) -> Layout:
    """How `text.norm[start:end]` is laid out; `known` holds the contents of entries that the group has seen."""
    lines = lines_of(text.norm, start, end)
    if not lines:
        return Layout(Shape.SINGLE)
    return _Cutter(text, lines, known, scene).layout()


class _Cutter:
    """Tries one way after the other of cutting a message's lines."""

    def __init__(self, text: Text, lines: list[Line], known: Container[str], scene: Scene) -> None:
        self.text, self.norm, self.lines = text, text.norm, lines
        self.known, self.scene = known, scene
        self.start, self.end = lines[0].start, lines[-1].end
        self.is_marked = any(_MARKER.search(line.whole(self.norm)) for line in lines[:3])
        self.filled = [line for line in lines if line.number and self._is_filled(line)]
        self.heading: list[tuple[int, int]] = []
        self.examples: list[tuple[int, int]] = []
        self.entries: list[tuple[int, int, str]] = []
        self.remarks: list[tuple[int, int]] = []

    def layout(self) -> Layout:
        """The first way that fits."""
        if self._is_blank_form() or self._is_example():
            return Layout(Shape.TEMPLATE, read_heading(self.norm[self.start : self.end]))
        if self._is_numbered_form():
            return Layout(Shape.SINGLE)
        for cut in (self._numbered, self._title, self._forms, self._unnumbered, self._inline):
            if cut():
                return self._chain()
        return Layout(Shape.SINGLE, read_heading(self.norm[self.start : self.end]))

    def _chain(self) -> Layout:
        """The parts that a cut has collected."""
        heading = read_heading("\n".join(self.norm[start:end] for start, end in self.heading))
        if not heading.frame.questions:
            templates = [
                self.norm[start:end] for start, end in self.examples if TEMPLATE_WORD.match(self.norm, start, end)
            ]
            asked = read_heading("\n".join(templates)).frame.questions
            heading = replace(heading, frame=replace(heading.frame, questions=asked))
        pieces = []
        for start, end, number in self.entries:
            low, high = trim(self.norm, start, end)
            if low < high and not is_left_blank(self.norm[low:high]):
                pieces.append(Piece(low, high, number, content_of(self.norm[low:high])))
        return Layout(Shape.CHAIN, heading, tuple(pieces), tuple(self.remarks))

    # --- forms

    def _is_blank_form(self) -> bool:
        """A form that asks and holds no answer: two or more labels with nothing behind them, and no name filled in."""
        labels = [LABEL.fullmatch(self.norm, line.start, line.end) for line in self.lines]
        values = [match["value"].strip() for match in labels if match is not None]
        return len(values) >= _LEAST and not any(values)

    def _is_example(self) -> bool:
        """A message that is one example: 例: and a filled form below it."""
        first, *rest = self.lines
        return (
            bool(rest)
            and EXAMPLE.fullmatch(self.norm, first.start, first.end) is not None
            and LABEL.fullmatch(self.norm, rest[0].start, rest[0].end) is not None
        )

    def _is_numbered_form(self) -> bool:
        """One report whose questions are numbered: 1.姓名:…, 2.体温:…."""
        if len(self.filled) < _LEAST:
            return False
        asked = sum(LABEL.match(self.norm, line.body, line.end) is not None for line in self.filled)
        names = sum(NAME_LABEL.match(self.norm, line.body, line.end) is not None for line in self.filled)
        return names <= 1 and asked * 2 >= len(self.filled)

    def _forms(self) -> bool:
        """Several people's forms below each other, each begun by a label for the name."""
        starts = [line for line in self.lines if NAME_LABEL.match(self.norm, line.start, line.end)]
        people = {person for line in starts for person in self._people(line.start, line.end)}
        if len(starts) < _LEAST or len(people) < _LEAST:
            return False
        self.heading = [(line.start, line.end) for line in self.lines if line.start < starts[0].start]
        for line, follower in zip(starts, [*starts[1:], None], strict=True):
            self.entries.append((line.body, follower.start if follower else self.end, line.number))
        return True

    # --- numbered lines

    def _numbered(self) -> bool:
        """Numbered entries, with what stands above, between and below them."""
        if not self.filled or not self._holds_entries():
            return False
        for line in self.lines:
            if line.number:
                self._take_numbered(line)
            elif self._opens_with_name(line.start, line.end) and (self.entries or self._has_temperature(line)):
                self._add(line.start, line.end, "")
            elif not self.entries:
                self._take_above(line)
            elif line.start > self.filled[-1].start and not self._is_field(line) and not self._completes(line):
                self.remarks.append((line.start, line.end))
            elif not BREAK.fullmatch(self.norm, line.start, line.end):
                self._extend(line.end)
        return bool(self.entries)

    def _is_field(self, line: Line) -> bool:
        """Whether a line is one more field of the form above it, and not the sender's own word."""
        return any(pattern.match(self.norm, line.start, line.end) for pattern in (LABEL, FIELD))

    def _completes(self, line: Line) -> bool:
        """Whether the entry above is a name alone and the line its temperature."""
        start, end, _ = self.entries[-1]
        return (
            self._has_temperature(line)
            and not TEMPERATURE.search(self.norm, start, end)
            and bool(_HAN.match(self.norm[start]) and end - start <= _LONGEST_NAME)
        )

    def _take_numbered(self, line: Line) -> None:
        if not self._is_filled(line):
            return
        is_title = not self.entries and len(self.filled) > 1 and line is self.filled[0] and self._is_title(line)
        if is_title or EXAMPLE.match(self.norm, line.body, line.end):
            self._take_above(line)
        else:
            self._add(line.body, line.end, line.number)

    def _take_above(self, line: Line) -> None:
        """A line of the heading, or of the example below 例."""
        is_example = EXAMPLE.match(self.norm, line.start, line.end) or EXAMPLE.match(self.norm, line.body, line.end)
        goes_on = self.examples and LABEL.match(self.norm, line.start, line.end)
        (self.examples if is_example or goes_on else self.heading).append((line.start, line.end))

    def _is_title(self, line: Line) -> bool:
        """Whether a heading opens with what looks like a number: 6 1班体温 3月16日."""
        if self._goes_on(line) or TEMPERATURE.search(self.norm, line.body, line.end):
            return False
        return is_heading_line(line.whole(self.norm)) and not self._people(line.body, line.end)

    def _goes_on(self, line: Line) -> bool:
        """Whether the next line has the next number: then both are entries, whoever is named in them."""
        numbers = line.number, self.filled[1].number
        return all(one.isdecimal() for one in numbers) and int(numbers[1]) == int(numbers[0]) + 1

    def _holds_entries(self) -> bool:
        """Whether the numbered lines are entries and not the points of a notice."""
        if self.is_marked or any(content_of(line.text(self.norm)) in self.known for line in self.filled):
            return True
        if len(self.lines) == 1:
            return self._is_lone_entry(self.filled[0])
        looked_at = self.filled[:_LOOKED_AT]
        named = sum(bool(self._people(line.body, line.end)) for line in looked_at)
        return named * 2 >= len(looked_at) or (named > 0 and any(self._has_temperature(line) for line in self.filled))

    def _is_lone_entry(self, line: Line) -> bool:
        """Whether one numbered line is an entry, and not a room with those who live in it: 205 赵倩36.5 李响36.3 …."""
        is_room = len(line.number) >= _ROOM_DIGITS or len(self._people(line.body, line.end)) > _LEAST
        return not is_room and bool(self._opens_with_name(line.body, line.end))

    def _title(self) -> bool:
        """A chain that nobody has answered yet."""
        plain = [line for line in self.lines if not line.number]
        if self.filled or not plain or not (self.is_marked or len(plain) < len(self.lines)):
            return False
        if any(self._opens_with_name(line.start, line.end) for line in plain):
            return False
        for line in plain:
            self._take_above(line)
        return True

    # --- no numbers

    def _unnumbered(self) -> bool:
        """One person a line without numbers: 王佳音 36.5 无."""
        if len(self.lines) < _LEAST:
            return False
        opening = [self._opens_with_name(line.start, line.end) for line in self.lines]
        seen = [content_of(line.whole(self.norm)) in self.known for line in self.lines]
        people = {person for found in opening for person in found}
        is_titled = not opening[0] and not seen[0] and is_heading_line(self.lines[0].whole(self.norm))
        if not (any(seen) or len(people) > 1 or (people and (is_titled or self.is_marked))):
            return False
        if not any(seen) and self._is_labelled(opening):
            return False
        for line, named, is_known in zip(self.lines, opening, seen, strict=True):
            self._take_plain(line, is_entry=bool(named) or is_known)
        return bool(self.entries)

    def _is_labelled(self, opening: list[frozenset[int]]) -> bool:
        """Whether the lines that open with no name are fields of a form."""
        return any(
            LABEL.match(self.norm, line.start, line.end)
            for line, named in zip(self.lines, opening, strict=True)
            if not named
        )

    def _take_plain(self, line: Line, *, is_entry: bool) -> None:
        if is_entry:
            self._add(line.start, line.end, "")
        elif not self.entries:
            self._take_above(line)
        elif SECTION.fullmatch(self.norm, line.start, line.end) or BREAK.fullmatch(self.norm, line.start, line.end):
            return
        elif self._has_temperature(line) and line is not self.lines[-1]:
            self._add(line.start, line.end, "")  # a name that nobody knows
        else:
            self.remarks.append((line.start, line.end))

    def _inline(self) -> bool:
        """A paragraph that grows: 三年级体温3月10日:王宇36.5,李想36.4,张小曼36.6正常."""
        found = mentions(self.text, self.start, self.end, self.scene)
        if not found or not self.start < found[0].start <= self.start + _LONGEST_HEAD:
            return False
        head = self.norm[self.start : found[0].start]
        is_closed = head.rstrip().endswith(":")
        if not is_heading_line(head) or not TEMPERATURE.search(self.norm, found[0].end, self.end):
            return False
        people = {member.id for mention in found for member in mention.members}
        is_dated = bool(read_heading(head).dates)
        if not ((is_dated or is_closed) and len(people) >= _LEAST) and not (is_dated and is_closed):
            return False
        cuts = [mention.start for mention in found if not _HAN.match(self.norm[mention.start - 1])]
        if cuts[:1] != [found[0].start]:
            cuts.insert(0, found[0].start)
        self.heading = [(self.start, found[0].start)]
        self.entries = [(low, high, "") for low, high in zip(cuts, [*cuts[1:], self.end], strict=True)]
        return bool(self.entries)

    # --- lines and entries

    def _is_filled(self, line: Line) -> bool:
        return bool(line.text(self.norm).strip())

    def _has_temperature(self, line: Line) -> bool:
        return TEMPERATURE.search(self.norm, line.body, line.end) is not None

    def _people(self, start: int, end: int) -> frozenset[int]:
        """Ids of the members whom a range names."""
        found = mentions(self.text, start, end, self.scene)
        return frozenset(member.id for mention in found for member in mention.members)

    def _opens_with_name(self, start: int, end: int) -> frozenset[int]:
        """Ids of the members whose name opens a range; empty where none does."""
        found = mentions(self.text, start, min(end, start + _NAME_WITHIN), self.scene)
        if not found or not _BEFORE_NAME.fullmatch(self.norm, start, found[0].start):
            return frozenset()
        return frozenset(member.id for member in found[0].members)

    def _add(self, start: int, end: int, number: str) -> None:
        """One entry, or the several that share its line: 9、杜雨泽,36.6    10、邓灵珊 36.2."""
        position = start
        for inner in INNER_NUMBER.finditer(self.norm, start, end):
            is_entry = self._opens_with_name(inner.end(), end) or _LOOKS_LIKE_ENTRY.match(self.norm, inner.end(), end)
            if inner.start() == position or not is_entry:
                continue
            self.entries.append((position, inner.start(), number))
            position, number = inner.end(), str(int(re.sub(r"\D", "", inner.group())))
        self.entries.append((position, end, number))

    def _extend(self, end: int) -> None:
        """The last entry goes on over one more line."""
        start, _, number = self.entries[-1]
        self.entries[-1] = (start, end, number)

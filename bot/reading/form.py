"""How a message is laid out: heading, template, example, entries, remark; or one piece that is read as a whole."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.reading.heading import Heading, is_heading_line, labels, read_heading
from bot.reading.member import mentions
from bot.reading.normalise import Text
from bot.reading.report import Frame
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
    """A message cut into its parts."""

    shape: Shape
    heading: Heading
    frame: Frame
    pieces: tuple[Piece, ...] = ()
    remarks: tuple[tuple[int, int], ...] = ()  # what stands below the last entry and is none, e.g. the sender's own word


_MARKER = re.compile(r"#\s*(?:接龙|Group ?Note)|^\s*接龙\s*$", re.IGNORECASE)
_EXAMPLE = re.compile(
    r"\s*[(\[]?\s*(?:例如|示例|样例|范例|举例|例子|格式如|格式|如|例|模板|比如)\s*\d*\s*[)\]]?\s*(?:[,.:,、]|\s(?=\S)|$)"
)
_TEMPLATE_WORD = re.compile(r"\s*[(\[]?\s*(?:格式|模板)")
# The client's own rule (item: 1 to 3 digits, a mark) widened by what people write: brackets, circles, no mark at all.
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_NUMBER = re.compile(
    r"\s*(?:"
    r"[\[(]\s*(?P<boxed>\d{1,3})\s*[\])]\s*[.、,:]?"
    rf"|(?P<circle>[{_CIRCLED}])"
    r"|(?P<marked>\d{1,3})\s*(?:[.、,。:;)\]\-_#@!&*%~!](?!\d)|[.、,。:;)\]\-](?=\s*\d{2}\s*[.度]\d))\s*"
    r"|(?P<bare>\d{1,3})(?:\s+(?!\d{2}[.]\d)|(?=[一-龥A-Za-z(\[]))"
    r")\s*"
)
_NO_NUMBER = re.compile(
    r"\s*(?:\d{1,3}\s*(?:年|月|日|号|班|级|点|时|分|度|周|天|岁|人|个|位|元|块|楼|栋|单元|组|名|次|中|小|高|°|℃|%|C\b|摄氏)"
    r"|(?:3[4-9]|4[0-3])\s*[.。,、]\s*\d(?!\d{2}))"
)
_INNER = re.compile(r"(?:(?<=[\s,.。;、])|(?<=[一-龥)]))\d{1,3}\s*[.、)]\s*(?=[一-龥])")
_BREAK = re.compile(r"[-—=_*·~\s]{3,}")
_SECTION = re.compile(r"\s*[-—=*~#<>《》\[\]【】]{1,}.{1,12}[-—=*~#<>《》\]】]{1,}\s*$|.{1,10}(?:组|部|班|科|室)[::]?\s*$")
_LABEL_LINE = re.compile(
    r"\s*(?:\d{1,2}\s*[.、)]|[①-⑳])?\s*(?P<label>[^::\n]{0,4}(?:姓名|名字|体温|温度|是否|有无|有没有|家人|家属|本人|近\s*\d+|身体|健康|症状|接触|外出|所在|住址|现住|位置|目前|眼下|手机|电话)"
    r"[^::\n]{0,36})\s*[::]\s*(?P<value>.*)$"
)
_NAME_LABEL = re.compile(r"\s*(?:\d{1,2}\s*[.、)]|[①-⑳])?\s*[^::\n]{0,6}(?:姓名|名字)\s*[::]?\s*(?P<value>\S.*)?$")
_TEMPERATURE = re.compile(r"(?<!\d)(?:3[4-9]|4[0-2])\s*[.。,度点°]\s*\d|三十[四五六七八九]|(?<!\d)(?:3[4-9]|4[0-2])(?:\s*°?\s*[C度])?(?!\d)")
_LONGEST_ENTRY_LINES = 12
_LEAST_SHARED = 2  # lines that another version shares before an unnumbered paragraph counts as a version


def content_of(norm: str) -> str:
    """What an entry says with blanks and the marks at its ends left out: equal in every honest copy."""
    return re.sub(r"\s+", "", norm).strip(",.。;;、~!")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    body: int  # where the text behind the number begins
    number: str

    def of(self, norm: str) -> str:
        return norm[self.body : self.end]


def _lines(norm: str, start: int, end: int) -> list[_Line]:
    """The lines that hold something, each with its number told apart."""
    found: list[_Line] = []
    position = start
    while position < end:
        stop = norm.find("\n", position, end)
        stop = end if stop < 0 else stop
        if norm[position:stop].strip():
            number, body = _numbered(norm, position, stop)
            found.append(_Line(position, stop, body, number))
        position = stop + 1
    return found


def _numbered(norm: str, start: int, end: int) -> tuple[str, int]:
    """The number at the head of a line and where its text begins; ("", start) where there is none."""
    if _NO_NUMBER.match(norm, start, end):
        return "", start
    match = _NUMBER.match(norm, start, end)
    if match is None:
        return "", start
    number = match["boxed"] or match["marked"] or match["bare"]
    if number is None:
        number = str(_CIRCLED.index(match["circle"]) + 1)
    return str(int(number)), match.end()


def layout(text: Text, start: int, end: int, *, known: AbstractSet[str], scene: Scene) -> Layout:
    """How `text.norm[start:end]` is laid out; `known` holds the contents of entries that the group has seen."""
    norm = text.norm
    lines = _lines(norm, start, end)
    if not lines:
        return Layout(Shape.SINGLE, Heading(), Frame())
    if _is_blank_form(norm, lines) or _is_example(norm, lines):
        return Layout(Shape.TEMPLATE, Heading(), read_heading(norm[start:end]).frame)
    if _is_numbered_form(norm, lines):
        return Layout(Shape.SINGLE, Heading(), Frame())
    marked = any(_MARKER.search(norm, line.start, line.end) for line in lines[:3])
    return (
        _numbered_chain(text, lines, marked=marked, known=known, scene=scene)
        or _unnumbered_chain(text, lines, marked=marked, known=known, scene=scene)
        or _inline_chain(text, start, end, known=known, scene=scene)
        or Layout(Shape.SINGLE, Heading(), read_heading(norm[start:end]).frame)
    )


def _is_blank_form(norm: str, lines: list[_Line]) -> bool:
    """A form that asks and holds no answer: two or more labels with nothing behind them, and no name filled in."""
    blank = 0
    for line in lines:
        match = _LABEL_LINE.match(norm, line.start, line.end)
        if match is None:
            continue
        if match["value"].strip():
            return False
        blank += 1
    return blank >= 2  # noqa: PLR2004


def _is_example(norm: str, lines: list[_Line]) -> bool:
    """A message that is one example: 例: and a filled form below it."""
    first = norm[lines[0].start : lines[0].end]
    return len(lines) > 1 and _EXAMPLE.fullmatch(first) is not None and _LABEL_LINE.match(norm, lines[1].start, lines[1].end) is not None


def _is_numbered_form(norm: str, lines: list[_Line]) -> bool:
    """One report whose questions are numbered: 1.姓名:… 2.体温:…"""
    numbered = [line for line in lines if line.number]
    if len(numbered) < 2:  # noqa: PLR2004
        return False
    asked = sum(_LABEL_LINE.match(norm, line.body, line.end) is not None for line in numbered)
    names = sum(_NAME_LABEL.match(norm, line.body, line.end) is not None for line in numbered)
    return names <= 1 and asked * 2 >= len(numbered)


def _names(text: Text, start: int, end: int, scene: Scene) -> bool:
    return bool(mentions(text, start, end, scene))


def _begins_with_name(text: Text, start: int, end: int, scene: Scene) -> frozenset[int]:
    """Ids of the members whose name opens the line; empty where none does."""
    found = mentions(text, start, min(end, start + 24), scene)
    if not found or text.norm[start : found[0].start].strip("@* -·|丨★☆"):
        return frozenset()
    return frozenset(member.id for member in found[0].members)


class _Cut:
    """Collects the parts of a chain line by line."""

    def __init__(self, text: Text, scene: Scene, known: AbstractSet[str]) -> None:
        self.text, self.scene, self.known = text, scene, known
        self.heading: list[tuple[int, int]] = []
        self.examples: list[tuple[int, int]] = []
        self.entries: list[tuple[int, int, str]] = []
        self.remarks: list[tuple[int, int]] = []

    def add(self, start: int, end: int, number: str) -> None:
        """One entry, or the several that share its line: 9、杜雨泽,36.6    10、邓灵珊 36.2."""
        norm = self.text.norm
        position = start
        for inner in _INNER.finditer(norm, start, end):
            if inner.start() == position or not _begins_with_name(self.text, inner.end(), end, self.scene):
                continue
            self.entries.append((position, inner.start(), number))
            position, number = inner.end(), re.sub(r"\D", "", inner.group())
        self.entries.append((position, end, number))

    def extend(self, end: int) -> None:
        """The last entry goes on over one more line."""
        start, _, number = self.entries[-1]
        self.entries[-1] = (start, end, number)

    def layout(self) -> Layout:
        norm = self.text.norm
        heading = read_heading("\n".join(norm[a:b] for a, b in self.heading))
        if not heading.frame.questions and self.examples:
            asked = read_heading("\n".join(norm[a:b] for a, b in self.examples if _TEMPLATE_WORD.match(norm, a, b)))
            heading = replace(heading, frame=replace(heading.frame, questions=asked.frame.questions))
        pieces = []
        for start, end, number in self.entries:
            low, high = _trim(norm, start, end)
            if low < high:
                pieces.append(Piece(low, high, number, content_of(norm[low:high])))
        return Layout(Shape.CHAIN, heading, heading.frame, tuple(pieces), tuple(self.remarks))


def _trim(norm: str, start: int, end: int) -> tuple[int, int]:
    while start < end and norm[start].isspace():
        start += 1
    while start < end and norm[end - 1].isspace():
        end -= 1
    return start, end


def _numbered_chain(
    text: Text, lines: list[_Line], *, marked: bool, known: AbstractSet[str], scene: Scene
) -> Layout | None:
    norm = text.norm
    numbered = [line for line in lines if line.number]
    filled = [line for line in numbered if line.of(norm).strip()]
    if not numbered and not marked:
        return None
    if not filled:
        return _title_only(text, lines, scene, known) if marked or len(lines) > 1 else None
    if not _holds_entries(text, filled, marked=marked, known=known, scene=scene):
        return None
    cut = _Cut(text, scene, known)
    in_example = False
    last = filled[-1]
    for line in lines:
        whole = norm[line.start : line.end]
        if not cut.entries and not (line.number and _looks_like_entry(text, line, filled, scene)):
            if _EXAMPLE.match(whole):
                cut.examples.append((line.start, line.end))
                in_example = True
            elif in_example and line.number == "" and _LABEL_LINE.match(whole):
                cut.examples.append((line.start, line.end))
            elif _begins_with_name(text, line.start, line.end, scene) and _TEMPERATURE.search(whole):
                cut.add(line.start, line.end, "")
            else:
                cut.heading.append((line.start, line.end))
        elif line.number:
            if line.of(norm).strip():
                cut.add(line.body, line.end, line.number)
        elif _begins_with_name(text, line.start, line.end, scene):
            cut.add(line.start, line.end, "")
        elif line.start > last.start and _is_remark(norm, line):
            cut.remarks.append((line.start, line.end))
        elif cut.entries and not _BREAK.fullmatch(whole):
            cut.extend(line.end)
    return cut.layout() if cut.entries else None


def _looks_like_entry(text: Text, line: _Line, filled: list[_Line], scene: Scene) -> bool:
    """Whether a numbered line above the first entry is one: 6 1班体温 3月16日 is a heading that opens with a number."""
    if line is not filled[0] or len(filled) == 1:
        return True
    return not is_heading_line(text.norm[line.start : line.end]) or _names(text, line.body, line.end, scene)


def _is_remark(norm: str, line: _Line) -> bool:
    """A line below the entries that belongs to none of them: no label, no further field of a form."""
    return _LABEL_LINE.match(norm, line.start, line.end) is None


def _holds_entries(
    text: Text, filled: list[_Line], *, marked: bool, known: AbstractSet[str], scene: Scene
) -> bool:
    """Whether the numbered lines are entries and not the points of a notice."""
    if marked:
        return True
    norm = text.norm
    if any(content_of(line.of(norm)) in known for line in filled):
        return True
    named = sum(_names(text, line.body, line.end, scene) for line in filled[:8])
    if len(filled) == 1:
        return named == 1 and bool(filled[0].of(norm).strip())
    return named * 2 >= min(len(filled), 8) or (named > 0 and any(_TEMPERATURE.search(line.of(norm)) for line in filled))


def _title_only(text: Text, lines: list[_Line], scene: Scene, known: AbstractSet[str]) -> Layout | None:
    """A chain that nobody has answered yet."""
    plain = [line for line in lines if not line.number]
    if not plain or any(_begins_with_name(text, line.start, line.end, scene) for line in plain):
        return None
    cut = _Cut(text, scene, known)
    for line in plain:
        is_example = _EXAMPLE.match(text.norm, line.start, line.end)
        (cut.examples if is_example else cut.heading).append((line.start, line.end))
    return cut.layout()


def _unnumbered_chain(
    text: Text, lines: list[_Line], *, marked: bool, known: AbstractSet[str], scene: Scene
) -> Layout | None:
    """One person a line without numbers: 王佳音 36.5 无."""
    norm = text.norm
    if len(lines) < 2:  # noqa: PLR2004
        return None
    opening = [_begins_with_name(text, line.start, line.end, scene) for line in lines]
    seen = [content_of(norm[line.start : line.end]) in known for line in lines]
    people = {person for found in opening for person in found}
    first = norm[lines[0].start : lines[0].end]
    titled = not opening[0] and not seen[0] and is_heading_line(first)
    if not (any(seen) or len(people) > 1 or (people and (titled or marked))):
        return None
    if any(_LABEL_LINE.match(norm, line.start, line.end) for line in lines if not opening[lines.index(line)]) and not any(seen):
        return None  # a form with labels: read as one piece
    cut = _Cut(text, scene, known)
    for line, named, is_known in zip(lines, opening, seen, strict=True):
        whole = norm[line.start : line.end]
        if named or is_known:
            cut.add(line.start, line.end, "")
        elif not cut.entries:
            (cut.examples if _EXAMPLE.match(whole) else cut.heading).append((line.start, line.end))
        elif _SECTION.match(whole) or _BREAK.fullmatch(whole):
            continue
        elif _TEMPERATURE.search(whole) and line is not lines[-1]:
            cut.add(line.start, line.end, "")
        else:
            cut.remarks.append((line.start, line.end))
    return cut.layout() if cut.entries else None


_INLINE_HEAD = re.compile(r"^[^\n::]{2,40}[::]")


def _inline_chain(text: Text, start: int, end: int, *, known: AbstractSet[str], scene: Scene) -> Layout | None:
    """A paragraph that grows: 三年级体温3月10日:王宇36.5,李想36.4,张小曼36.6正常."""
    norm = text.norm
    head = _INLINE_HEAD.match(norm[start:end])
    if head is None or not is_heading_line(head.group()) or mentions(text, start, start + head.end(), scene):
        return None
    found = mentions(text, start + head.end(), end, scene)
    if len({member.id for mention in found for member in mention.members}) < _LEAST_SHARED:
        return None
    cuts = [mention.start for mention in found if norm[mention.start - 1] in " ,.。;;、::"]
    cut = _Cut(text, scene, known)
    cut.heading.append((start, start + head.end() - 1))
    for low, high in zip(cuts, [*cuts[1:], end], strict=True):
        stop = high
        while stop > low and norm[stop - 1] in " ,.。;;、":
            stop -= 1
        cut.entries.append((low, stop, ""))
    return cut.layout()


def label_parts(norm: str) -> tuple[str, ...]:
    """The questions of a form, in order."""
    return labels(norm)

"""A piece of text as the reader works on it: cut into clauses, each with the words that were found in it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import TypeVar

from bot.reading.day import DayWord, days
from bot.reading.lexicon import lexicon
from bot.reading.member import Mention, mentions
from bot.reading.normalise import Text
from bot.reading.place import Found, places
from bot.reading.rules import Match
from bot.reading.scene import Scene
from bot.reading.symptom import FEVER, SYMPTOMS
from bot.reading.taken import Taken
from bot.reading.temperature import Measured, measured

Thing = Match | Measured | DayWord | Found | Mention
Kind = TypeVar("Kind", bound=Thing)
_SEVERAL = 2
_NOT_ALWAYS_ASKING = frozenset(["吗", "么", "嘛", "呢", "谁", "哪儿", "怎么"])
_ASKING = re.compile(r"(?:吗|么|行不|可以不|咋办|怎么办|没呢?$)[啊呀了]?$")


@dataclass
class Clause:
    """A clause: from one border to the next."""

    start: int
    end: int
    opens: str  # the border before it: "" at the start of the piece
    closes: str  # the border behind it
    words: str  # its text
    things: list[Thing] = field(default_factory=list)
    _kinds: dict[str, list[Match]] = field(default_factory=dict)

    def hold(self, things: list[Thing]) -> None:
        """Take the things that stand in the clause, in order."""
        self.things = things
        self._kinds = {}
        for thing in things:
            if isinstance(thing, Match):
                self._kinds.setdefault(thing.kind, []).append(thing)

    def matches(self, *kinds: str) -> list[Match]:
        """The words of these kinds in the clause, in order."""
        held = [kind for kind in kinds if kind in self._kinds]
        if len(held) < _SEVERAL:
            return self._kinds[held[0]] if held else []
        return sorted((match for kind in held for match in self._kinds[kind]), key=attrgetter("start"))

    def of(self, kind: type[Kind]) -> list[Kind]:
        """The things of a type in the clause, in order."""
        return [thing for thing in self.things if isinstance(thing, kind)]

    @cached_property
    def asks(self) -> bool:
        """Whether the clause is a question."""
        if "?" in self.closes or any(cue.value not in _NOT_ALWAYS_ASKING for cue in self.matches("asks")):
            return True
        words = self.words.strip()
        return _ASKING.search(words) is not None and not words.endswith("什么")


@dataclass(frozen=True)
class Piece:
    """A report's text with everything that was recognised in it."""

    text: Text
    start: int
    end: int
    scene: Scene
    today: date
    clauses: tuple[Clause, ...]
    mentions: tuple[Mention, ...]

    @property
    def norm(self) -> str:
        """The normalised text of the whole message."""
        return self.text.norm

    def number_at(self, at: int) -> int | None:
        """The number of the clause in which a place lies, None where it is in a border."""
        number = bisect_right(self._starts, at) - 1
        return number if number >= 0 and at < self.clauses[number].end else None

    def clause_at(self, at: int) -> Clause | None:
        """The clause in which a place lies, None where it is in a border."""
        number = self.number_at(at)
        return None if number is None else self.clauses[number]

    def ends_between(self, low: int, high: int) -> bool:
        """Whether a sentence ends between two places."""
        return bisect_left(self._ends, low) < bisect_left(self._ends, high)

    def sentence_from(self, start: int, end: int | None = None) -> str:
        """The rest of a sentence, up to `end` at most."""
        number = bisect_left(self._ends, start)
        stop = self._ends[number] if number < len(self._ends) else self.end
        return self.norm[start : min(stop, self.end if end is None else end, start + LONGEST_REACH)]

    @cached_property
    def _starts(self) -> list[int]:
        return [clause.start for clause in self.clauses]

    @cached_property
    def _ends(self) -> list[int]:
        return [mark.start() for mark in _SENTENCE_END.finditer(self.norm, self.start, self.end)]

    def whole(self) -> str:
        """The text of the piece."""
        return self.text.norm[self.start : self.end]


_SENTENCE_END = re.compile(r"[。!\n]")
LONGEST_REACH = (
    200  # letters: no clause that anybody writes is longer, nor does a word say something of what is so far off
)
_BORDER = re.compile(
    r"(?<!\d)[,，]|(?<=\d\d\.\d),|(?<=\d\d\.\d\d),|,(?=\s?\d\d[.。度])|,(?!\s?\d)|。(?!\d)|(?<![\d])。|[;!?\n()\[\]…~|/—①-⑳]|(?<=[无否有是好常康])、|、(?=(?:无|否|有|是|没有)(?:[、,\s。]|$))|--|(?<=[无否有是°C\d])-(?=\D)|\s{1,}|[\U0001F300-\U0001FAFF\u2600-\u2604\u2606-\u260f\u2614-\u27bf]"
)
_QUOTED = re.compile(
    r"(?:「[^「」]{0,400}」|『[^『』]{0,400}』)(?:\s*+(?:- ){4,}+-?)?|《[^《》]{0,40}》|@[^\s,。:;!?]{1,20}"
)
_NUMBERED = re.compile(r"\s*(?:\d{1,3}\s*[.、)。](?!\d(?!\d))|[①-⑳](?=\s*[一-龥]))\s*")


def _cut(norm: str, start: int, solid: Taken) -> list[Clause]:
    """The clauses of a text; a border inside a number, a name or a date cuts nothing."""
    clauses: list[Clause] = []
    at, opens, end = start, "", len(norm)
    for border in _BORDER.finditer(norm, start):
        low, high = border.span()
        if solid.touches(low, high or low):
            continue
        mark = border[0].strip()
        if norm[at:low].strip():
            clauses.extend(_pieces(norm, at, low, opens, mark or " ", solid))
            opens = ""
        opens = opens + mark or " "
        at = high
    if norm[at:end].strip():
        clauses.extend(_pieces(norm, at, end, opens, "", solid))
    return clauses


def _pieces(norm: str, start: int, end: int, opens: str, closes: str, solid: Taken) -> Iterator[Clause]:
    """A clause; one too long to be written is cut where nothing was recognised: it costs no more than its length."""
    while end - start > LONGEST_REACH:
        stop = start + LONGEST_REACH
        while stop < end and solid.touches(stop - 1, stop + 1):
            stop += 1
        yield Clause(start, stop, opens, "", norm[start:stop])
        start, opens = stop, ""
    if start < end:
        yield Clause(start, end, opens, closes, norm[start:end])


def cut(text: Text, scene: Scene, today: date) -> Piece:
    """Find everything in a text, and cut it into clauses."""
    norm, low, end = text.norm, 0, len(text.norm)
    numbered = _NUMBERED.match(norm)
    if numbered:
        low = numbered.end()
        norm = " " * low + norm[low:]
        text = replace(text, norm=norm)
    taken = Taken(end)
    for quoted in _QUOTED.finditer(norm, low):
        taken.take(*quoted.span())
    named = list(taken.free(mentions(text, low, end, scene)))
    for one in named:
        taken.take(one.end, one.relation_end)
    things: list[Thing] = list(named)
    things += taken.free(days(norm, low, end, today))
    things += taken.free(measured(norm, low, end))
    things += taken.free(places(norm, low, end, scene.setting))
    clauses = _cut(norm, low, taken)
    words = list(lexicon().found(taken.blanked(norm), low, end))
    illness = taken.copy()
    for word in words:
        if word.kind == "nothing":
            illness.take(word.start, word.end)
    for table in (SYMPTOMS, FEVER):
        for match in illness.free(table.found(norm, low, end)):
            things.append(match)
            taken.take(match.start, match.end)
    things += taken.free(words)
    things.sort(key=lambda thing: (thing.start, -thing.end))
    starts = [thing.start for thing in things]
    for clause in clauses:
        clause.hold(things[bisect_left(starts, clause.start) : bisect_left(starts, clause.end)])
    return Piece(text, low, end, scene, today, tuple(clauses), tuple(named))

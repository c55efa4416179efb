"""A piece of text as the reader works on it: cut into clauses, each with the words that were found in it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from bot.reading.day import DayWord, days
from bot.reading.lexicon import lexicon
from bot.reading.member import Mention, mentions
from bot.reading.normalise import Text
from bot.reading.place import Found, places
from bot.reading.rules import Match
from bot.reading.scene import Scene
from bot.reading.symptom import FEVER, SYMPTOMS
from bot.reading.temperature import Measured, measured

Thing = Match | Measured | DayWord | Found | Mention


@dataclass
class Clause:
    """A clause: from one border to the next."""

    start: int
    end: int
    opens: str  # the border before it: "" at the start of the piece
    closes: str  # the border behind it
    things: list[Thing] = field(default_factory=list)

    def matches(self, *kinds: str) -> list[Match]:
        """The words of these kinds in the clause, in order."""
        return [thing for thing in self.things if isinstance(thing, Match) and thing.kind in kinds]

    def of(self, kind: type[Thing]) -> list[Thing]:
        """The things of a type in the clause, in order."""
        return [thing for thing in self.things if isinstance(thing, kind)]


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

    def words(self, clause: Clause) -> str:
        """The text of a clause."""
        return self.text.norm[clause.start : clause.end]

    def whole(self) -> str:
        """The text of the piece."""
        return self.text.norm[self.start : self.end]


_BORDER = re.compile(
    r"(?<!\d)[,，]|(?<=\d\d\.\d),|(?<=\d\d\.\d\d),|,(?=\s?\d\d[.。度])|,(?!\s?\d)|。(?!\d)|(?<![\d])。|[;!?\n()\[\]…~|/—①-⑳]|(?<=[无否有是好常康])、|、(?=(?:无|否|有|是|没有)(?:[、,\s。]|$))|--|(?<=[无否有是°C\d])-(?=\D)|\s{1,}|[\U0001F300-\U0001FAFF\u2600-\u2604\u2606-\u260f\u2614-\u27bf]"
)
_QUOTED = re.compile(r"[「『][^」』]{0,400}[」』](?:\s*\n?\s*(?:- ){4,}-?)?|《[^》]{0,40}》|@[^\s,。:;!?]{1,20}")
_NUMBERED = re.compile(r"\s*(?:\d{1,3}\s*[.、)。](?!\d(?!\d))|[①-⑳](?=\s*[一-龥]))\s*")


def _free(things: Iterable[Thing], taken: list[tuple[int, int]]) -> Iterator[Thing]:
    """The things that overlap nothing that was found before."""
    for thing in things:
        if all(thing.end <= low or thing.start >= high for low, high in taken):
            taken.append((thing.start, thing.end))
            yield thing


def _cut(norm: str, start: int, end: int, solid: list[tuple[int, int]]) -> list[Clause]:
    """The clauses of a text; a border inside a number, a name or a date cuts nothing."""
    clauses: list[Clause] = []
    at, opens = start, ""
    for border in _BORDER.finditer(norm, start, end):
        if any(low < border.end() and border.start() < high for low, high in solid):
            continue
        if norm[at : border.start()].strip():
            clauses.append(Clause(at, border.start(), opens, border[0].strip() or " "))
            opens = ""
        opens = opens + border[0].strip() or " "
        at = border.end()
    if norm[at:end].strip():
        clauses.append(Clause(at, end, opens, ""))
    return clauses


def _blanked(norm: str, taken: list[tuple[int, int]]) -> str:
    """The text with what was recognised blanked out, so that no word is found across its border."""
    for low, high in taken:
        norm = norm[:low] + "\x00" * (high - low) + norm[high:]
    return norm


def cut(text: Text, start: int, end: int, scene: Scene, today: date) -> Piece:
    """Find everything in `text.norm[start:end]`, and cut it into clauses."""
    norm = text.norm
    numbered = _NUMBERED.match(norm, start, end)
    low = numbered.end() if numbered else start
    if not numbered and start and norm[start - 1] == ".":
        norm = " " * start + norm[start:]  # 3.36.5: the number of the line is no part of the reading
        text = replace(text, norm=norm)
    if numbered:
        norm = norm[:start] + " " * (low - start) + norm[low:]
        text = replace(text, norm=norm)
    taken: list[tuple[int, int]] = [match.span() for match in _QUOTED.finditer(norm, low, end)]
    named = [thing for thing in _free(mentions(text, low, end, scene), taken) if isinstance(thing, Mention)]
    taken += [(one.end, one.relation_end) for one in named if one.relation_end > one.end]
    solid = list(taken)
    things: list[Thing] = list(named)
    for source in (days(norm, low, end, today), measured(norm, low, end), places(norm, low, end, scene.setting)):
        things.extend(_free(source, taken))
    solid += [(thing.start, thing.end) for thing in things]
    clauses = _cut(norm, low, end, solid)
    words = list(lexicon().found(_blanked(norm, taken), low, end))
    shadows = [word for word in words if word.kind in ("nothing", "well", "over")]
    taken_by_words = taken + [(word.start, word.end) for word in shadows if word.kind == "nothing"]
    for table in (SYMPTOMS, FEVER):
        things.extend(_free(table.found(norm, low, end), taken_by_words))
    things.extend(
        _free(words, taken_by_words[: len(taken)] + [(t.start, t.end) for t in things if isinstance(t, Match)])
    )
    things.sort(key=lambda thing: (thing.start, -thing.end))
    for clause in clauses:
        clause.things = [thing for thing in things if clause.start <= thing.start < clause.end]
    return Piece(text, low, end, scene, today, tuple(clauses), tuple(named))

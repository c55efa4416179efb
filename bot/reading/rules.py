"""A way of saying something, as data that proves itself, and the search for many of them at once."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rule:
    """One way of saying something: `reads` must match and `leaves`, a lookalike, must not."""

    id: str
    pattern: str  # without named groups and without nested quantifiers
    value: str  # what is said: the standard name of a symptom, the kind of a cue
    reads: str
    leaves: str


@dataclass(frozen=True, slots=True)
class Match:
    """Where a rule or a word of a list stands in a text."""

    start: int
    end: int
    kind: str
    value: str
    rule: str


class Rules:
    """A table of rules, searched together; where several match at one place the first row wins."""

    def __init__(self, kind: str, rows: Iterable[Rule]) -> None:
        """Compile the rows into one pattern."""
        self.kind = kind
        self.rows = tuple(rows)
        self._pattern = re.compile("|".join(f"(?P<r{number}>{row.pattern})" for number, row in enumerate(self.rows)))

    def found(self, norm: str, start: int, end: int) -> Iterator[Match]:
        """Each match in order, none overlapping another."""
        for match in self._pattern.finditer(norm, start, end):
            row = self.rows[int((match.lastgroup or "r0")[1:])]
            yield Match(match.start(), match.end(), self.kind, row.value, row.id)


@dataclass(frozen=True)
class Lexicon:
    """Word lists searched at once; the longest word at a place wins."""

    _by_first: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)

    def add(self, kind: str, words: Iterable[str], value: str = "") -> None:
        """Put words in; of two kinds of the same word the later one stands."""
        for word in words:
            row = self._by_first.setdefault(word[0], [])
            row[:] = [entry for entry in row if entry[0] != word]
            row.append((word, kind, value or word))
            row.sort(key=lambda entry: -len(entry[0]))

    def found(self, norm: str, start: int, end: int) -> Iterator[Match]:
        """Each longest word from left to right, none overlapping another."""
        position = start
        by_first = self._by_first
        while position < end:
            for word, kind, value in by_first.get(norm[position], ()):
                stop = position + len(word)
                if stop <= end and norm.startswith(word, position):
                    yield Match(position, stop, kind, value, f"word.{kind}")
                    position = stop - 1
                    break
            position += 1

    def words(self, kind: str) -> list[str]:
        """All words of a kind."""
        return [word for row in self._by_first.values() for word, of, _ in row if of == kind]

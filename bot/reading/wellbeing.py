"""Words that say that all is well: 正常, 一切都好, 体温不到37."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reading.context import supposes
from bot.reading.experiencer import Experiencers
from bot.reading.piece import Clause, Piece
from bot.reading.rules import Match
from bot.reading.subject import Who
from models.vocabulary import Experiencer

_POLITE = frozenset(
    [
        "好", "没事", "精神", "还好", "没问题", "没事儿", "都好", "很好", "挺好", "OK", "ok", "没啥问题", "没什么问题",
    ]
)  # fmt: skip
"""Words that also only answer a question or a greeting."""
_SHORT = 6  # letters beside a polite word in a message that says nothing else
_AT_HEAD = 4  # clauses at the head of a text in which a polite word is still a report
_OF_SOMETHING_ELSE = re.compile(r"上课|开学|上学|上班|出勤|返校|吃饭|作息")
_BELOW = re.compile(
    r"(?:低于|不超过|没超过|未超过|不到|没到|不足|小于|没过|不高于|<=?|≤)\s?(?:3[678](?:\.\d)?|三十[六七])"
)


@dataclass(frozen=True, slots=True)
class WellWord:
    """Where a text says that somebody is well."""

    start: int
    end: int
    experiencer: Experiencer
    is_report: bool  # no mere politeness
    rule: str


def well_words(piece: Piece, experiencers: Experiencers) -> Iterator[WellWord]:
    """The words of well-being that are said of the person or the household, in order."""
    for number, clause in enumerate(piece.clauses):
        if clause.asks:
            continue
        for match in clause.matches("well"):
            who = experiencers.experiencer_at(match.start)
            if who is not Experiencer.OTHER and _says_well(piece, clause, match):
                is_report = _is_report(piece, match, who, number)
                yield WellWord(match.start, match.end, who, is_report, "well.word")


def bounds(piece: Piece, experiencers: Experiencers) -> Iterator[WellWord]:
    """不到37, 低于37.3: no reading, but a report that all is well."""
    for match in _BELOW.finditer(piece.norm, piece.start, piece.end):
        if experiencers.who_at(match.start()) in (Who.MEMBER, Who.WE):
            yield WellWord(match.start(), match.end(), Experiencer.PERSON, is_report=True, rule="well.below")


def _says_well(piece: Piece, clause: Clause, match: Match) -> bool:
    """Whether a word is meant: neither denied nor supposed, and of somebody's health."""
    if any(0 <= match.start - cue.end <= 1 for cue in clause.matches("denies")) or supposes(clause, match.start):
        return False
    word = piece.norm[match.start : match.end]
    if word == "好":
        return _stands_alone(piece, clause, match)
    return word != "正常" or _OF_SOMETHING_ELSE.match(piece.norm, match.end) is None


def _stands_alone(piece: Piece, clause: Clause, match: Match) -> bool:
    """Whether 好 ends its clause, and is more than the greeting that a text begins with."""
    rest = piece.norm[match.end : clause.end].strip(" 的了呢啊呀")
    return not rest and match.start > piece.start


def _is_report(piece: Piece, match: Match, who: Experiencer, number: int) -> bool:
    """Whether a word in clause `number` reports on health, and does not only answer politely."""
    word = piece.norm[match.start : match.end]
    if word not in _POLITE:
        return True
    says_little = len(piece.whole()) <= _SHORT + len(word)
    return who is Experiencer.PERSON and (bool(piece.mentions) or says_little) and number < _AT_HEAD

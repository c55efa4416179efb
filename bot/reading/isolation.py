# ruff: noqa: E501 -- a row of a rule is read as one line
"""Isolation and medical observation as somebody's own state."""

import re
from dataclasses import dataclass

from bot.reading.context import supposes
from bot.reading.piece import Piece
from bot.reading.rules import Rule, Rules
from models.vocabulary import Polarity, Temporality

ISOLATION = Rules(
    "isolation",
    (
        Rule("isolation.word", "(?:居家|集中|在家|自我|自行|单独|医学|家庭|定点)?隔离(?!服|衣|带|墙|霜|治疗点|人员|病房)|隔离点|正隔着", "isolation", "居家隔离第9天", "不属于隔离人员"),
        Rule("isolation.watch", "(?:居家|集中|居家医学|医学)(?:医学)?(?:观察|留观|监测)(?!对象|员)", "isolation", "按要求居家医学观察", "在家观察"),
    ),
)  # fmt: skip
_OVER = re.compile(
    r"解除|期满|隔离满了|结束|到期了|已满|满期|隔离完|撤了|解封|出来了|早满|已过|隔离过|期已过|满(?:了)?(?:14|十四|7|21)天(?:了)?(?!.{0,2}(?:还|没))"
)
_NOT_OVER = re.compile(r"还差|还有|还没|未满|没满|没到期|尚未|没解除|未解除|不到|等(?:着)?解除|明天|即将|快")
_DENIED_WITHIN = 10  # letters from a denial to the word
_NEAR = 24  # letters behind the word in which it is said to be over
_NO_STATE = re.compile(
    r"不用隔离|无需隔离|不需要?隔离|没让隔离|隔离的(?:老师|同学|学生|家长)|要隔离吗|隔离通知|隔离措施|隔离政策|隔离期间请"
)


@dataclass(frozen=True, slots=True)
class Isolated:
    """A word of isolation in the text, with what context makes of it."""

    start: int
    end: int
    polarity: Polarity
    temporality: Temporality
    rule: str
    denied: bool  # by a word for not, not by what the word itself is (隔离通知)


def isolations(piece: Piece) -> list[Isolated]:
    """Where the piece speaks of isolation."""
    found = []
    for clause in piece.clauses:
        words = clause.words
        for match in ISOLATION.found(piece.norm, clause.start, clause.end):
            polarity, temporality = Polarity.AFFIRMED, Temporality.NOW
            near = piece.sentence_from(match.start, match.start + _NEAR)
            about = words + near
            denied = any(
                cue.start < match.start and match.start - cue.end <= _DENIED_WITHIN and cue.value != "不是没有"
                for cue in clause.matches("denies")
            )
            if denied or _NO_STATE.search(words):
                polarity = Polarity.NEGATED
            elif clause.asks or supposes(clause, match.start):
                temporality = Temporality.HYPOTHETICAL
            elif _OVER.search(about) and not _NOT_OVER.search(about):
                temporality = Temporality.PAST
            found.append(Isolated(match.start, match.end, polarity, temporality, match.rule, denied))
    return found

# ruff: noqa: E501 -- a row of a rule is read as one line
"""ConText for Chinese: what is denied, what is over, what is only asked or supposed; a cue reaches to the next border."""

import re
from dataclasses import dataclass
from itertools import zip_longest

from bot.reading.piece import Clause, Piece
from bot.reading.rules import Match
from bot.reading.taken import Taken
from bot.reading.words import load, one_of
from models.vocabulary import Polarity, Temporality

_FORMAL = frozenset(
    [
        "无",
        "否认",
        "未见",
        "均无",
        "并无",
        "未出现",
        "没出现",
        "没有出现",
        "未发现",
        "无任何",
        "从无",
        "皆无",
        "毫无",
        "没有任何",
        "没任何",
        "没发现",
        "没有发现",
        "也无",
    ]
)
# What may stand between a denial and what it denies.
_LIGHT = re.compile(
    r"(?:有|出现|过|啥子?|么子|什么|任何|明显|发生|再|怎么|人|一个|个|的|得|地|太|大|觉得|感到|感觉|说|喊|见|发现|听|孩子|家人|本人|也|都|其他|其它|别|新|块儿?|里|处|地方|这些|上述|以上|存在|身体|多|因为?|是|属于|哪|不良|症状|情况|现象|等|类似|疑似|、|跟|和|与|及|或者?|以及|/|\+|-|\s|,|\"|儿|没|不|无|一点|点|表现|史|病史|持续|曾|今天|今日|昨天|期间|近期|目前|家里|全家|家属)*"
)
_ASKED = re.compile(r"(?:吗|么|行不|不行|好不|是不|没有?|嘛|呢)$")
_LISTED = re.compile(r"[,、\s/和及与或]*(?:等|之类|等等)?(?:的)?(?:症状|情况|现象|表现|史|人员)?[等]?(?:均)?[,\s]*")
_LIST_MARKS = frozenset([",", " ", "", "/", "、"])
_CLOSED = re.compile("等|之类|症状|情况|现象|表现")
_PLAIN = 2  # letters of an illness as forms list it: 咳嗽, 乏力, 咽痛
_ANYTHING_ELSE = re.compile(r"(?:别的|其他|其它|另外)")


@dataclass
class Event:
    """Something said of health, with what context makes of it."""

    match: Match
    clause: int
    polarity: Polarity = Polarity.AFFIRMED
    temporality: Temporality = Temporality.NOW
    hedged: bool = False


def supposes(clause: Clause, before: int) -> bool:
    """Whether something is only supposed, feared or planned at a place of the clause."""
    return any(cue.start <= before for cue in clause.matches("supposes"))


def _denied_forward(piece: Piece, clause: Clause, events: list[Event]) -> set[int]:
    """Deny what stands behind a denial, as far as it reaches; the starts of denials that reached something."""
    used: set[int] = set()
    cue: Match | None = None
    reach = 0
    by_start = {event.match.start: event for event in events}
    for thing in clause.things:
        if not isinstance(thing, Match):
            continue
        if thing.kind == "denies":
            cue, reach = thing, thing.end
        elif thing.kind == "ends":
            if (
                (cue is not None and not _LIGHT.fullmatch(piece.norm, reach, thing.start))
                or (
                    cue is not None
                    and thing.value
                    not in (
                        "有点",
                        "有些",
                        "一直",
                        "还",
                        "老",
                        "总",
                        "开始",
                        "光",
                        "轻微",
                        "稍微",
                        "略",
                        "老是",
                    )
                )
                or (cue is not None and reach > cue.end)
            ):
                cue = None
        elif thing.start in by_start and cue is not None:
            event = by_start[thing.start]
            if cue.value in _FORMAL or _LIGHT.fullmatch(piece.norm, reach, thing.start):
                event.polarity = Polarity.NEGATED
                used.add(cue.start)
                reach = thing.end
            else:
                cue = None
    return used


def _denied_backward(piece: Piece, clause: Clause, events: list[Event], used: set[int]) -> None:
    """Deny what stands before a denial that reached nothing: 发烧没有, 咳嗽无."""
    excepted = "除了" in clause.words or "就是" in clause.words
    last = clause.start
    for cue in clause.matches("denies"):
        others = _ANYTHING_ELSE.search(piece.norm[max(clause.start, cue.start - 3) : cue.start])
        if cue.start in used or others or _ANYTHING_ELSE.match(piece.norm, cue.end) or excepted:
            continue
        behind = piece.norm[cue.end : clause.end].strip(" 的了过,、呢啊吧老师")
        well_behind = any(word.start == cue.end for word in clause.matches("well"))
        nothing_behind = (
            not behind
            or well_behind
            or any(abs(event.match.start - cue.end) <= 1 for event in events)
            or not clause_rest(clause, cue)
        )
        if not nothing_behind:
            continue
        for event in events:
            if last <= event.match.start < cue.start and not event.hedged:
                event.polarity = Polarity.NEGATED
        last = cue.end


def clause_rest(clause: Clause, cue: Match) -> bool:
    """Whether anything that a denial could deny stands behind it in the clause."""
    return cue.end < clause.end - 1


_NOT_MINE = re.compile(r"的(?:人|孩子)?(?:可|并|都)?不是")


def _marks(piece: Piece, events: list[Event]) -> None:
    """Ticks and crosses: ☑咳嗽 □发热, 发热× 咳嗽√, 发热( )."""
    norm = piece.norm
    for event in events:
        before = norm[max(piece.start, event.match.start - 2) : event.match.start].strip()
        behind = norm[event.match.end : event.match.end + 3].strip().lstrip("(: ")
        if before.endswith(("□", "☐", "○")):
            event.polarity = Polarity.NEGATED
        elif before.endswith(("☑", "■", "√")) or behind.startswith("√"):
            event.polarity = Polarity.AFFIRMED
        elif (
            behind.startswith(("×", "☒", "□"))
            or _NOT_MINE.match(norm, event.match.end)
            or re.match(r"\(\s*\)", norm[event.match.end : event.match.end + 5])
        ):
            event.polarity = Polarity.NEGATED


_HEDGE_BEFORE = re.compile(one_of(load("cues")["hedges"]) + "[一-龥]{0,1}$")


def _hedged(piece: Piece, clause: Clause, event: Event) -> bool:
    words = piece.norm[clause.start : event.match.start]
    return _HEDGE_BEFORE.search(words) is not None or piece.norm.startswith(("有点", "有些"), event.match.start)


def _is_bare(clause: Clause) -> bool:
    """Whether a clause behind a comma names illnesses and nothing else, as an item of a list does."""
    matches = clause.matches("symptom", "fever")
    if not matches or clause.opens not in _LIST_MARKS or clause.matches("denies", "ends"):
        return False
    rest = Taken(len(clause.words))
    for match in matches:
        rest.take(match.start - clause.start, match.end - clause.start)
    return _LISTED.fullmatch(rest.blanked(clause.words).replace("\x00", "")) is not None


def _continues_list(piece: Piece, number: int, denied: int) -> bool:
    """Whether a clause goes on with the list that was denied before it: 无发热，咳嗽，乏力.

    A complaint alone behind a single denial (无发热，咽部不适) reads as well the other way, and is then said.
    """
    clause, before = piece.clauses[number], piece.clauses[number - 1]
    cues = before.matches("denies")
    if not cues or cues[-1].value not in _FORMAL or not _is_bare(clause):
        return False
    matches = clause.matches("symptom", "fever")
    goes_on = number + 1 < len(piece.clauses) and _is_bare(piece.clauses[number + 1])
    is_closed = _CLOSED.search(clause.words) is not None
    is_plain = all(match.end - match.start <= _PLAIN for match in matches)
    return is_plain or is_closed or goes_on or denied > 1 or len(matches) > 1


def events_of(piece: Piece) -> list[Event]:
    """All symptoms and fevers that the piece speaks of, with their polarity, in order."""
    found: list[Event] = []
    denied = 0  # how many illnesses the list that ends here denies
    for number in range(len(piece.clauses)):
        events = _events_in(piece, number, denied)
        is_denied = bool(events) and all(event.polarity is Polarity.NEGATED for event in events)
        denied = denied + len(events) if is_denied else 0
        found.extend(events)
    _ended(piece, found)
    if any(clause.matches("false_alarm") for clause in piece.clauses):
        for event in found:
            event.temporality = Temporality.HYPOTHETICAL
    return found


def _events_in(piece: Piece, number: int, denied: int) -> list[Event]:
    """The symptoms and fevers of one clause; `denied`: how many a list that ends before it denies."""
    clause = piece.clauses[number]
    events = [Event(match, number) for match in clause.matches("symptom", "fever")]
    if not events:
        return events
    for event in events:
        event.hedged = _hedged(piece, clause, event)
    if denied and _continues_list(piece, number, denied):
        for event in events:
            event.polarity = Polarity.NEGATED
        clause.hold([Match(clause.start, clause.start, "denies", "无", "context.list"), *clause.things])
    else:
        used = _denied_forward(piece, clause, events)
        _denied_backward(piece, clause, events, used)
        _marks(piece, events)
    _topic_fronted(events)
    for event in events:
        if clause.asks or supposes(clause, event.match.start):
            event.temporality = Temporality.HYPOTHETICAL
        elif event.hedged and event.polarity is Polarity.AFFIRMED:
            event.polarity = Polarity.HEDGED
    return events


def _topic_fronted(events: list[Event]) -> None:
    """烧倒是没烧: what is denied behind was only the topic before."""
    denied: set[str] = set()
    for event in reversed(events):
        if event.polarity is Polarity.NEGATED:
            denied.add(event.match.value)
        elif event.polarity is Polarity.AFFIRMED and event.match.value in denied:
            event.polarity = Polarity.NEGATED


_FEVER_OVER = ("退", "烧", "温")


def _ended(piece: Piece, events: list[Event]) -> None:
    """Mark what is said to be over: behind it in its clause, or at the head of the next."""
    for event, follower in zip_longest(events, events[1:]):
        if event.polarity is Polarity.NEGATED or event.temporality is Temporality.HYPOTHETICAL:
            continue
        clause = piece.clauses[event.clause]
        over = next((word for word in clause.matches("over") if word.start >= event.match.start), None)
        if over is None:
            continue
        of_all = "都" in clause.words or "全" in clause.words
        is_of_follower = (
            follower is not None
            and follower.clause == event.clause
            and follower.match.start < over.start
            and not of_all
        )
        if not is_of_follower:
            event.temporality = Temporality.PAST

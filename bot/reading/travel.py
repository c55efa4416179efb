# ruff: noqa: E501 -- a row of a rule is read as one line
"""Travel: where the reported person has been or is, outside the home county, since the date that counts."""

import re
from dataclasses import dataclass

from bot.reading.context import supposes
from bot.reading.day import DayWord, Sort
from bot.reading.piece import Clause, Piece
from bot.reading.place import Found, Where
from bot.reading.rules import Rule, Rules
from bot.reading.words import load, one_of
from models.vocabulary import Polarity, Temporality

OUTSIDE = Rules(
    "outside",
    (
        Rule("travel.outside", "(?:去|到|回|在|出)(?:过|了|往)?(?:外地|外省|外市|外县|省外|市外|县外|国外|境外)", "outside", "去过外地", "外地回来"),
        Rule("travel.left", "(?:离开|出|离)(?:过|了)?(?:本县|本市|本地|本省|县城?(?!医院)|省|市(?!场)|境)", "outside", "离开过本县", "县城"),
    ),
)  # fmt: skip
_GOES = re.compile(
    r"(?:去|到|赴|往|回|来|在|从|由|自|打|离开|途经|路过|经|住|飞|抵达?|现居|居住|定居|现住|常住|人在|还在|就在|上(?!班|学|课|午)|进|目前|暂居|暂住|留在|待在|返|逛|游)(?:了|过|趟|往|达|过一?趟|了一?趟|的是|的|着|一趟)?[^,。;!?\n]{0,3}$"
)
_CAME = re.compile(
    r"\s*(?:市里?|县城?|那边|这边|老家)?[^,。;!?\n]{0,4}?(?:回来|返[回程]?|回[昌家县本老屯村]|来的|回的|归来|过年|过的年|上班|打工|工作|出差|旅游|旅行|探亲|看病|看牙|住院|学习|上学|读书|培训|居住|自驾|度假|玩|待|住(?!院)|姥姥|姥爷|奶奶|爷爷|我?姥|我?爷|我?奶|[大二三老小]?姨家|[大二老小]?姑家|[大二老小]?舅家|叔家|家(?!长)|呢|没回|隔离|配眼镜|取|办|买|看|接|送|$)"
)
_DENIED_WITHIN = 16  # letters from a denial to the journey that it denies
_KIN_BEHIND = re.compile("的?" + one_of(load("people")["kin"]) + "(?![一-龥]?家)")
_NO_JOURNEY = re.compile(
    "快递|寄|邮|捎|加油|新闻|视频|电话|疫情|致敬|支援|医疗队|逆行|口音|热干面|通报|票|包裹|发货|微信|听说|直播|籍|捐款|援"
)


@dataclass(frozen=True, slots=True)
class Journey:
    """A place that somebody went to, came from or is in."""

    start: int
    end: int
    place: str | None
    where: Where
    clause: int
    polarity: Polarity
    temporality: Temporality
    counts: bool  # false where it lies before the date from which travel counts
    came_back: bool
    rule: str


def _nearest_day(piece: Piece, number: int, at: int) -> DayWord | None:
    """The day that belongs to a place: in its clause, else in the clause before that names no place."""
    here = piece.clauses[number].of(DayWord)
    before = [day for day in here if day.start <= at]
    nearest = before[-1] if before else here[0] if here else None
    if nearest is not None and nearest.sort is not Sort.SPAN:
        return nearest
    if number + 1 < len(piece.clauses):
        after = piece.clauses[number + 1]
        if re.search("回来|返|回的", after.words) and not after.of(Found):
            days = after.of(DayWord)
            if days:
                return days[0]
    if nearest is not None:
        return nearest
    if number:
        clause = piece.clauses[number - 1]
        if not clause.of(Found) and clause.opens not in ("。", "\n"):
            days = clause.of(DayWord)
            return days[-1] if days else None
    return None


def _denied(piece: Piece, clause: Clause, at: int) -> bool:
    """Whether a denial of the clause reaches a journey: before it with no end between, or alone at its end."""
    norm = piece.norm
    cue_end = None
    for match in clause.matches("denies", "ends", "nothing"):
        if match.start >= at:
            continue
        if match.kind == "denies":
            cue_end = match.end
        elif (match.kind == "ends" and match.value not in ("还", "一直", "可", "开始", "光", "老", "总")) or (
            match.kind == "nothing" and match.value.startswith(("不是没", "不是不"))
        ):
            cue_end = None
    if cue_end is not None:
        between = norm[cue_end:at]
        return len(between) <= _DENIED_WITHIN and not re.search(r"就|上礼拜|去了", between)
    behind = [match for match in clause.matches("denies") if match.start > at]
    return bool(behind) and not norm[behind[-1].end : clause.end].strip(" 的过了。,")


def journeys(piece: Piece, fields: list[tuple[int, int]]) -> list[Journey]:
    """The places outside home that the piece speaks of as gone to, come from or stayed in.

    `fields`: ranges that answer where somebody is: a place there needs no verb.
    """
    found: list[Journey] = []
    for number, clause in enumerate(piece.clauses):
        words = clause.words
        asked = clause.asks
        for place in clause.of(Found):
            if place.where is Where.HOME:
                continue
            before = piece.norm[max(clause.start, place.start - 8) : place.start]
            behind = piece.norm[place.end : clause.end]
            in_field = any(low <= place.start < high for low, high in fields)
            alone = not before.strip() and re.match(r"\s*(?:市|县)?(?:家里|家中|本地)?\s*$", behind) is not None
            if _NO_JOURNEY.search(words) and not in_field:
                continue
            goes = _GOES.search(before)
            came = _CAME.match(behind)
            visited_by = _KIN_BEHIND.match(behind) is not None
            if not (
                in_field or visited_by or goes or (came and behind.strip()) or (alone and place.start > piece.start + 4)
            ):
                continue
            day = _nearest_day(piece, number, place.start)
            counts = day is None or day.day >= piece.scene.setting.since
            denied = _denied(piece, clause, place.start - (len(goes[0]) if goes else 0))
            hypothetical = asked or supposes(clause, place.end) or "没去成" in words or "去成" in words
            back = (
                re.search(
                    r"回来|返|回的|来的|归|回[昌家县本老屯村]|过来|来(?:过|到|我|家|了)|回到|来$|回$|回了", behind
                )
                is not None
                or re.search(r"(?:从|由|自|打)[^,。]{0,4}$", before) is not None
            )
            found.append(
                Journey(
                    place.start,
                    place.end,
                    place.place.name,
                    place.where,
                    number,
                    Polarity.NEGATED if denied else Polarity.AFFIRMED,
                    Temporality.HYPOTHETICAL if hypothetical else Temporality.NOW,
                    counts,
                    back,
                    "travel.place",
                )
            )
        found.extend(
            _outside(piece, clause, number, match.start, match.end, match.rule, asked=asked)
            for match in OUTSIDE.found(piece.norm, clause.start, clause.end)
        )
        found.extend(_left_home(piece, clause, number, asked=asked))
    return found


def _outside(piece: Piece, clause: Clause, number: int, start: int, end: int, rule: str, *, asked: bool) -> Journey:
    denied = _denied(piece, clause, start)
    hypothetical = asked or supposes(clause, end)
    day = _nearest_day(piece, number, start)
    return Journey(
        start, end, None, Where.AWAY, number,
        Polarity.NEGATED if denied else Polarity.AFFIRMED,
        Temporality.HYPOTHETICAL if hypothetical else Temporality.NOW,
        day is None or day.day >= piece.scene.setting.since, came_back=False, rule=rule,
    )  # fmt: skip


def _left_home(piece: Piece, clause: Clause, number: int, *, asked: bool) -> list[Journey]:
    """离开过彰武, 没出过黑山: leaving the home county by its name."""
    found = []
    for place in clause.of(Found):
        if place.where is Where.HOME:
            verb = re.search(r"(?:离开|出|离)(?:过|了)?$", piece.norm[max(clause.start, place.start - 4) : place.start])
            if verb:
                found.append(
                    _outside(
                        piece, clause, number, place.start - len(verb[0]), place.end, "travel.left_home", asked=asked
                    )
                )
    return found

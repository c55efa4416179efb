# ruff: noqa: C901, E501, PLR0911 -- a decision read from top to bottom; a row of a rule is read as one line
"""Contact: with whom of the three classes, or from outside, the reported person has been together."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.reading.context import supposes
from bot.reading.piece import LONGEST_REACH, Piece
from bot.reading.place import Where
from bot.reading.rules import Rule, Rules
from bot.reading.subject import Who
from bot.reading.travel import Journey
from bot.reading.words import load, one_of
from models.vocabulary import ContactClass, Polarity

# Whom a text describes; the value is the class, `whole` for 三类人员 together.
DESCRIBED = Rules(
    "described",
    (
        Rule("contact.named_1", "第一类(?:人员?|人群)?|(?<![十二三])一类(?:人员?|人群)?|(?<!\\d)1类(?:人员?)?|Ⅰ类", "1", "第一类人员", "十一类"),
        Rule("contact.named_2", "第二类(?:人员?|人群)?|(?<!十)二类(?:人员?|人群)?|(?<!\\d)2类(?:人员?)?|Ⅱ类", "2", "二类人员", "十二类"),
        Rule("contact.named_3", "第三类(?:人员?|人群)?|(?<!\\d)3类(?:人员?)?(?!人)|Ⅲ类", "3", "第三类人员", "三类人员"),
        Rule("contact.whole", "(?<!第)三类(?:人员?|人群)?|3类人员", "whole", "三类人员", "第三类"),
        Rule("contact.case", "密接(?:者)?|密切接触(?:者|人员)?|确诊(?!甲流|流感|乙流|为|了|是)(?:病例|患者|的|者|病人)?|疑似(?:病例|患者|的|病人)?|阳性(?:病例|患者|人员|感染者)|感染者|无症状感染者|次密接", "2", "有个密接", "确诊甲流"),
        Rule("contact.area", "(?:疫区|中?高?风险地?区|重点疫?区|重点地区|重点疫情地区)(?:回来|返回|来的?|的人|人员|返)", "1", "疫区回来的人", "疫区"),
        Rule("contact.outsider", "(?:外地|外县|县外|外省|外市|外来|外面|外边)(?:的)?(?:回来|返[回乡昌]?|来的?|人员?|亲戚|亲属|戚|客人|顾客|客户|司机|朋友|的人|打工回来|人口)|外来人员|返乡人员", "outsider", "外地回来的亲戚", "外地"),
        Rule("contact.abroad", "(?:境外|国外|入境)(?:回来|返回|来的?|的人|人员|归国)", "3", "境外人员", "境外"),
    ),
)  # fmt: skip
_MEETS = re.compile(
    r"接触|说(?:了|过)?(?:几|两)?句话|进(?:了)?院|见(?:过|了|着)?(?:一?次|一?回|了?一?面|过面|到)|见过|见了|碰过?面|碰面|喝(?:了|过)?(?:点|顿)?酒|吃(?:了|过|的)?(?:顿|一顿|一?次|回)?(?:年夜)?饭|一起吃|一桌|一个桌|同桌吃|聚餐|聚会|同车|一趟车|那趟车|一个车|同过车|坐过?(?:他|她|一)?[^,。]{0,3}车|一起住|同住|住一起|住在一起|住一块|一块儿?住|吃住|住(?:了|过)?[一两三四五六七八九十几]+[天晚宿]|打(?:过)?麻将|打牌|串门|来(?:过)?(?:我|俺|咱)(?:们)?家|到(?:过)?(?:我|俺|咱)(?:们)?家|在(?:我|俺|咱)(?:们)?家|来家|家里来|家来|来(?:过)?串门|一个院|一块儿?吃|送(?:点|了)?菜|玩(?:了|过)|抱过?|看过?(?:我们|孩子)|接(?:站|机|的他)|去(?:他|她)家|上(?:他|她)家|回(?:了|到)?家|回来住|天天在一起|一直在家|在家住|一起过年|拜年|照面|同屋|同吃|在座|来往|待(?:过|了)|领着?孩子|和(?:我们|孩子)|跟(?:我们|孩子)"
)
_MEETS_NOT = re.compile(
    r"(?:没|未|不|无|从未|没有)(?:有|曾|跟|与|和|让|再|敢|去|上|着|来得及|在一起|碰|同|一起|住|怎么)?[^,。;!?\n]{0,12}?(?:接触|见|碰|来往|往来|聚|串门|上前|沾边|住|同|来过|去过|回家|回来|进|相处|交集|在一块|吃)|没来往|没上前儿?|隔着|不沾边|不认识|没(?:有)?接触|没进(?:过)?家|没进屋|没碰过面|躲|不在(?:一起|家住)|没(?:让|敢)[^,。]{0,6}来|没回(?:家|来)|没有?来往|均未|都没见|没[^,。]{0,4}(?:我|俺|咱)家|没挨|门口放下"
)
_APART = re.compile(
    r"集中隔离|宾馆|酒店|隔离点|直接(?:去|进|到)|住(?:在)?(?:单位|宿舍|老房|工地|楼下|别处|奶奶家|姥姥家)|自己家|自家|分开|单独(?:住|隔离)|(?:自己|另)(?:单)?[住过]|单住|视频|打电话|电话里"
)
_KIN_BEHIND = re.compile("的?" + one_of(load("people")["kin"]) + "(?![一-龥]?家)")
_HEARSAY = re.compile("听说|据说|说是|网上|传的")
_TOGETHER = re.compile(r"(?:我们|全家|一家|孩子|俺们|咱们|我和|娘俩|爷俩|一起|一块|同住|在家|住)")


@dataclass(frozen=True, slots=True)
class Met:
    """Contact with somebody of a class; `contact_class` None where 三类人员 as a whole are meant."""

    start: int
    end: int
    contact_class: ContactClass | None
    polarity: Polarity
    own: bool  # the person belongs to the class: 本人是密接
    rule: str
    named: bool


def _sentence(piece: Piece, at: int) -> tuple[int, int]:
    """The sentence of the piece around a place."""
    first, last = max(piece.start, at - LONGEST_REACH), min(piece.end, at + LONGEST_REACH)
    low = max(piece.norm.rfind(mark, first, at) for mark in "。!?\n") + 1
    ends = [found for mark in "。!?\n" if (found := piece.norm.find(mark, at, last)) >= 0]
    return max(low, first), min(ends, default=last)


def _denied(piece: Piece, number: int, start: int, end: int) -> bool:
    """Whether a denial of the clause reaches a description, or stands alone behind it."""
    clause = piece.clauses[number]
    reach = False
    for match in clause.matches("denies", "ends", "nothing"):
        if match.start >= start:
            break
        if match.kind == "denies":
            reach = True
        elif (match.kind == "ends" and match.value not in ("还", "一直", "可", "老", "总")) or match.value.startswith(
            ("不是没", "不是不")
        ):
            reach = False
    if reach:
        return True
    behind = piece.norm[end : clause.end]
    return (
        re.search(
            r"^[^,。]{0,14}?(?:均|都|也|全)?(?:没|未|无|否|不)(?:有|曾)?(?:接触|见过?|来往|沾边|碰)?(?:过)?\s*[\d.]*$",
            behind,
        )
        is not None
        or re.match(r"(?:[:、]|、?[一二三四]类)*\s*(?:均|都|全)?(?:没有?|未|无|不)(?:接触|$)", behind) is not None
    )


def contacts(piece: Piece, trips: list[Journey], who_at: Callable[[int], Who]) -> list[Met]:
    """Whom the piece says that the reported person met, denied contacts included."""
    found: list[Met] = []
    for number, clause in enumerate(piece.clauses):
        if clause.asks:
            continue
        for match in DESCRIBED.found(piece.norm, clause.start, clause.end):
            met = _described(piece, number, match.start, match.end, match.value, match.rule, who_at)
            if met is not None and not supposes(clause, match.start):
                found.append(met)
    for trip in trips:
        met = _travelled(piece, trip, who_at)
        if met is not None:
            found.append(met)
    named = {
        met.contact_class for met in found if met.named and met.contact_class and met.polarity is Polarity.AFFIRMED
    }
    if named:  # the class that a text names stands, whatever else it says
        found = [
            met for met in found if met.named or met.polarity is not Polarity.AFFIRMED or met.contact_class in named
        ]
        found = [met for met in found if met.contact_class is not None]
    elif any(met.contact_class is not None and met.polarity is Polarity.AFFIRMED for met in found):
        found = [met for met in found if met.contact_class is not None]
    return found


def _described(
    piece: Piece, number: int, start: int, end: int, value: str, rule: str, who_at: Callable[[int], Who]
) -> Met | None:
    """A description without a place, or the name of a class."""
    named = rule.startswith("contact.named")
    contact_class = None if value == "whole" else ContactClass(value)
    low, high = _sentence(piece, start)
    clause = piece.clauses[number]
    words = clause.words
    if _denied(piece, number, start, end):
        return Met(start, end, contact_class, Polarity.NEGATED, own=False, rule=rule, named=named)
    who = who_at(start)
    own = (
        re.search(
            r"(?:本人|我|孩子)?(?:属于?|是|为|被(?:定|列|判定)为?)[^,。]{0,4}$", piece.norm[max(low, start - 8) : start]
        )
        is not None
    )
    if own and who in (Who.MEMBER, Who.WE) and not re.search("接触(?:过|了|的)", words):
        return Met(start, end, contact_class, Polarity.AFFIRMED, own=True, rule=rule, named=named)
    about = piece.norm[low:high]
    if named or value == "whole":
        affirmed = named or (
            re.search(r"接触|有|见过|碰|同|一起", words) is not None
            and not re.search("说明|要求|必须|是指|哪|包括|如实|一律", about)
        )
        if not affirmed:
            return None
        return Met(start, end, contact_class, Polarity.AFFIRMED, own=False, rule=rule, named=named)
    before = piece.norm[max(clause.start, start - 12) : start]
    if (
        who is Who.HOUSEHOLD
        and re.search(r"(?:跟|和|与|同|接触过?)[^,。]{0,10}$", before)
        and not _TOGETHER.search(piece.norm[end:high])
    ):
        return None  # second-hand
    if _MEETS_NOT.search(piece.norm[start:high]) or _MEETS_NOT.search(piece.norm[clause.start : start]):
        return None
    if _HEARSAY.search(piece.norm[low:start]):
        return None
    if _APART.search(piece.norm[start:high]) and not _MEETS.search(piece.norm[start:high]):
        return None
    if who is Who.HOUSEHOLD and rule == "contact.case":
        if not re.search(r"(?:是|成了?|为|被[^,。]{0,3}|属于?|判|定|确诊)[^,。]{0,3}$", before):
            return None
        return Met(start, end, contact_class, Polarity.AFFIRMED, own=False, rule=rule, named=named)
    if _MEETS.search(about):
        return Met(start, end, contact_class, Polarity.AFFIRMED, own=False, rule=rule, named=named)
    return None


def _travelled(piece: Piece, trip: Journey, who_at: Callable[[int], Who]) -> Met | None:
    """Somebody else's journey that becomes a contact: a household member who came back, a visitor who was met."""
    who = who_at(trip.start)
    low, high = _sentence(piece, trip.start)
    clause = piece.clauses[trip.clause]
    before = piece.norm[clause.start : trip.start]
    visitor = (
        re.search(r"(?:跟着?|和|与|同|接触过?|见过?了?|有)(?:从|由)?[^,。]{0,8}$", before) is not None
        and re.search(
            r"(?:来|返[回程昌]?|归来)(?:过)?的?(?:人|人员|亲|朋|同|表|堂|大|二|三|老|小|姑|姨|舅|叔|弟|哥|姐|妹|戚)|(?:来|返[回程昌]?)的[一-龥]",
            piece.norm[trip.end : clause.end],
        )
        is not None
    )
    visitor = visitor or _KIN_BEHIND.match(piece.norm, trip.end, clause.end) is not None
    if trip.polarity is Polarity.NEGATED or trip.temporality.value == "hypothetical" or not trip.counts:
        return None
    if who in (Who.MEMBER, Who.WE) and not visitor:
        return None
    kind = {Where.RISK: ContactClass.ONE, Where.AWAY: ContactClass.THREE, Where.CITY: ContactClass.OUTSIDER}[trip.where]
    rest = piece.norm[trip.end : high]
    if _HEARSAY.search(piece.norm[low : trip.start]) or (_APART.search(rest) and not _MEETS.search(rest)):
        return None
    if _MEETS_NOT.search(rest) or (visitor and _MEETS_NOT.search(before)):
        return None
    came = trip.came_back or re.search(r"回来|返回|回家|到家|回[昌家县本]", rest) is not None
    if who is Who.HOUSEHOLD and not visitor:
        if not came or trip.where is Where.CITY or re.search(r"没回|未回|没有回|还没|在外", rest):
            return None
        return Met(
            trip.start, trip.end, kind, Polarity.AFFIRMED, own=False, rule="contact.household_returned", named=False
        )
    if who is Who.HOUSEHOLD and visitor and not _TOGETHER.search(rest):
        return None
    if visitor or (came and _MEETS.search(piece.norm[low:high])):
        return Met(trip.start, trip.end, kind, Polarity.AFFIRMED, own=False, rule="contact.visitor", named=False)
    return None

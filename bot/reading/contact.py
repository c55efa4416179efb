# ruff: noqa: E501 -- a row of a rule is read as one line
"""Contact: with whom of the three classes, or from outside, the reported person has been together."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.reading.context import supposes
from bot.reading.piece import LONGEST_REACH, Clause, Piece
from bot.reading.place import Where
from bot.reading.rules import Match, Rule, Rules
from bot.reading.subject import Who
from bot.reading.travel import Journey
from bot.reading.words import load, one_of
from models.vocabulary import ContactClass, Polarity, Temporality

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
_BELONGS = re.compile(r"(?:本人|我|孩子)?(?:属于?|是|为|被(?:定|列|判定)为?)[^,。]{0,4}$")
_BELONGS_WITHIN = 8  # letters from 本人属于 to the class
_HAS_MET = re.compile("接触(?:过|了|的)")
_TOUCHES = re.compile(r"接触|有|见过|碰|同|一起")
_EXPLAINS = re.compile("说明|要求|必须|是指|哪|包括|如实|一律")
_WITH = re.compile(r"(?:跟|和|与|同|接触过?)[^,。]{0,10}$")
_IS_CASE = re.compile(r"(?:是|成了?|为|被[^,。]{0,3}|属于?|判|定|确诊)[^,。]{0,3}$")
_BEFORE = 12  # letters before a description that say with whom, or who is one
_WITH_VISITOR = re.compile(r"(?:跟着?|和|与|同|接触过?|见过?了?|有)(?:从|由)?[^,。]{0,8}$")
_VISITOR_BEHIND = re.compile(
    r"(?:来|返[回程昌]?|归来)(?:过)?的?(?:人|人员|亲|朋|同|表|堂|大|二|三|老|小|姑|姨|舅|叔|弟|哥|姐|妹|戚)|(?:来|返[回程昌]?)的[一-龥]"
)
_CAME_HOME = re.compile(r"回来|返回|回家|到家|回[昌家县本]")
_STILL_AWAY = re.compile(r"没回|未回|没有回|还没|在外")
_CLASS_OF = {Where.RISK: ContactClass.ONE, Where.AWAY: ContactClass.THREE, Where.CITY: ContactClass.OUTSIDER}
"""The class of whoever comes from a place."""
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
            met = _described(piece, number, match, who_at(match.start))
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


def _described(piece: Piece, number: int, match: Match, who: Who) -> Met | None:
    """A description without a place, or the name of a class, as a contact of whom the text speaks there."""
    clause = piece.clauses[number]
    named = match.rule.startswith("contact.named")
    polarity, own = Polarity.AFFIRMED, False
    if _denied(piece, number, match.start, match.end):
        polarity = Polarity.NEGATED
    elif _belongs(piece, clause, match, who):
        own = True
    elif not named and not _is_met(piece, clause, match, who):
        return None
    contact_class = None if match.value == "whole" else ContactClass(match.value)
    return Met(match.start, match.end, contact_class, polarity, own=own, rule=match.rule, named=named)


def _belongs(piece: Piece, clause: Clause, match: Match, who: Who) -> bool:
    """Whether the reported person is of the class: 本人是密接."""
    low, _ = _sentence(piece, match.start)
    before = piece.norm[max(low, match.start - _BELONGS_WITHIN) : match.start]
    return who in (Who.MEMBER, Who.WE) and _BELONGS.search(before) is not None and _HAS_MET.search(clause.words) is None


def _is_met(piece: Piece, clause: Clause, match: Match, who: Who) -> bool:
    """Whether the sentence says that whom it describes was met, by the person or by somebody of the household."""
    low, high = _sentence(piece, match.start)
    about = piece.norm[low:high]
    if match.value == "whole":
        return _TOUCHES.search(clause.words) is not None and not _EXPLAINS.search(about)
    before = piece.norm[max(clause.start, match.start - _BEFORE) : match.start]
    is_second_hand = (
        who is Who.HOUSEHOLD and _WITH.search(before) and not _TOGETHER.search(piece.norm[match.end : high])
    )
    if is_second_hand or _MEETS_NOT.search(piece.norm[clause.start : match.start]):
        return False
    if _HEARSAY.search(piece.norm[low : match.start]) or _kept_away(piece.norm[match.start : high]):
        return False
    if who is Who.HOUSEHOLD and match.rule == "contact.case":
        return _IS_CASE.search(before) is not None
    return _MEETS.search(about) is not None


def _kept_away(rest: str) -> bool:
    """Whether the rest of a sentence says that nobody was met: 没接触, 直接住宾馆."""
    return _MEETS_NOT.search(rest) is not None or (_APART.search(rest) is not None and not _MEETS.search(rest))


def _travelled(piece: Piece, trip: Journey, who_at: Callable[[int], Who]) -> Met | None:
    """Somebody else's journey that becomes a contact: a household member who came back, a visitor who was met."""
    if trip.polarity is Polarity.NEGATED or trip.temporality is Temporality.HYPOTHETICAL or not trip.counts:
        return None
    who = who_at(trip.start)
    visitor = _is_visitor(piece, trip)
    if who in (Who.MEMBER, Who.WE) and not visitor:
        return None
    low, high = _sentence(piece, trip.start)
    before, rest = piece.norm[piece.clauses[trip.clause].start : trip.start], piece.norm[trip.end : high]
    if _HEARSAY.search(piece.norm[low : trip.start]) or _kept_away(rest):
        return None
    if visitor and _MEETS_NOT.search(before):
        return None
    came = trip.came_back or _CAME_HOME.search(rest) is not None
    if who is Who.HOUSEHOLD and not visitor:
        rule = "contact.household_returned"
        is_contact = came and trip.where is not Where.CITY and not _STILL_AWAY.search(rest)
    else:
        rule = "contact.visitor"
        met = came and _MEETS.search(piece.norm[low:high]) is not None
        is_contact = (who is not Who.HOUSEHOLD or _TOGETHER.search(rest) is not None) if visitor else met
    if not is_contact:
        return None
    return Met(trip.start, trip.end, _CLASS_OF[trip.where], Polarity.AFFIRMED, own=False, rule=rule, named=False)


def _is_visitor(piece: Piece, trip: Journey) -> bool:
    """Whether a journey is that of somebody who was met: 跟武汉回来的表哥."""
    clause = piece.clauses[trip.clause]
    behind = piece.norm[trip.end : clause.end]
    is_with = _WITH_VISITOR.search(piece.norm[clause.start : trip.start]) is not None
    return (is_with and _VISITOR_BEHIND.search(behind) is not None) or (
        _KIN_BEHIND.match(piece.norm, trip.end, clause.end) is not None
    )

"""Which numbers of a piece are temperatures, whose, and of which day."""

import itertools
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from bot.reading.context import supposes
from bot.reading.day import DayWord, Sort
from bot.reading.experiencer import Experiencers
from bot.reading.piece import Piece
from bot.reading.reported import DayWords
from bot.reading.scene import Member
from bot.reading.subject import Subject, Who
from bot.reading.temperature import FEVER as FEVER_FROM, Measured
from models.vocabulary import Temporality

_NOT_LISTED = frozenset(["我俩", "我们", "我们俩", "咱俩", "孩子", "学生"])
_IN_BRACKETS = re.compile(
    r"\s*+(?:°C|度|°)?\s*+\(\s*+(孩子?|娃|本人|学生|父亲?|母亲?|爸爸?|妈妈?|爷爷?|奶奶?|姥姥?|我|家长|哥哥?|弟弟?|姐姐?|妹妹?)[^)]{0,4}\)"
)
_BRACKETS_WITHIN = 12  # letters behind a reading in which brackets say whose it is
_NEAR_PERSON = 14  # letters from a word for a person to a reading of theirs in the same clause
_BESIDE_PERSON = 4  # the same, anywhere
_FEVERISH = re.compile(r"发?烧|热|退")
_ASKS_ABOUT = re.compile(r"算|多少度|几度|是不是|正常吗|要紧吗|行吗|\?")
_ASKS_LIMIT = re.compile("算|几度|多少度|才")
_UNKNOWN = re.compile(r"(?:是不是|多少|不是)$")
_IF = re.compile(r"如|若|要是|万一|怕|一旦|等")
_MISWRITTEN = re.compile(r"量谁都|谁都|改成|那个$|写成|报成|打成")
_OTHER_UNIT = re.compile(r"[\d号班栋楼年级岁人]")
_MEASURES = ("体温", "温度", "测温", "烧", "量", "量了", "量的", "是", "还", "今天", "早", "晚", "午")
_NAME_ALONE = re.compile(r"\s*+(?:\d{1,3}[.、\s]*+)?[一-龥]{2,4}")
_JOINS_READINGS = re.compile(r"[\s、,/和°度C]*")
_JOINS_PERSONS = re.compile(r"[、,\s和与跟及]*")
_NORMAL_NOW = re.compile(
    r"退|今[天早晨日儿]?[^,。]{0,6}(?:正常|好了|没事|不烧)|现在[^,。]{0,6}(?:正常|好|没事|不烧)|好了"
)
_BEFORE = 8  # letters before a reading in which 那个 says that it is an old one


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a temperature is."""

    who: Who
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class OwnReading:
    """A temperature with its owner, the earlier day that it reports on (None: today), and when it held."""

    measured: Measured
    owner: Owner
    day: date | None
    temporality: Temporality


def readings_of(piece: Piece, experiencers: Experiencers, days: DayWords) -> list[OwnReading]:
    """The temperatures that the piece states as somebody's reading, in order."""
    readings = _readings(piece)
    listed = _owners_of_lists(piece, experiencers.subjects, readings)
    governing = [days.governing(m.start) for m in readings]
    has_todays = any(day is None or day.day >= piece.today for day in governing)
    found = []
    for m, word in zip(readings, governing, strict=True):
        owner = listed.get(id(m)) or _owner(experiencers, m, readings)
        day, temporality = (None, Temporality.NOW) if word is None else _held(m, word, days, has_todays=has_todays)
        found.append(OwnReading(m, owner, day, temporality))
    return found


def implausible(piece: Piece) -> list[Measured]:
    """The impossible numbers that stand where a reading stands, in order; none where the piece has a possible one."""
    impossible = [m for m in _numbers(piece) if not m.plausible]
    if not impossible or any(m.plausible and not _no_reading(piece, m) for m in _numbers(piece)):
        return []
    return [m for m in impossible if _stands_as_reading(piece, m)]


def _numbers(piece: Piece) -> list[Measured]:
    return [m for clause in piece.clauses for m in clause.of(Measured)]


def _readings(piece: Piece) -> list[Measured]:
    """The numbers that are readings, in order: possible, and neither asked for nor supposed."""
    found = [m for m in _numbers(piece) if m.plausible and not _no_reading(piece, m)]
    if any(m.explicit for m in found):
        found = [m for m in found if m.explicit or _stands_as_reading(piece, m)]
    if len(found) > 1 and any(clause.matches("false_alarm") for clause in piece.clauses):
        found = [m for m in found if m.celsius < FEVER_FROM]
    return found


def _no_reading(piece: Piece, m: Measured) -> bool:
    """Whether a temperature is asked for, supposed, or named as an error."""
    clause = piece.clause_at(m.start)
    if clause is None:
        return True
    words = clause.words
    if clause.asks and _ASKS_ABOUT.search(words + clause.closes) and _ASKS_LIMIT.search(words):
        return True
    before = piece.norm[clause.start : m.start]
    if _UNKNOWN.search(before) or _MISWRITTEN.search(before):
        return True
    return supposes(clause, m.start) and _IF.search(before) is not None


def _stands_as_reading(piece: Piece, m: Measured) -> bool:
    """Whether a bare or impossible number stands where a reading stands: behind a name or 体温, or alone."""
    before = piece.norm[piece.start : m.start].rstrip(" :,、。是为/|-(")
    if _OTHER_UNIT.match(piece.norm, m.end):
        return False
    if not before or before.endswith(_MEASURES) or _NAME_ALONE.fullmatch(before):
        return True
    return any(
        mention.start < m.start and len(before) + piece.start <= mention.relation_end for mention in piece.mentions
    )


def _owners_of_lists(piece: Piece, subjects: list[Subject], readings: list[Measured]) -> Mapping[int, Owner]:
    """By id(), the owners of readings in the order of persons listed before: 那雯雯、妈妈、爸爸：36.3、36.4、36.6."""
    owners: dict[int, Owner] = {}
    listable = [one for one in subjects if one.word not in _NOT_LISTED]
    for run in _runs(piece, readings):
        number = bisect_right(listable, run[0].start, key=attrgetter("end"))
        people = listable[max(0, number - len(run)) : number]
        if len(run) > 1 and len(people) == len(run) and _is_list(piece, people, run[0], readings):
            owners |= {id(m): Owner(one.who, one.members) for m, one in zip(run, people, strict=True)}
    return owners


def _runs(piece: Piece, readings: list[Measured]) -> list[list[Measured]]:
    """The readings with nothing but separators between them, together."""
    runs: list[list[Measured]] = []
    for m in readings:
        if runs and _JOINS_READINGS.fullmatch(piece.norm, runs[-1][-1].end, m.start):
            runs[-1].append(m)
        else:
            runs.append([m])
    return runs


def _is_list(piece: Piece, people: list[Subject], first: Measured, readings: list[Measured]) -> bool:
    """Whether these persons stand as a list, with no reading between them and the first one."""
    if any(people[0].start < m.start < first.start for m in readings):
        return False
    return all(_JOINS_PERSONS.fullmatch(piece.norm[a.end : b.start]) for a, b in itertools.pairwise(people))


def _owner(experiencers: Experiencers, m: Measured, readings: list[Measured]) -> Owner:
    """Whose a reading is: of whom brackets behind it say, else of whom the text speaks there."""
    norm = experiencers.piece.norm
    bracketed = _IN_BRACKETS.match(norm[m.end : m.end + _BRACKETS_WITHIN])
    if bracketed:
        who = Who.MEMBER if bracketed[1][0] in "孩娃本学" else Who.HOUSEHOLD
        return Owner(who, experiencers.members_at(m.start))
    subject = experiencers.subject_at(m.start)
    if subject is not None and subject.who is Who.WE:
        return Owner(Who.MEMBER, ())
    if subject is None or subject.who is Who.MEMBER:
        if subject is not None and subject.me and subject.members:
            return Owner(Who.MEMBER, subject.members)
        return Owner(Who.MEMBER, experiencers.members_at(m.start))
    return _owner_beside(experiencers, subject, m, readings)


def _owner_beside(experiencers: Experiencers, subject: Subject, m: Measured, readings: list[Measured]) -> Owner:
    """Whose a reading is behind a word for somebody else: theirs where it is near, else the reported person's."""
    piece = experiencers.piece
    theirs = Owner(subject.who, subject.members)
    between = piece.norm[subject.end : m.start]
    others = any(r is not m and experiencers.who_at(r.start) is Who.MEMBER for r in readings)
    clause = piece.clause_at(m.start)
    if clause is not None and clause.start <= subject.start and len(between) <= _NEAR_PERSON:
        speaks_for = subject.named and subject.who is Who.HOUSEHOLD and not others
        return Owner(Who.MEMBER, subject.members) if speaks_for and not between.strip(" :,是量的体温") else theirs
    if others or len(between) <= _BESIDE_PERSON or _FEVERISH.search(between):
        return theirs
    return Owner(Who.MEMBER, experiencers.members_at(m.start))


def _held(m: Measured, day: DayWord, days: DayWords, *, has_todays: bool) -> tuple[date | None, Temporality]:
    """The earlier day that a reading reports on, and whether it is a state that is over.

    `day` governs the reading; `has_todays`: the piece has a reading of today.
    """
    piece = days.piece
    if day.sort is Sort.TODAY or day.day >= piece.today:
        return None, Temporality.NOW
    before = piece.norm[max(piece.start, m.start - _BEFORE) : m.start]
    if "那个" in before or (before[-1:] == "是" and "那" in before):
        return None, Temporality.PAST
    if _is_report(m, day, days):
        return day.day, Temporality.NOW
    is_over = has_todays or _NORMAL_NOW.search(piece.norm, m.end, piece.end) is not None
    return None, Temporality.PAST if is_over else Temporality.NOW


def _is_report(m: Measured, day: DayWord, days: DayWords) -> bool:
    """Whether a reading with a day word is the report of that day, and not how somebody's illness went."""
    if day.sort is Sort.RELATIVE:
        return days.is_late or m.celsius < FEVER_FROM
    return day.sort is Sort.DATE or (day.sort is Sort.NIGHT and "补" in days.piece.whole())

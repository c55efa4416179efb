"""Places: which division a text names, and how far from home it is."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from tomllib import loads
from typing import cast

from bot.reading.normalise import normalise
from bot.reading.scene import Setting


class Level(StrEnum):
    """What kind of division a place is."""

    COUNTRY = "country"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


class Where(StrEnum):
    """Where a place lies, seen from home."""

    HOME = "home"  # in the home county, or a name that holds it
    CITY = "city"  # in the home city, outside the home county
    AWAY = "away"  # outside the home city
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class Place:
    """An administrative division."""

    name: str
    level: Level
    city: str  # "" for a city, a province and what stands directly under one
    province: str


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A way of writing a place; a weak one is also a word, or the bare name of a far county."""

    place: Place
    letters: str
    weak: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A place in a text."""

    start: int
    end: int
    place: Place
    where: Where


_TEXT = files("bot.reading.words")
_LISTS = loads((_TEXT / "places.toml").read_text(encoding="utf-8"))
_WEAK = frozenset(_LISTS["weak"]["words"])
_BEHIND = tuple(_LISTS["not"]["behind"])
_BEFORE = tuple(_LISTS["not"]["before"])
_SUFFIXES = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "新区",
    "地区",
    "林区",
    "省",
    "市",
    "县",
    "区",
    "盟",
    "旗",
)
_PEOPLES = [
    "满族",
    "回族",
    "蒙古族",
    "朝鲜族",
    "土家族",
    "苗族",
    "壮族",
    "侗族",
    "瑶族",
    "藏族",
    "羌族",
    "彝族",
    "白族",
    "傣族",
    "景颇族",
    "哈尼族",
    "傈僳族",
    "佤族",
    "拉祜族",
    "纳西族",
    "布朗族",
    "独龙族",
    "怒族",
    "普米族",
    "黎族",
    "畲族",
    "水族",
    "布依族",
    "仡佬族",
    "仫佬族",
    "毛南族",
    "各族",
    "达斡尔族",
    "鄂温克族",
    "鄂伦春族",
    "锡伯族",
    "哈萨克族?",
    "柯尔克孜族?",
    "塔吉克族?",
    "维吾尔族?",
    "土族",
    "撒拉族",
    "保安族",
    "东乡族",
    "裕固族",
    "俄罗斯族",
    "哈萨克",
    "蒙古",
]


_SHORTEST = 2  # letters of a name that stands for a place by itself


@cache
def bare(name: str) -> str:
    """A division's name as people say it: 沈阳市 -> 沈阳, 本溪满族自治县 -> 本溪."""
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= _SHORTEST:
            name = name[: -len(suffix)]
            break
    shorter = True
    while shorter:
        shorter = False
        for people in _PEOPLES:
            if name.endswith(people) and len(name) - len(people) >= _SHORTEST:
                name, shorter = name[: -len(people)], True
    return name


@cache
def divisions() -> tuple[Place, ...]:
    """All divisions, and the countries."""
    with (_TEXT / "divisions.csv").open(encoding="utf-8") as lines:
        rows = [Place(row["name"], Level(row["level"]), row["city"], row["province"]) for row in csv.DictReader(lines)]
    return tuple(rows) + tuple(Place(name, Level.COUNTRY, "", "") for name in cast("list[str]", _LISTS["countries"]))


class Gazetteer:
    """The places as they are read in a county: its own names come first."""

    def __init__(self, setting: Setting) -> None:
        """Index all names for the setting's home."""
        self.county, self.city, self.province = (
            normalise(name).norm for name in (setting.home_county, setting.home_city, setting.home_province)
        )
        self.risk = tuple(bare(normalise(area).norm) for area in setting.risk_areas)
        best: dict[str, tuple[int, PlaceName]] = {}
        for place in divisions():
            near = bare(place.city) == bare(self.city) or place.name == self.city
            self._offer(best, place.name, place, self._rank(place, is_full=True), weak=False)
            short = bare(place.name)
            if short != place.name and len(short) >= _SHORTEST:
                far = place.level is Level.COUNTY and not near
                self._offer(best, short, place, self._rank(place, is_full=False), weak=far or short in _WEAK)
        by_name = {place.name: place for place in divisions()}
        for short, name in _LISTS["short"].items():
            if name in by_name:
                self._offer(best, short, by_name[name], 0, weak=False)
        home = Place(self.county, Level.COUNTY, self.city, self.province)
        self._offer(best, self.county, home, -1, weak=False)
        self._offer(best, bare(self.county), home, 3, weak=False)
        self._offer(best, self.city, Place(self.city, Level.CITY, "", self.province), -1, weak=False)
        self._by_first: dict[str, list[PlaceName]] = {}
        for _, name in sorted(best.values(), key=lambda entry: -len(entry[1].letters)):
            self._by_first.setdefault(name.letters[0], []).append(name)

    def _offer(
        self, best: dict[str, tuple[int, PlaceName]], letters: str, place: Place, rank: int, *, weak: bool
    ) -> None:
        if letters not in best or rank < best[letters][0]:
            best[letters] = (rank, PlaceName(place, letters, weak))

    def _rank(self, place: Place, *, is_full: bool) -> int:
        """Which of several divisions of one name is meant: the smallest rank."""
        if place.level is Level.COUNTY:
            if place.name == self.county and bare(place.city) == bare(self.city):
                return 0 if is_full else 3
            if bare(place.city) == bare(self.city):
                return 1 if is_full else 4
            return (2 if is_full else 5) if place.province == self.province else 6
        return 1 if place.level is Level.CITY else 2

    def where(self, place: Place) -> Where:
        """Where a place lies, seen from home."""
        names = {bare(name) for name in (place.name, place.city, place.province) if name}
        short, county, city = bare(place.name), bare(self.county), bare(self.city)
        if place.level is Level.COUNTY and short == county and bare(place.city) in ("", city):
            return Where.HOME
        if any(area in names for area in self.risk):
            return Where.RISK
        if place.level is Level.PROVINCE and short == bare(self.province) and short != city:
            return Where.HOME
        if place.level is Level.CITY and short == city:
            return Where.HOME if self.county.endswith("区") else Where.CITY
        return Where.CITY if bare(place.city) == city else Where.AWAY

    def names_at(self, norm: str, position: int, end: int) -> PlaceName | None:
        """The longest name of a place that stands at a position."""
        for name in self._by_first.get(norm[position], ()):
            if position + len(name.letters) <= end and norm.startswith(name.letters, position):
                return name
        return None


@lru_cache(maxsize=64)
def gazetteer(setting: Setting) -> Gazetteer:
    """The places as they are read under a setting."""
    return Gazetteer(setting)


_MOVES = re.compile(
    r"(?:去了?趟?|去过|到过?|到了|在|从|由|自|打|回|返|往|赴|上|来自|离开|经|住|人在|进过|去的|到的|飞|过了?)(?:了|过|湖北|趟)?$"
)
_MOVED = re.compile(
    r"\s*(?:[大二三老小]?[姨姑舅叔]|市里|市区|县|市|回来|返|来的|回的|过年|上班|打工|老家|出差|旅游|姥|奶|亲戚|这边|那边|待|住|读书|上学|旅居|自驾)"
)


def _sure(norm: str, start: int, end: int, low: int, high: int, *, follows: bool) -> bool:
    """Whether a weak name stands where only a place would."""
    if follows or _MOVES.search(norm, max(low, start - 5), start):
        return True
    return _MOVED.match(norm, end, high) is not None


def _excluded(norm: str, name: PlaceName, start: int, end: int, low: int) -> bool:
    if name.letters == name.place.name and norm.startswith(("加油", "疫情", "医疗队"), end):
        return True
    if name.letters != name.place.name and norm.startswith(_BEHIND, end):
        return True
    return start > low and norm[start - 1] in _BEFORE and norm.startswith(("镇", "乡", "村", "屯"), end)


def places(norm: str, start: int, end: int, setting: Setting) -> Iterator[Found]:
    """The places that a text names, in order; of names that follow each other (辽源东丰) the finest alone."""
    index = gazetteer(setting)
    position, pending = start, None
    while position < end:
        name = index.names_at(norm, position, end)
        if name is None:
            position += 1
            continue
        stop = position + len(name.letters)
        follows = pending is not None and norm[pending.end : position].strip("市省县区的 ") == ""
        weak = name.weak and not _sure(norm, position, stop, start, end, follows=follows)
        if weak or _excluded(norm, name, position, stop, start):
            position = stop if not weak else position + 1
            continue
        found = Found(position, stop, name.place, index.where(name.place))
        if pending is not None and not (follows and _within(found.place, pending.place)):
            yield pending
        elif pending is not None:
            found = Found(pending.start, stop, name.place, found.where)
        pending = found
        position = stop
    if pending is not None:
        yield pending


def _within(inner: Place, outer: Place) -> bool:
    return outer.level is not Level.COUNTY and (bare(outer.name) in (bare(inner.city), bare(inner.province)))

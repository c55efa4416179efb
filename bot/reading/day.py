"""Days: what 昨天, 18号, 正月初六 and 去年 mean on the day of a message."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from lunardate import LunarDate


class Sort(StrEnum):
    """How a text names a day."""

    TODAY = "today"
    RELATIVE = "relative"  # 昨天, 前天
    NIGHT = "night"  # 昨晚, 昨夜: part of a day, mostly told as a state, not as a report
    DATE = "date"  # 2月18日, 18号, 周一
    SPAN = "span"  # 去年, 12月份, 暑假, 上周: its last day


@dataclass(frozen=True, slots=True)
class DayWord:
    """A day in a text."""

    start: int
    end: int
    day: date
    sort: Sort


_HAN = {letter: number for number, letter in enumerate("〇一二三四五六七八九十")} | {
    "零": 0,
    "两": 2,
    "正": 1,
    "冬": 11,
    "腊": 12,
}
_PATTERN = re.compile(
    r"(?P<ymd>(?:20\d\d\s*[年.-]\s*)?(?<![\d.])(?:1[0-2]|0?[1-9])\s*月\s*(?:3[01]|[12]\d|0?[1-9])(?!\d)\s*[日号]?)"
    r"|(?P<dot>(?<![\d.])(?:1[0-2]|0?[1-9])[.]\s?(?:3[01]|[12]\d|0?[1-9])(?![\d.度°])(?=[日号]|的|去|从|到|回|返|起|就|放|晚|早|\s*体温|\s+3[4-9]|\s*[:]\s*3[4-9]))"
    r"|(?P<month>(?:去年)?(?<!\d)(?:1[0-2]|0?[1-9])月份?(?![\d\s]*[日号\d]))"
    r"|(?P<number>(?<![\d.])(?:3[01]|[12]\d|[1-9])[号日](?=$|[\s,:;。的去从到回返起晚早上下中体我也补都正是就在]|\d\d[.度]|[(]))"
    r"|(?P<lunar>(?:(?:农历|阴历)?(?P<lm>正|腊|冬|[二三四五六七八九十])月\s*|大年|年)?(?:(?P<ld>初[一二三四五六七八九十]|(?<=月)(?:十[一二三四五六七八九]?|廿[一二三四五六七八九]?|二十[一二三四五六七八九]?|三十))|(?<=腊月)(?:二十|三十)[一二三四五六七八九]?|(?<=年)三十)|除夕)(?![\d级班年中高一二三四五六七八九度点]|\([\d一二三四五六])"
    r"|(?P<week>(?:上上?个?|这个?|本)?(?:周|星期|礼拜)[一二三四五六日天1-6](?!下|早|晚|午|节课)?)"
    r"|(?P<word>大前天|前天|前日|前晚|前儿个?|昨天(?:晚上?|夜里|半夜|下午|傍晚)|昨晚上?|昨夜|昨儿?个?(?:晚上?|夜里)|昨天|昨日|昨儿个?|昨个儿?|昨(?=\d)"
    r"|今天|今日|今早|今晨|今儿个?|今个儿?|今晚|今(?=\d|体温)|去年|前年|元旦|国庆节?|十一(?:假期|长假|那|期间|去)|暑假|上学期|寒假前|放假前|(?<![度点十.。])五一|清明|端午|中秋|上个?月|上周(?![一二三四五六日天])|上礼拜(?![一二三四五六日天])|上星期(?![一二三四五六日天])|前几天|前两天|前些天|前阵子|前段时间)"
)
_FIRST_OF = {
    "元旦": (1, 3),
    "国庆": (10, 7),
    "国庆节": (10, 7),
    "十一": (10, 7),
    "暑假": (8, 31),
    "五一": (5, 5),
    "清明": (4, 6),
    "上学期": (1, 10),
    "端午": (6, 25),
    "中秋": (9, 30),
}


def _han(number: str) -> int:
    """The value of 十六, 廿九, 三十."""
    number = number.replace("廿", "二十").removeprefix("初")
    if "十" in number:
        tens, _, ones = number.partition("十")
        return (_HAN[tens] if tens else 1) * 10 + (_HAN[ones] if ones else 0)
    return _HAN[number]


def _latest(month: int, day: int, today: date) -> date | None:
    """The latest such day that is not after tomorrow."""
    for year in (today.year, today.year - 1):
        try:
            some = date(year, month, day)
        except ValueError:  # 2月30日
            continue
        if some <= today + timedelta(days=1):
            return some
    return None


@lru_cache(maxsize=4096)
def _lunar(month: int, day: int, today: date) -> date | None:
    """The latest day of the lunar calendar with this month and day that is not after today."""
    for year in (today.year, today.year - 1):
        try:
            some: date = LunarDate(year, month, min(day, 30)).to_solar_date()
        except ValueError:  # a month of 29 days: 三十 is meant as its last
            try:
                some = LunarDate(year, month, 29).to_solar_date()
            except ValueError:
                continue
        if some <= today:
            return some
    return None


def _end_of(month: int, today: date) -> date | None:
    """The last day of the latest such month that has begun."""
    year = today.year if month <= today.month else today.year - 1
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return first_of_next - timedelta(days=1)


_BEFORE_YESTERDAY = frozenset(["前天", "前日", "前儿", "前儿个"])


def _of_word(word: str, today: date) -> tuple[date | None, Sort]:
    """The day of 昨晚, 前天, 国庆节, and how it names it."""
    if word.startswith("今"):
        return today, Sort.TODAY
    if word.startswith(("昨", "前晚")):
        back = 2 if word.startswith("前") else 1
        night = any(part in word for part in ("晚", "夜", "下午", "傍"))
        return today - timedelta(days=back), Sort.NIGHT if night else Sort.RELATIVE
    if word.startswith("大前天"):
        return today - timedelta(days=3), Sort.RELATIVE
    if word in _BEFORE_YESTERDAY:
        return today - timedelta(days=2), Sort.RELATIVE
    return _of_span(word, today), Sort.SPAN


def _of_span(word: str, today: date) -> date | None:
    """The last day of 去年, 暑假, or one within 上周, 前几天."""
    if word.startswith(("前年", "去年")):
        return date(today.year - (2 if word.startswith("前") else 1), 12, 31)
    if word.startswith(("上周", "上礼拜", "上星期", "前几", "前两", "前些", "前阵", "前段")):
        return today - timedelta(days=3)
    if word.startswith(("上月", "上个月")):
        return today.replace(day=1) - timedelta(days=1)
    return next((_latest(*last, today) for name, last in _FIRST_OF.items() if word.startswith(name)), None)


def _of_week(word: str, today: date) -> date:
    number = word[-1]
    weekday = "一二三四五六日".find(number.replace("天", "日")) if not number.isdigit() else int(number) - 1
    back = (today.weekday() - weekday) % 7
    if word.startswith("上") and back < today.weekday() + 1:
        back += 7
    return today - timedelta(days=back)


def _of_lunar(match: re.Match[str], today: date) -> date | None:
    words = match["lunar"]
    if "除夕" in words or words.endswith("年三十"):
        eve = _lunar(1, 1, today)
        next_eve = LunarDate(today.year, 1, 1).to_solar_date() - timedelta(days=1)
        return next_eve if next_eve <= today else (eve - timedelta(days=1) if eve else None)
    month = _HAN[match["lm"]] if match["lm"] else 1
    day = match["ld"] or words.partition("月")[2]
    return _lunar(month, _han(day), today) if day else None


_YEAR_MONTH_DAY = 3  # numbers of a date that names its year


def _of_date(match: re.Match[str], today: date) -> date | None:
    numbers = [int(number) for number in re.findall(r"\d+", match[0])]
    if len(numbers) == _YEAR_MONTH_DAY:
        try:
            return date(numbers[0], numbers[1], numbers[2])
        except ValueError:  # 2020年2月30日
            return None
    return _latest(numbers[0], numbers[1], today)


def _of_number(match: re.Match[str], today: date) -> date | None:
    number = int(match["number"][:-1])
    for back in range(31):
        some = today - timedelta(days=back)
        if some.day == number:
            return some
    return None


_SENTENCE_END = re.compile(r"[。!?\n]")


def _month(match: re.Match[str]) -> int:
    """The number of the month that is named without a day: 1月份."""
    return int(re.sub(r"\D", "", match["month"]))


def _of_month(match: re.Match[str], today: date) -> date | None:
    """The last day of a month that is named without a day: 1月份, 去年12月."""
    day = _end_of(_month(match), today)
    if day is not None and match["month"].startswith("去年") and day.year == today.year:
        return day.replace(year=today.year - 1, day=28)
    return day


def _of_day_number(norm: str, match: re.Match[str], said: re.Match[str] | None, today: date) -> date | None:
    """The day of 18号: in the month that the sentence named before, else the latest such day."""
    if said is not None and not _SENTENCE_END.search(norm, said.end(), match.start()):
        in_month = _latest(_month(said), int(match["number"][:-1]), today)
        if in_month is not None:
            return in_month
    return _of_number(match, today)


def _of_match(norm: str, match: re.Match[str], said: re.Match[str] | None, today: date) -> tuple[date | None, Sort]:
    """The day that a match names, and how; `said`: the month that was named last."""
    if match["word"]:
        return _of_word(match["word"], today)
    if match["week"]:
        return _of_week(match["week"], today), Sort.DATE
    if match["lunar"]:
        return _of_lunar(match, today), Sort.SPAN
    if match["month"]:
        return _of_month(match, today), Sort.SPAN
    if match["number"]:
        return _of_day_number(norm, match, said, today), Sort.DATE
    return _of_date(match, today), Sort.DATE


def _is_school_form(norm: str, match: re.Match[str]) -> bool:
    """Whether 初三 stands in brackets, 姐姐(初三): a form of the middle school, no day."""
    is_bracketed = norm[match.start() - 1 : match.start()] == "(" and norm[match.end() : match.end() + 1] == ")"
    return is_bracketed and bool(match["lunar"]) and not match["lm"]


def days(norm: str, start: int, end: int, today: date) -> Iterator[DayWord]:
    """The days that a text names, in order, seen from `today`."""
    said: re.Match[str] | None = None  # the month that was named last
    for match in _PATTERN.finditer(norm, start, end):
        said = match if match["month"] else said
        if _is_school_form(norm, match):
            continue
        day, sort = _of_match(norm, match, said, today)
        if day is not None and match.lastgroup is not None:
            yield DayWord(match.start(), match.end(), day, sort if day != today else Sort.TODAY)

# ruff: noqa: E501 -- a row of a rule is read as one line
"""Temperatures: the notations in which people write what the thermometer says, and the numbers that are none."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

LOWEST, HIGHEST = Decimal("34.0"), Decimal("43.0")  # beyond these nobody alive is measured: a slip of the finger
FEVER = Decimal("37.3")  # 新型冠状病毒肺炎防控方案: 体温 >= 37.3 is fever


@dataclass(frozen=True, slots=True)
class Notation:
    """One way of writing a temperature."""

    id: str
    pattern: str  # without named groups
    celsius: Callable[[str], Decimal]
    reads: str
    leaves: str


@dataclass(frozen=True, slots=True)
class Measured:
    """A number that stands for a temperature; implausible where no thermometer shows it."""

    start: int
    end: int
    celsius: Decimal
    rule: str
    explicit: bool  # with a unit or a part after the point: more than a bare 37
    plausible: bool = True


_HAN = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "两": 2,
    "半": 5,
}


def _digits(written: str) -> Decimal:
    numbers = re.findall(r"\d+", written)
    if len(numbers) == 1:
        return Decimal(numbers[0]) + (Decimal("0.5") if "半" in written else 0)
    return Decimal(f"{numbers[0]}.{numbers[1]}")


def _no_point(written: str) -> Decimal:
    return Decimal(re.sub(r"\D", "", written)) / 10


def _mixed(written: str) -> Decimal:
    """36度五, 36点6."""
    return Decimal(re.findall(r"\d+", written)[0]) + Decimal(_HAN[written[-1]]) / 10


def _han(written: str) -> Decimal:
    """三十六度五, 三六点五, 三十七度."""
    whole, _, part = re.sub("[度点°.]", "|", written).partition("|")
    tens, _, ones = whole.partition("十")
    if not _:
        tens, ones = whole[0], whole[1:2]
        part = part or whole[2:3]
    elif len(ones) > 1:
        ones, part = ones[0], part or ones[1]
    number = _HAN[tens] * 10 + (_HAN[ones] if ones else 0)
    fraction = "".join(str(_HAN[letter]) for letter in part if letter in _HAN)
    return Decimal(f"{number}.{fraction or 0}")


def _fahrenheit(written: str) -> Decimal:
    return ((_digits(re.sub(r"[^\d.]", "", written)) - 32) * 5 / 9).quantize(Decimal("0.1"))


_POINT = r"\s?[.。·'`,、:;点度°]{1,2}\s?"
_NOT_MORE = r"(?![\d]|\.\d|\s?(?:公斤|千克|kg|KG|Kg|斤|cm|CM|厘米|米|元(?!旦|宵)|块|毛|%|岁|分钟|小时|公里|个月|平(?!安)|万|页|题|mm|ml|人(?!在|都|没)|名))"
NOTATIONS = (
    Notation("temperature.fahrenheit", r"(?<![\d.])(?:9\d|10\d)(?:\.\d)?\s?(?:°F|F|华氏度?)", _fahrenheit, "体温98.6°F", "98.6分"),
    Notation("temperature.point", rf"(?<!\d)(?<!\d\.)\d{{2}}{_POINT}\d{{1,2}}{_NOT_MORE}", _digits, "36.5", "38.5公斤"),
    Notation("temperature.half", r"(?<![\d.])(?:3[4-9]|4[0-2])度半", _digits, "37度半", "137度半"),
    Notation("temperature.mixed", r"(?<![\d.])(?:3[4-9]|4[0-2])[度点°][一二三四五六七八九]", _mixed, "36度五", "136度五"),
    Notation(
        "temperature.han",
        r"(?<![一二三四五六七八九十百])(?:三十?[四五六七八九]|四十[一二]?)(?:[度点°.](?:[零〇一二三四五六七八九](?:[零〇一二三四五六七八九](?=$|[\s,。;!度]))?(?![十百月日号])|半)?|[一二三四五六七八九](?=度|$|[\s,。;]))",
        _han, "三十六度五", "二十六度五",
    ),
    Notation("temperature.degrees", r"(?<![\d.])\d{2}\s?(?:度|°C?|C(?![A-Za-z]))(?!\s?\d)", _digits, "38度", "1138度"),
    Notation("temperature.no_point", rf"(?<![\d.])(?:3[4-9]|4[0-2])\d(?:°C?|度)?{_NOT_MORE}(?!\s?[号班室天年步寝宿舍房栋])", _no_point, "365", "365天"),
    Notation("temperature.gap", rf"(?<![\d.])(?:3[4-9]|4[0-2])\s\d(?=°|度|$|[\s,。;无正健]){_NOT_MORE}", _no_point, "36 5", "36 58"),
    Notation(
        "temperature.whole",
        rf"(?<![\d.第米-])(?:3[4-9]|4[0-2]){_NOT_MORE}(?=$|[\s,。;!?、/()~\-无正健没不多呢了发都良好的咳有]|[^\x00-\x7f一-龥]|左右)(?!\s?(?:号|班|栋|楼|天|次|点|周|例|分|种))",
        _digits, "36", "36号",
    ),
    Notation("temperature.small", rf"(?<![\d.])\d\.\d{{1,2}}{_NOT_MORE}(?![月日号班年.])", _digits, "3.65", "13.65"),
)  # fmt: skip
_PATTERN = re.compile("|".join(f"(?P<n{number}>{row.pattern})" for number, row in enumerate(NOTATIONS)))
_MAYBE = re.compile(r"\d|[三四][十三四五六七八九]")

_BOUND_BEFORE = re.compile(
    r"(?:低于|不超过?|没有?超过?|未超过?|小于|不到|没到|不足|<=?|≤|≥|>=?|超过|高于|大于|没过|没有超过|不高于|未达到?|达到|不大于|少于|≦|≧|未过|都没上|没上)\s?$"
)
_BOUND_AFTER = re.compile(r"\s?(?:°C?|度)?\s?(?:以下|以上|以内|之下|之上|及以上|及以下|算|自动|报警|内(?!外))")
_RANGE = re.compile(r"\s?(?:°C?|度)?\s?(?:[~至到-]|--)\s?(?:3[4-9]|4[0-2])")
_OTHER_NUMBER = re.compile(
    r"(?:室温|屋里?|气温|水温|零下|零上|外面|室外|室内|温水|水[^,。]{0,2}烧到|体重|身高|学号|年龄|炕|空调|腰围|血压|心率|脉搏|第|电话|手机|编号|No\.?|单价|血氧|考了|得了|练习册|\d\s?[*×+=]\s?)[^,。;!?\n\d]{0,5}$"
)


def _is_bound(norm: str, start: int, end: int, low: int, high: int) -> bool:
    before = norm[max(low, start - 6) : start]
    if _BOUND_AFTER.match(norm, end, high):
        return True
    bound = _BOUND_BEFORE.search(before)
    return bound is not None


def measured(norm: str, start: int, end: int) -> Iterator[Measured]:
    """The temperatures that `norm[start:end]` states, in order; bounds and other numbers are left out."""
    if _MAYBE.search(norm, start, end) is None:
        return
    for match in _PATTERN.finditer(norm, start, end):
        at, to = match.span()
        row = NOTATIONS[int((match.lastgroup or "n0")[1:])]
        if _is_bound(norm, at, to, start, end) or _OTHER_NUMBER.search(norm, max(start, at - 14), at):
            continue
        if (
            row.id == "temperature.point"
            and norm[at + 2 : at + 3] in ",、"
            and re.match(r"[,、]\s?\d{2}", norm[at + 2 : to])
        ):
            continue  # 36、37页: a list of numbers
        celsius = row.celsius(match[0])
        plausible = LOWEST <= celsius <= HIGHEST
        explicit = row.id not in ("temperature.whole", "temperature.no_point", "temperature.small", "temperature.gap")
        yield Measured(at, to, celsius, row.id, explicit, plausible)

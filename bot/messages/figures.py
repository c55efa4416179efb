"""Rates, changes and dates in words, alike in messages and on pages."""

from datetime import date
from decimal import Decimal

from bot.counts.tally import Numbers

_WEEKDAYS = "一二三四五六日"
_LEAST, _MOST = Decimal(1), Decimal(99)  # a whole percent of some, but not of all


def rate(numbers: Numbers, *, whole: bool = False) -> str:
    """98.6%, or 99% where it is to be `whole`; 100% only where it is all; — where nobody is expected."""
    percent = numbers.percent
    if percent is None:
        return "—"
    if whole and numbers.missing and numbers.heard:
        percent = min(_MOST, max(_LEAST, percent.quantize(_LEAST)))
    return f"{percent:f}%"


def rise(numbers: Numbers, before: Numbers) -> str | None:
    """+0.3 or −0.3 percent points against a day before; None where one of the days says nothing."""
    if numbers.percent is None or before.percent is None or not before.heard:
        return None
    return signed(f"{numbers.percent - before.percent:+f}")


def change(now: int, before: int) -> str:
    """+3, −2, 0 against a number before."""
    return signed(f"{now - before:+d}")


def signed(number: str) -> str:
    """A number with a typographic minus; nothing has no sign."""
    return "0" if not number.strip("+-0.") else number.replace("-", "−")


def month_day(day: date) -> str:
    """2月20日."""
    return f"{day.month}月{day.day}日"


def day_words(day: date) -> str:
    """2月20日 周四."""
    return f"{month_day(day)} 周{_WEEKDAYS[day.weekday()]}"

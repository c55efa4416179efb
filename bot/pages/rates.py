"""Rates as pages write them."""

from bot.counts.tally import Numbers


def rate(numbers: Numbers) -> str:
    """98.6%; 100% only where it is all; — where nobody is expected."""
    if numbers.percent is None:
        return "—"
    return f"{numbers.percent:f}%" if numbers.percent else "0%"


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

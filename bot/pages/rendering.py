"""Pages out of templates: autoescaped, and a name that a template misspells is an error, not an empty place.

What templates may use beside what their handler gives: `visit` (None on an error page), `static(file)` for the address
of a style sheet or script, and the filters below. Macros that pages share stand in templates/macros.html.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from bot.pages.static_files import address
from bot.pages.visit import Visit

TEMPLATES = Path(__file__).with_name("templates")
WEEKDAYS = "一二三四五六日"


def render(template: str, visit: Visit, status: int = 200, **context: object) -> HTMLResponse:
    """The page of a visit."""
    return render_plain(template, visit.zone, status, visit=visit, **context)


def render_plain(template: str, zone: ZoneInfo, status: int = 200, **context: object) -> HTMLResponse:
    """A page that may be shown where there is no visit: `visit` is None unless given."""
    known: dict[str, object] = {"visit": None, **context}
    return HTMLResponse(_environment(zone).get_template(template).render(known), status)


def day_words(day: date) -> str:
    """2月20日 周四."""
    return f"{month_day(day)} 周{WEEKDAYS[day.weekday()]}"


def month_day(day: date) -> str:
    """2月20日."""
    return f"{day.month}月{day.day}日"


def percent(part: int, whole: int) -> str:
    """98.6%, cut and not rounded, so that 100% says all; — where there is nobody."""
    if whole == 0:
        return "—"
    thousandths = part * 1000 // whole
    return f"{thousandths // 10}%" if thousandths == 1000 else f"{thousandths // 10}.{thousandths % 10}%"  # noqa: PLR2004 - all


def thousands(number: int) -> str:
    """18,640."""
    return f"{number:,}"


def celsius(temperature: Decimal) -> str:
    """37.6 ℃, 38.25 ℃: the digits that were stated, one at least."""
    tenths, hundredths = f"{temperature:.2f}"[:-1], f"{temperature:.2f}"
    return f"{tenths if hundredths.endswith('0') else hundredths} ℃"


def _clock(zone: ZoneInfo) -> Callable[[datetime], str]:
    def clock(at: datetime) -> str:
        return at.astimezone(zone).strftime("%H:%M")

    return clock


@cache
def _environment(zone: ZoneInfo) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        clock=_clock(zone),  # an instant -> 07:10 at school
        day=day_words,
        month_day=month_day,
        percent=percent,  # {{ heard|percent(expected) }}
        thousands=thousands,
        celsius=celsius,
    )
    environment.globals["static"] = address
    return environment

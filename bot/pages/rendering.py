"""Pages out of templates: autoescaped, and a name that a template misspells is an error, not an empty place.

What templates may use beside what their handler gives: `visit` (None on an error page), `static(file)` for the address
of a style sheet or script, and the filters below. Macros that pages share stand in templates/macros.html.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from bot.messages.figures import day_words, month_day
from bot.pages.static_files import address
from bot.pages.visit import Visit

TEMPLATES = Path(__file__).with_name("templates")


def render(template: str, visit: Visit, status: int = 200, **context: object) -> HTMLResponse:
    """The page of a visit."""
    return render_plain(template, visit.zone, status, visit=visit, **context)


def render_plain(template: str, zone: ZoneInfo, status: int = 200, **context: object) -> HTMLResponse:
    """A page that may be shown where there is no visit: `visit` is None unless given."""
    known: dict[str, object] = {"visit": None, **context}
    return HTMLResponse(_environment(zone).get_template(template).render(known), status)


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
        thousands=thousands,
        celsius=celsius,
    )
    environment.globals["static"] = address
    return environment

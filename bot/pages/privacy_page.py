"""What is collected, why, and what one may ask for: 个人信息保护法 art. 17, 30 and 31, open to everybody.

It says what is so in this version and nothing that is only planned. Who changes what the product keeps or shows
changes this page and its date.
"""

from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from starlette.responses import Response

from bot.pages.rendering import render
from bot.pages.visit import PUBLIC, Desk, Page, Visit
from models.bureau import Bureau

VERSION = date(2026, 11, 25)


def show_privacy(desk: Desk, visit: Visit) -> Response:
    """The notice; the county's name and legal basis stand in it where they are known."""
    bureau = _bureau(desk)
    return render("privacy.html", visit, bureau=bureau, version=VERSION)


def _bureau(desk: Desk) -> Bureau | None:
    try:
        with desk.database.read() as session:
            return session.scalar(select(Bureau))
    except DBAPIError:  # away, or not set up yet: the notice is owed all the same
        return None


PAGES = (Page("GET", "/privacy", PUBLIC, show_privacy),)

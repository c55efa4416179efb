"""The pages of a small county, and browsers that are signed in to them."""

import re
from datetime import UTC, datetime

from fastapi import FastAPI
from sqlalchemy import select
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.pages.door import door
from bot.pages.links import make_link
from bot.pages.routing import add_pages
from bot.pages.visit import Desk, Page
from models.group import Group
from models.school import School
from models.vocabulary import UserRole
from tests.intake.county import KEYRING, ZONE, County
from tests.pages.in_process import InProcess

HOST = "jielong.example"
PUBLIC_URL = f"https://{HOST}"
NOW = datetime(2020, 2, 18, 0, 5, tzinfo=UTC)  # 08:05 at school
_TOKEN = re.compile(r'name="csrf" value="([0-9a-f]+)"')


def desk_of(county: County) -> Desk:
    """What the pages of a county work with."""
    return Desk(county.database, KEYRING, county.inbox, InProcess(county), ZONE, PUBLIC_URL)


def browser_at(desk: Desk, *more: Page) -> TestClient:
    """A browser without any cookie; it follows no redirect by itself."""
    return TestClient(app_of(desk, *more), desk.public_url, raise_server_exceptions=False, follow_redirects=False)


def app_of(desk: Desk, *more: Page) -> FastAPI:
    """The pages as a service, and some that only a test has."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.router.routes.extend(Route(page.path, door(desk, page), methods=[page.method]) for page in more)
    add_pages(app, desk)
    return app


def link_for(desk: Desk, role: UserRole, now: datetime = NOW) -> str:
    """The secret of a new link: for the first school, its first group, or the bureau."""
    with desk.database.write() as session:
        school = session.scalar(select(School.id).order_by(School.id)) if role is UserRole.SCHOOL else None
        group = session.scalar(select(Group.id).order_by(Group.id)) if role is UserRole.TEACHER else None
        return make_link(session, desk.keyring, role, school, group, now)


def sign_in(browser: TestClient, secret: str) -> str:
    """Open a link and tap its button; the address that it leads to."""
    opened = browser.get("/enter", params={"t": secret})
    entered = browser.post("/enter", data={"t": secret, "csrf": token_in(opened.text)})
    assert entered.status_code == 303, entered.text
    return entered.headers["location"]


def signed_in(desk: Desk, role: UserRole, *more: Page, now: datetime = NOW) -> TestClient:
    """A browser in which somebody has just signed in."""
    browser = browser_at(desk, *more)
    sign_in(browser, link_for(desk, role, now))
    return browser


def token_in(page: str) -> str:
    """The token of the first form of a page."""
    found = _TOKEN.search(page)
    assert found is not None
    return found[1]

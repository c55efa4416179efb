"""All pages that there are, with addresses that lead somewhere, and what the database holds between two looks."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from starlette.testclient import TestClient

from bot.pages.addresses import group_ref, school_ref
from bot.pages.routing import pages
from bot.pages.sessions import SESSION_COOKIE, VISITOR_COOKIE, form_token
from bot.pages.static_files import address
from bot.pages.visit import PUBLIC, Desk, Page
from models.group import Group
from models.schema import Base
from models.school import School
from models.vocabulary import UserRole
from tests.pages.desk import browser_at, signed_in

VISITOR = "a-visitor-of-the-tests"
PAGES = tuple(pages())
GETS = tuple(page for page in PAGES if page.method == "GET")
POSTS = tuple(page for page in PAGES if page.method == "POST")


@dataclass(frozen=True)
class Step:
    """A page, opened by somebody whom it is for."""

    page: Page
    browser: TestClient
    where: str
    token: str  # that its form would carry


def steps(desk: Desk, some: tuple[Page, ...] = PAGES) -> Iterator[Step]:
    """Every page with everybody whom it is for: on a public one also somebody who is not signed in."""
    browsers = {role: signed_in(desk, role) for role in UserRole}
    for page in some:
        for role in page.allowed or UserRole:
            yield _step(desk, page, browsers[role])
        if page.allowed == PUBLIC:
            yield _step(desk, page, browser_at(desk))


def address_of(desk: Desk, page: Page) -> str:
    """Where a page is: of the first school, its first group."""
    with desk.database.read() as session:
        school = session.scalars(select(School.id).order_by(School.id)).first()
        group = session.scalars(select(Group.id).order_by(Group.id)).first()
    assert school is not None
    assert group is not None
    if page.path.startswith("/static/"):
        return address("style.css")
    ref = group_ref(desk.keyring, group) if page.path.startswith("/group/") else school_ref(desk.keyring, school)
    return re.sub(r"\{\w+\}", ref, page.path)


def held(desk: Desk) -> str:
    """A digest of all rows of all tables, but for when a session was last seen."""
    found = hashlib.sha256()
    with desk.database.read() as session:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if (table.name, column.name) != ("web_session", "seen_at")]
            found.update(str(sorted(map(str, session.execute(select(*columns)).all()))).encode())
    return found.hexdigest()


def _step(desk: Desk, page: Page, browser: TestClient) -> Step:
    cookie = browser.cookies.get(SESSION_COOKIE) or ""
    if page.allowed == PUBLIC:
        browser.cookies.set(VISITOR_COOKIE, VISITOR)
        cookie = VISITOR
    return Step(page, browser, address_of(desk, page), form_token(desk.keyring, cookie))

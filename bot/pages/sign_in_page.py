"""Signing in with a link, and leaving.

Opening a link shows one button and spends nothing; the button, in the browser that was shown it, spends the link and
begins a session there (assurance.md, T20 and T21).
"""

import secrets

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from bot.pages.addresses import home
from bot.pages.errors import LinkSpent
from bot.pages.links import open_link, spend_link
from bot.pages.rendering import render
from bot.pages.sessions import (
    LASTING,
    SECRET_BYTES,
    SESSION_COOKIE,
    VISITOR_COOKIE,
    VISITOR_LASTS,
    begin_session,
    drop_cookie,
    end_session,
    form_token,
    keep_cookie,
)
from bot.pages.visit import PUBLIC, Desk, Page, Visit
from bot.roster.setting import ROW
from models.bureau import Bureau
from models.group import Group
from models.school import School
from models.sign_in import SignInLink
from models.vocabulary import UserRole

SEE_OTHER = 303
FORGET = '"cache", "storage"'  # not "cookies": those of all hosts of the same domain would go


def show_start(desk: Desk, visit: Visit) -> Response:
    """The viewer's own first page; whoever is not signed in reads how to get there."""
    viewer = visit.signed_in
    if viewer is not None:
        return RedirectResponse(home(desk.keyring, viewer.role, viewer.group_id), SEE_OTHER)
    return render("sign_in.html", visit, heading="接龙报平安")


def show_link(desk: Desk, visit: Visit) -> Response:
    """What a link opens, behind one button."""
    secret = visit.query.get("t", "")
    with desk.database.read() as session:
        link = open_link(session, desk.keyring, secret, visit.now)
        if link is None:
            raise LinkSpent
        unit, action = _unit_and_action(session, link)
    visitor = visit.cookies.get(VISITOR_COOKIE) or secrets.token_urlsafe(SECRET_BYTES)  # one for several open links
    days = LASTING[UserRole(link.role)].at_most.days
    token = form_token(desk.keyring, visitor)
    response = render("enter.html", visit, secret=secret, token=token, unit=unit, action=action, days=days)
    keep_cookie(response, VISITOR_COOKIE, visitor, VISITOR_LASTS)
    return response


def enter(desk: Desk, visit: Visit) -> Response:
    """Spend the link; sign in, always with a new secret."""
    with desk.database.write() as session:
        link = spend_link(session, desk.keyring, visit.form.get("t", ""), visit.now)
        if link is None:
            raise LinkSpent
        secret = begin_session(session, desk.keyring, link, visit.cookies.get(SESSION_COOKIE), visit.now)
    role = UserRole(link.role)
    response = RedirectResponse(home(desk.keyring, role, link.group_id), SEE_OTHER)
    keep_cookie(response, SESSION_COOKIE, secret, LASTING[role].at_most)
    drop_cookie(response, VISITOR_COOKIE)
    return response


def leave(desk: Desk, visit: Visit) -> Response:
    """End the session, and have the browser forget what it was shown."""
    with desk.database.write() as session:
        end_session(session, desk.keyring, visit.cookies[SESSION_COOKIE], visit.now)
    response = RedirectResponse("/", SEE_OTHER, headers={"Clear-Site-Data": FORGET})
    drop_cookie(response, SESSION_COOKIE)
    return response


def _unit_and_action(session: Session, link: SignInLink) -> tuple[str, str]:
    match UserRole(link.role):
        case UserRole.TEACHER:
            group = session.get_one(Group, link.group_id)
            return group.school.name, f"打开{group.name}的名单"
        case UserRole.SCHOOL:
            return session.get_one(School, link.school_id).name, "打开学校的页面"
        case UserRole.BUREAU:
            bureau = session.get(Bureau, ROW)
            return f"{bureau.county if bureau else ''}教育局", "打开全县的页面"


PAGES = (
    Page("GET", "/", PUBLIC, show_start),
    Page("GET", "/enter", PUBLIC, show_link),
    Page("POST", "/enter", PUBLIC, enter),
    Page("POST", "/leave", frozenset(UserRole), leave),
)

"""Who is signed in on a device: begun by a sign-in link, ended by leaving, by time, or with the unit that it sees.

The cookie has a random secret; the database has its keyed digest, so that neither can be made from the other. Times are
those of assurance.md, T21: a teacher stays signed in on that phone, at school and bureau others use the computer too.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.pages.visit import Viewer
from models.database import Database
from models.group import Group
from models.school import School
from models.sealing import Keyring
from models.sign_in import SignInLink, WebSession
from models.vocabulary import UserRole

SESSION_COOKIE = "__Host-jielong"  # the prefix binds it to this very host: RFC 6265bis, section 4.1.3.2
VISITOR_COOKIE = "__Host-jielong-visitor"  # of whoever is not signed in: their forms are tied to this browser
SECRET_BYTES = 32
VISITOR_LASTS = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session holds."""

    at_most: timedelta
    idle: timedelta | None  # without a page opened; None: it does not matter


LASTING = {
    UserRole.TEACHER: Lasting(timedelta(days=30), None),
    UserRole.SCHOOL: Lasting(timedelta(hours=12), timedelta(minutes=30)),
    UserRole.BUREAU: Lasting(timedelta(hours=12), timedelta(minutes=30)),
}


def begin_session(session: Session, keyring: Keyring, link: SignInLink, former: str | None, now: datetime) -> str:
    """Sign in whom a spent link is for, out whoever was signed in on that device; the secret of the new cookie."""
    if former is not None:
        end_session(session, keyring, former, now)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    session.add(
        WebSession(
            digest=_digest(keyring, secret),
            link_id=link.id,
            role=link.role,
            school_id=link.school_id,
            group_id=link.group_id,
            begun_at=now,
            seen_at=now,
            expires_at=now + LASTING[UserRole(link.role)].at_most,
        )
    )
    return secret


def end_session(session: Session, keyring: Keyring, secret: str, now: datetime) -> None:
    """End the session of a cookie, if there is one."""
    session.execute(
        update(WebSession)
        .where(WebSession.digest == _digest(keyring, secret), WebSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all(session: Session, role: UserRole, school_id: int | None, group_id: int | None, now: datetime) -> int:
    """End the sessions of a role at a unit, and its links that nobody has spent; how many sessions there were."""
    unit = {"role": role, "school_id": school_id, "group_id": group_id}
    session.execute(
        update(SignInLink)
        .filter_by(**unit)
        .where(SignInLink.spent_at.is_(None), SignInLink.expires_at > now)
        .values(expires_at=now)
    )
    ended = session.scalars(
        update(WebSession)
        .filter_by(**unit)
        .where(WebSession.ended_at.is_(None), WebSession.expires_at > now)
        .values(ended_at=now)
        .returning(WebSession.id)
    )
    return len(ended.all())


def viewer_of(database: Database, keyring: Keyring, secret: str, now: datetime) -> Viewer | None:
    """Who is signed in with a cookie; None where nobody is any more. Notes that they were seen, once a minute."""
    with database.read() as session:
        found = session.scalar(select(WebSession).where(WebSession.digest == _digest(keyring, secret)))
        if found is None or not _holds(found, now) or not _has_unit(session, found):
            return None
    if now - found.seen_at >= SEEN_EVERY:
        with database.write() as session:
            session.execute(update(WebSession).where(WebSession.id == found.id).values(seen_at=now))
    return Viewer(found.id, UserRole(found.role), found.school_id, found.group_id, form_token(keyring, secret))


def form_token(keyring: Keyring, cookie: str) -> str:
    """What the forms of a browser carry: it proves that they were made for the browser that has this cookie."""
    return keyring.digest("form", cookie).hex()


def is_token(keyring: Keyring, cookie: str, token: str) -> bool:
    """Whether a form was made for the browser that has this cookie."""
    return hmac.compare_digest(form_token(keyring, cookie).encode(), token.encode())


def keep_cookie(response: Response, name: str, value: str, lasts: timedelta) -> None:
    """Give a cookie that no script reads, and that no other site's form or frame brings along."""
    response.set_cookie(
        name, value, max_age=int(lasts.total_seconds()), path="/", secure=True, httponly=True, samesite="lax"
    )


def drop_cookie(response: Response, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")


def _digest(keyring: Keyring, secret: str) -> bytes:
    return keyring.digest("session", secret)


def _holds(found: WebSession, now: datetime) -> bool:
    idle = LASTING[UserRole(found.role)].idle
    return found.ended_at is None and now < found.expires_at and (idle is None or now - found.seen_at < idle)


def _has_unit(session: Session, found: WebSession) -> bool:
    match UserRole(found.role):
        case UserRole.TEACHER:
            return found.group_id is not None and session.get(Group, found.group_id) is not None
        case UserRole.SCHOOL:
            return found.school_id is not None and session.get(School, found.school_id) is not None
        case UserRole.BUREAU:
            return True

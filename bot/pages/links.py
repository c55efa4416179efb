"""Sign-in links: 256 random bits that sign somebody in once, within ten minutes.

Looking at a link spends nothing, since messengers fetch every address to show what is behind it (assurance.md, T20).
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.sealing import Keyring
from models.sign_in import SignInLink
from models.vocabulary import UserRole

SECRET_BYTES = 32
HOLDS = timedelta(minutes=10)


def make_link(
    session: Session, keyring: Keyring, role: UserRole, school_id: int | None, group_id: int | None, now: datetime
) -> str:
    """The secret of a new link: for a teacher of a group, a school, or the bureau. The database never has it."""
    assert (school_id is not None, group_id is not None) == (role is UserRole.SCHOOL, role is UserRole.TEACHER)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    session.add(
        SignInLink(
            digest=_digest(keyring, secret),
            role=role,
            school_id=school_id,
            group_id=group_id,
            made_at=now,
            expires_at=now + HOLDS,
        )
    )
    return secret


def link_address(public_url: str, secret: str) -> str:
    """The link that somebody opens."""
    return f"{public_url}/enter?t={secret}"


def open_link(session: Session, keyring: Keyring, secret: str, now: datetime) -> SignInLink | None:
    """The link of a secret, untouched; None where it is spent, too old, or never was."""
    return session.scalar(
        select(SignInLink).where(
            SignInLink.digest == _digest(keyring, secret), SignInLink.spent_at.is_(None), SignInLink.expires_at > now
        )
    )


def spend_link(session: Session, keyring: Keyring, secret: str, now: datetime) -> SignInLink | None:
    """The link of a secret, spent now, by nobody else; None as above."""
    return session.scalar(
        update(SignInLink)
        .where(
            SignInLink.digest == _digest(keyring, secret), SignInLink.spent_at.is_(None), SignInLink.expires_at > now
        )
        .values(spent_at=now)
        .returning(SignInLink)
    )


def _digest(keyring: Keyring, secret: str) -> bytes:
    return keyring.digest("link", secret)

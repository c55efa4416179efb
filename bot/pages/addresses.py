"""Addresses of what a viewer may see, and the one place that says what that is.

An address holds a keyed digest instead of a number, so that nobody finds the next class by counting up.
"""

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.pages.errors import NotFound
from bot.pages.visit import Desk, Viewer
from models.group import Group
from models.sealing import Keyring
from models.vocabulary import UserRole

SCHOOL_HOME = "/school"
BUREAU_HOME = "/bureau"


def group_ref(keyring: Keyring, group_id: int) -> str:
    """A group, as addresses name it."""
    return keyring.digest("address", "group", str(group_id)).hex()


def school_ref(keyring: Keyring, school_id: int) -> str:
    """A school, as forms and addresses name it."""
    return keyring.digest("address", "school", str(school_id)).hex()


def group_address(keyring: Keyring, group_id: int) -> str:
    """Where a group's page is."""
    return f"/group/{group_ref(keyring, group_id)}"


def home(keyring: Keyring, role: UserRole, group_id: int | None) -> str:
    """Where whoever signs in begins."""
    match role:
        case UserRole.TEACHER:
            assert group_id is not None
            return group_address(keyring, group_id)
        case UserRole.SCHOOL:
            return SCHOOL_HOME
        case UserRole.BUREAU:
            return BUREAU_HOME


def group_in_scope(session: Session, desk: Desk, viewer: Viewer, ref: str) -> Group:
    """The group of an address, where it is this viewer's to see; raises NotFound."""
    seen = select(Group)
    match viewer.role:
        case UserRole.TEACHER:
            seen = seen.where(Group.id == viewer.group_id)
        case UserRole.SCHOOL:
            seen = seen.where(Group.school_id == viewer.school_id)
        case UserRole.BUREAU:  # totals only: a class is people by name
            raise NotFound
    for group in session.scalars(seen):
        if hmac.compare_digest(group_ref(desk.keyring, group.id).encode(), ref.encode()):
            return group
    raise NotFound

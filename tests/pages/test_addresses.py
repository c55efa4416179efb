"""Whose group is shown to whom: the one place that decides."""

import pytest

from bot.pages.addresses import group_in_scope, group_ref, school_ref
from bot.pages.errors import NotFound
from bot.pages.visit import Desk, Viewer
from models.group import Group
from models.school import School
from models.vocabulary import GroupKind, UserRole
from tests.intake.county import KEYRING

OWN, BESIDE, ELSEWHERE = "own", "beside", "elsewhere"  # groups: the teacher's, of the same school, of another


@pytest.fixture
def groups(desk: Desk) -> dict[str, Group]:
    with desk.database.write() as session:
        here, there = School(name="一小"), School(name="二小")
        found = {
            OWN: Group(school=here, name="一班", kind=GroupKind.CLASS),
            BESIDE: Group(school=here, name="二班", kind=GroupKind.CLASS),
            ELSEWHERE: Group(school=there, name="一班", kind=GroupKind.CLASS),
        }
        session.add_all(found.values())
    return found


@pytest.mark.parametrize(
    ("role", "sees"),
    [(UserRole.TEACHER, {OWN}), (UserRole.SCHOOL, {OWN, BESIDE}), (UserRole.BUREAU, set())],
)
def test_scope(desk: Desk, groups: dict[str, Group], role: UserRole, sees: set[str]) -> None:
    own = groups[OWN]
    school_id = own.school_id if role is UserRole.SCHOOL else None
    viewer = Viewer(1, role, school_id, own.id if role is UserRole.TEACHER else None, csrf="")
    found = set()
    with desk.database.read() as session:
        for name, group in groups.items():
            try:
                assert group_in_scope(session, desk, viewer, group_ref(KEYRING, group.id)).id == group.id
                found.add(name)
            except NotFound:
                pass
        for nothing in ("", str(own.id), school_ref(KEYRING, own.id), group_ref(KEYRING, 99), "涵涵"):
            with pytest.raises(NotFound):
                group_in_scope(session, desk, viewer, nothing)
    assert found == sees


def test_a_viewer_without_a_unit_sees_nothing(desk: Desk, groups: dict[str, Group]) -> None:
    for role in UserRole:
        with desk.database.read() as session, pytest.raises(NotFound):
            group_in_scope(session, desk, Viewer(1, role, None, None, ""), group_ref(KEYRING, groups[OWN].id))


def test_an_address_tells_no_number() -> None:
    refs = {group_ref(KEYRING, one) for one in range(100)} | {school_ref(KEYRING, one) for one in range(100)}
    assert len(refs) == 200
    assert all(len(ref) == 32 and int(ref, 16) for ref in refs)

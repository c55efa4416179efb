"""A group as the reader sees it: its roster and the setting."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.reading.scene import Member, Scene
from bot.roster.setting import setting
from models.group import Group
from models.membership import Account, Alias, Membership
from models.person import Person
from models.school import School
from models.vocabulary import GroupKind, Role


def scene(session: Session, group_id: int) -> Scene:
    """The group with all who were ever members of it, each with the days from and until which they are."""
    group, kind, school = session.execute(
        select(Group.name, Group.kind, School.name)
        .join(School, Group.school_id == School.id)
        .where(Group.id == group_id)
    ).one()
    return Scene(
        group=group, kind=GroupKind(kind), school=school, members=_members(session, group_id), setting=setting(session)
    )


def _members(session: Session, group_id: int) -> tuple[Member, ...]:
    aliases = defaultdict(list)
    for membership_id, alias in session.execute(
        select(Alias.membership_id, Alias.name)
        .join(Membership, Alias.membership_id == Membership.id)
        .where(Membership.group_id == group_id)
        .order_by(Alias.id)
    ):
        aliases[membership_id].append(alias)
    accounts = defaultdict(set)
    for membership_id, account in session.execute(
        select(Account.membership_id, Account.account)
        .join(Membership, Account.membership_id == Membership.id)
        .where(Membership.group_id == group_id)
    ):
        accounts[membership_id].add(account.casefold())
    rows = session.execute(
        select(Membership.id, Person.name, Membership.role, Membership.from_day, Membership.until_day)
        .join(Person, Membership.person_id == Person.id)
        .where(Membership.group_id == group_id)
        .order_by(Membership.id)
    )
    return tuple(
        Member(
            id=membership_id,
            name=name,
            role=Role(role),
            aliases=tuple(aliases[membership_id]),
            accounts=frozenset(accounts[membership_id]),
            from_day=from_day,
            until_day=until_day,
        )
        for membership_id, name, role, from_day, until_day in rows
    )

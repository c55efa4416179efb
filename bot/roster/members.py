"""One row of a roster merged into what is known: who is meant, and what is new about them."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import inspect

from bot.roster.known import Known
from bot.roster.remarks import Problem
from bot.roster.rows import RosterRow, name_key
from models.base import Base
from models.group import Group
from models.membership import Account, Alias, Membership
from models.person import Guardian, Person
from models.vocabulary import GroupKind, Role


class Outcome(StrEnum):
    """What a row brings."""

    NEW = "new"  # a member that was not there
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"  # an error stands in the remarks


def merge_row(known: Known, row: RosterRow) -> Outcome:
    """Put a row into the session's objects."""
    group = known.group(row)
    found = _who(known, row, group)
    if found is None:
        return Outcome.REFUSED
    person, member = found
    is_new = member is None
    if member is None:
        member = Membership(group=group, person=person, role=row.role, expected=True, homeroom=False)
        known.session.add(member)
        known.take(member)
    known.touch(member)
    # All three must run, whatever the others find.
    changes = [_set_person(known, person, row), _set_membership(known, member, row), _set_group(known, group, row)]
    if row.role is Role.STUDENT and row.until_day is None and known.other_classes(person, group):
        known.remark(row, Problem.CLASS_TWICE)
    if not is_new and not any(changes) and person not in known.changed_persons:
        return Outcome.UNCHANGED
    known.changed_groups.add(group)
    return Outcome.NEW if is_new else Outcome.CHANGED


def settle_homerooms(known: Known, rows: Sequence[RosterRow]) -> int:
    """Mark the homeroom teachers whom rows name, once all rows are in; how many this changes that were unchanged."""
    settled = 0
    for row in rows:
        if row.homeroom_name is None:
            continue
        named = known.named(known.group(row), name_key(row.homeroom_name))
        teachers = [member for member in named if member.role != Role.STUDENT]
        if not teachers:
            known.remark(row, Problem.NO_SUCH_HOMEROOM)
        for member in teachers:
            kept = inspect(member)
            was_unchanged = kept.persistent and not kept.modified
            if change(member, homeroom=True):
                known.changed_groups.add(member.group)
                settled += was_unchanged
    return settled


def change(row: Base, **values: object) -> bool:
    """Set columns to what a file says, None leaving what is there; whether that changed anything."""
    changed = False
    for name, value in values.items():
        if value is not None and getattr(row, name) != value:
            setattr(row, name, value)
            changed = True
    return changed


def _who(known: Known, row: RosterRow, group: Group) -> tuple[Person, Membership | None] | None:
    """The person whom a row means, and their membership of the row's group; None where the row is refused."""
    namesakes = known.named(group, row.key)
    if row.number is None:
        if len(namesakes) > 1:
            known.remark(row, Problem.SAME_NAME_THERE)
            return None
        return (namesakes[0].person, namesakes[0]) if namesakes else (_new_person(known, row), None)
    person = known.numbered(row.number)
    unnumbered = next((member for member in namesakes if member.person.number is None), None)
    if person is None:
        if unnumbered is None:
            return _new_person(known, row), None
        known.give_number(unnumbered.person, row.number)
        known.changed_persons.add(unnumbered.person)
        return unnumbered.person, unnumbered
    return _numbered(known, row, person, unnumbered)


def _numbered(
    known: Known, row: RosterRow, person: Person, unnumbered: Membership | None
) -> tuple[Person, Membership | None] | None:
    member = known.membership(known.group(row), person)
    if name_key(person.name) != row.key:
        if member is None:  # a slip in a number would make two people one
            known.remark(row, Problem.NUMBER_TAKEN)
            return None
        known.remark(row, Problem.RENAMED)
    if member is None and unnumbered is not None:
        if known.has_history(unnumbered.person):
            known.remark(row, Problem.HISTORY_THERE)
            return None
        known.move(unnumbered, person)
        return person, unnumbered
    return person, member


def _new_person(known: Known, row: RosterRow) -> Person:
    person = Person(name=row.name, name_digest=known.keyring.digest("name", row.key))
    if row.number is not None:
        known.give_number(person, row.number)
    return person


def _set_person(known: Known, person: Person, row: RosterRow) -> bool:
    values = {"sex": row.sex, "phone": row.phone, "born_on": row.born_on.isoformat() if row.born_on else None}
    changed = change(person, name=row.name, **values)
    if changed:
        person.name_digest = known.keyring.digest("name", row.key)
    for name, phone in row.guardians:
        changed = _set_guardian(person, name, phone) or changed
    if changed and inspect(person).persistent:
        known.changed_persons.add(person)
    return changed


def _set_guardian(person: Person, name: str | None, phone: str | None) -> bool:
    for guardian in person.guardians:
        same_name = name is not None and guardian.name is not None and name_key(guardian.name) == name_key(name)
        if same_name or (phone is not None and guardian.phone == phone):
            return change(guardian, name=name, phone=phone)
    person.guardians.append(Guardian(name=name, phone=phone))
    return True


def _set_membership(known: Known, member: Membership, row: RosterRow) -> bool:
    changed = change(
        member,
        role=row.role,
        homeroom=row.homeroom,
        from_day=row.from_day,
        until_day=row.until_day,
        dormitory=row.dormitory,
    )
    aliases = {alias.name for alias in member.aliases}
    accounts = {account.account for account in member.accounts}
    new_aliases = [Alias(name=name) for name in row.aliases if name not in aliases]
    new_accounts = [
        Account(account=account, account_digest=known.keyring.digest("account", account))
        for account in row.accounts
        if account not in accounts
    ]
    member.aliases += new_aliases
    member.accounts += new_accounts
    return changed or bool(new_aliases) or bool(new_accounts)


def _set_group(known: Known, group: Group, row: RosterRow) -> bool:
    """A group without students is a staff group, unless a row says otherwise; the first student makes it a class."""
    if row.kind is None and row.role is Role.STUDENT and not known.kind_is_settled(row):
        return change(group, kind=GroupKind.CLASS)
    return change(group, kind=row.kind)

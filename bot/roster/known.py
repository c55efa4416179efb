"""What the database knows of a file's schools, groups and people, looked up once for the whole file."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from bot.roster.remarks import Remark
from bot.roster.revision import IDS_A_STATEMENT
from bot.roster.rows import RosterRow, name_key
from models.group import Group
from models.membership import Membership
from models.person import Person
from models.reading import MemberReading
from models.record import Record
from models.school import School
from models.sealing import Keyring
from models.vocabulary import GroupKind, Role

T = TypeVar("T")


class Known:
    """The objects of one session that a file's rows are merged into, and what came of it so far."""

    def __init__(self, session: Session, keyring: Keyring, rows: Sequence[RosterRow]) -> None:
        """Look up all that the rows name; make the schools and groups that are not there."""
        self.session = session
        self.keyring = keyring
        self.remarks: list[Remark] = []
        self.new_schools: list[School] = []
        self.new_groups: list[Group] = []
        self.changed_groups: set[Group] = set()
        self.changed_persons: set[Person] = set()  # of those that were there before
        self._members: defaultdict[Group, list[Membership]] = defaultdict(list)
        self._touched: set[Membership] = set()
        self._schools: dict[str, School] = {}
        self._groups: dict[tuple[str, str], Group] = {}
        self._by_number: dict[bytes, Person] = {}
        self._load_groups(rows)
        self._load_members()
        self._load_numbers(rows)

    @property
    def untouched(self) -> int:
        """How many members of these groups no row has named."""
        return sum(len(members) for members in self._members.values()) - len(self._touched)

    def group(self, row: RosterRow) -> Group:
        """The row's group."""
        return self._groups[row.school, row.group]

    def named(self, group: Group, key: str) -> list[Membership]:
        """The group's members of this name."""
        return [member for member in self._members[group] if name_key(member.person.name) == key]

    def membership(self, group: Group, person: Person) -> Membership | None:
        """The person's membership of a group."""
        return next((member for member in self._members[group] if member.person is person), None)

    def numbered(self, number: str) -> Person | None:
        """Whose 学号 or 工号 this is."""
        return self._by_number.get(self.keyring.digest("number", number))

    def take(self, member: Membership) -> None:
        """Remember a new member."""
        self._members[member.group].append(member)

    def touch(self, member: Membership) -> None:
        """Remember that a row named this member."""
        self._touched.add(member)

    def give_number(self, person: Person, number: str) -> None:
        """Let a person be known by a number."""
        person.number = number
        person.number_digest = self.keyring.digest("number", number)
        self._by_number[person.number_digest] = person

    def has_history(self, person: Person) -> bool:
        """Whether anything was ever read of a person."""
        return bool(
            self.session.scalar(
                select(
                    or_(
                        exists().where(Record.person_id == person.id),
                        exists().where(MemberReading.person_id == person.id),
                    )
                )
            )
        )

    def other_classes(self, person: Person, group: Group) -> bool:
        """Whether a person is a student of another class as well, with no end in sight."""
        here = (member for members in self._members.values() for member in members if member.person is person)
        if any(member.group is not group and _goes_on(member) for member in here):
            return True
        if person.id is None:
            return False
        return bool(
            self.session.scalar(
                select(
                    exists().where(
                        Membership.person_id == person.id,
                        Membership.role == Role.STUDENT,
                        Membership.until_day.is_(None),
                        Membership.group_id.not_in([known.id for known in self._members if known.id is not None]),
                    )
                )
            )
        )

    def _load_groups(self, rows: Sequence[RosterRow]) -> None:
        for some in _parts({row.school for row in rows}):
            for school in self.session.scalars(select(School).where(School.name.in_(some))):
                self._schools[school.name] = school
        school_ids = [school.id for school in self._schools.values()]
        for some in _parts(school_ids):
            for group in self.session.scalars(select(Group).where(Group.school_id.in_(some))):
                self._groups[group.school.name, group.name] = group
        with_students = {(row.school, row.group) for row in rows if row.role is Role.STUDENT}
        kinds = {(row.school, row.group): row.kind for row in rows if row.kind}
        for row in rows:
            where = (row.school, row.group)
            if where not in self._groups:
                self._groups[where] = self._new_group(row)
                default = GroupKind.CLASS if where in with_students else GroupKind.STAFF
                self._groups[where].kind = kinds.get(where, default)
        ...

    def _new_group(self, row: RosterRow) -> Group: ...

"""What the database knows of a file's schools, groups and people, looked up once for the whole file."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from sqlalchemy import exists, inspect, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.roster.remarks import Problem, Remark
from bot.roster.rows import RosterRow, name_key
from models.database import IDS_A_STATEMENT
from models.group import Group
from models.membership import Membership
from models.person import Person
from models.reading import MemberReading
from models.record import Record
from models.school import School
from models.sealing import Keyring
from models.vocabulary import GroupKind, Role

T = TypeVar("T")
_WITH_GUARDIANS = selectinload(Person.guardians)
_WHOLE = (
    joinedload(Membership.person).selectinload(Person.guardians),
    selectinload(Membership.aliases),
    selectinload(Membership.accounts),
)


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
        self.changed_persons: set[Person] = set()
        self._schools: dict[str, School] = {}
        self._groups: dict[tuple[str, str], Group] = {}
        self._members: defaultdict[Group, list[Membership]] = defaultdict(list)
        self._by_name: defaultdict[tuple[Group, str], list[Membership]] = defaultdict(list)
        self._by_number: dict[bytes, Person] = {}
        self._memberships: defaultdict[Person, list[Membership]] = defaultdict(list)
        self._touched: set[Membership] = set()
        self._kinds_said = {(row.school, row.group) for row in rows if row.kind is not None}
        self._load_groups(rows)
        self._load_members()
        self._load_numbers(rows)

    @property
    def untouched(self) -> int:
        """How many members of these groups no row has named."""
        return sum(member not in self._touched for members in self._members.values() for member in members)

    @property
    def groups(self) -> Collection[Group]:
        """The groups that the rows name."""
        return self._members.keys()

    def group(self, row: RosterRow) -> Group:
        """The row's group."""
        return self._groups[row.school, row.group]

    def kind_is_settled(self, row: RosterRow) -> bool:
        """Whether the kind of a row's group is said in the file, or was settled when it first had students."""
        return (row.school, row.group) in self._kinds_said or self.group(row) in self._had_students

    def members(self, group: Group) -> Sequence[Membership]:
        """All members of one of these groups."""
        return self._members[group]

    def named(self, group: Group, key: str) -> Sequence[Membership]:
        """The group's members of this name."""
        return self._by_name[group, key]

    def membership(self, group: Group, person: Person) -> Membership | None:
        """The person's membership of a group."""
        return next((member for member in self._memberships[person] if member.group is group), None)

    def numbered(self, number: str) -> Person | None:
        """Whose 学号 or 工号 this is."""
        return self._by_number.get(self.keyring.digest("number", number))

    def take(self, member: Membership) -> None:
        """Remember a member."""
        self._members[member.group].append(member)
        self._by_name[member.group, name_key(member.person.name)].append(member)
        self._memberships[member.person].append(member)

    def touch(self, member: Membership) -> None:
        """Remember that a row named this member."""
        self._touched.add(member)

    def remark(self, row: RosterRow, problem: Problem) -> None:
        """Remark on a row."""
        self.remarks.append(Remark(row.row, problem))

    def give_number(self, person: Person, number: str) -> None:
        """Let a person be known by a number."""
        person.number = number
        person.number_digest = self.keyring.digest("number", number)
        self._by_number[person.number_digest] = person

    def move(self, member: Membership, person: Person) -> None:
        """Let a membership be another person's: two that were taken for two are one. The one left over goes."""
        other = member.person
        self._memberships[other].remove(member)
        self._memberships[person].append(member)
        member.person = person
        self.changed_persons.add(person)
        for guardian in list(other.guardians):
            guardian.person = person
        self.session.delete(other)

    def has_history(self, person: Person) -> bool:
        """Whether anything was ever read of a person."""
        recorded = exists().where(Record.person_id == person.id)
        read = exists().where(MemberReading.person_id == person.id)
        return bool(self.session.scalar(select(or_(recorded, read))))

    def other_classes(self, person: Person, group: Group) -> bool:
        """Whether a person is a student elsewhere as well, with no end in sight."""
        return any(
            member.group is not group and member.role == Role.STUDENT and member.until_day is None
            for member in self._memberships[person]
        )

    def _load_groups(self, rows: Sequence[RosterRow]) -> None:
        for some in parts({row.school for row in rows}):
            self._schools.update(
                {school.name: school for school in self.session.scalars(select(School).where(School.name.in_(some)))}
            )
        wanted = {(row.school, row.group) for row in rows}
        for ids in parts([school.id for school in self._schools.values()]):
            for group in self.session.scalars(select(Group).where(Group.school_id.in_(ids))):
                if (group.school.name, group.name) in wanted:
                    self._groups[group.school.name, group.name] = group
        for row in rows:
            if (row.school, row.group) not in self._groups:
                self._groups[row.school, row.group] = self._new_group(row)
        for group in self._groups.values():
            self._members[group] = []

    def _new_group(self, row: RosterRow) -> Group:
        school = self._schools.get(row.school)
        if school is None:
            school = self._schools[row.school] = School(name=row.school)
            self.new_schools.append(school)
        group = Group(school=school, name=row.group, kind=GroupKind.STAFF, revision=0, stale=True)
        self.session.add(group)
        self.new_groups.append(group)
        self.changed_groups.add(group)
        return group

    def _load_members(self) -> None:
        for some in parts([group.id for group in self._groups.values() if inspect(group).persistent]):
            for member in self.session.scalars(
                select(Membership).where(Membership.group_id.in_(some)).options(*_WHOLE).order_by(Membership.id)
            ):
                self.take(member)
        everybody = [member for members in self._members.values() for member in members]
        self._had_students = {member.group for member in everybody if member.role == Role.STUDENT}
        for member in everybody:
            if member.person.number_digest is not None:
                self._by_number[member.person.number_digest] = member.person

    def _load_numbers(self, rows: Sequence[RosterRow]) -> None:
        """People of other groups whom the rows name by number, with the groups that they are in."""
        digests = {self.keyring.digest("number", row.number) for row in rows if row.number}
        for some in parts(digests):
            for person in self.session.scalars(
                select(Person).where(Person.number_digest.in_(some)).options(_WITH_GUARDIANS)
            ):
                assert person.number_digest is not None  # it was looked up by it
                self._by_number[person.number_digest] = person
            elsewhere = (
                select(Membership)
                .join(Person, Membership.person_id == Person.id)
                .where(Person.number_digest.in_(some))
                .options(joinedload(Membership.person), joinedload(Membership.group))
            )
            for member in self.session.scalars(elsewhere):
                if member.group not in self._members:
                    self._memberships[member.person].append(member)


def parts(values: Collection[T]) -> Iterator[list[T]]:
    """The values in lists that fit into one statement each."""
    ordered = list(values)
    for start in range(0, len(ordered), IDS_A_STATEMENT):
        yield ordered[start : start + IDS_A_STATEMENT]

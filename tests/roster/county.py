"""An empty county in a real database, and roster files for it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from openpyxl import Workbook
from sqlalchemy import func, select

from bot.roster import importing
from bot.roster.importing import ImportPlan
from bot.wiring import migrate
from models.bureau import Bureau
from models.database import Database, open_database
from models.group import Group, Revision
from models.membership import Membership
from models.person import Person
from models.school import School
from models.sealing import Keyring

KEYRING = Keyring.of(b"a-made-up-secret-of-the-tests,-32-bytes-and-more")
NOW = datetime(2020, 2, 18, 0, 5, tzinfo=UTC)
SETTING = {
    "county": "演示县",
    "city": "演示市",
    "province": "辽宁省",
    "since": date(2020, 1, 15),
    "risk_areas": ["武汉市"],
    "basis": "法定职责",
    "basis_until": None,
}


@dataclass(frozen=True)
class County:
    """A migrated database."""

    database: Database

    def preview(self, path: Path) -> ImportPlan:
        """What importing a file would do."""
        with self.database.read() as session:
            return importing.preview(session, importing.read_file(path), KEYRING)

    def load(self, path: Path, now: datetime = NOW) -> ImportPlan:
        """Import a file, which must have no errors."""
        read = importing.read_file(path)
        assert not [remark for remark in read.remarks if remark.is_error]
        with self.database.write() as session:
            return importing.write(session, read.rows, KEYRING, now)

    def members(self) -> list[tuple[str, str, str, str]]:
        """School, group, name and role of each membership."""
        with self.database.read() as session:
            rows = session.execute(
                select(School.name, Group.name, Person.name, Membership.role)
                .select_from(Membership)
                .join(Person, Membership.person_id == Person.id)
                .join(Group, Membership.group_id == Group.id)
                .join(School, Group.school_id == School.id)
                .order_by(Membership.id)
            )
            return [(school, group, name, role) for school, group, name, role in rows]

    def count(self, table: type[Person | Membership | School | Group | Revision]) -> int:
        """How many rows a table has."""
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def groups(self) -> dict[str, tuple[str, int, bool]]:
        """Kind, revision and staleness of each group."""
        with self.database.read() as session:
            found = session.execute(select(Group.name, Group.kind, Group.revision, Group.stale))
            return {name: (kind, revision, stale) for name, kind, revision, stale in found}

    def settle(self) -> None:
        """As after the worker has read every group."""
        with self.database.write() as session:
            for group in session.scalars(select(Group)):
                group.stale = False


@contextmanager
def county(url: str) -> Iterator[County]:
    """Make one in an empty database."""
    database = open_database(url, KEYRING)
    migrate(database, KEYRING)
    with database.write() as session:
        session.add(Bureau(id=1, **SETTING))
    yield County(database)
    database.close()


def csv_file(path: Path, *lines: str) -> Path:
    """A roster in CSV, a line each."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def xlsx_file(path: Path, *rows: Sequence[object], more: Sequence[Sequence[object]] = ()) -> Path:
    """A workbook with a sheet of these rows and, where there are more, another one."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    if more:
        other = book.create_sheet("另一张")
        for row in more:
            other.append(list(row))
    book.save(path)
    return path

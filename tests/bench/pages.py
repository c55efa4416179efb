"""What pages cost in a county of 2020's size, and whether a group's page grows with the county."""

import json
import tempfile
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from bot.clock import seconds
from bot.counts.digest import bureau_day
from bot.counts.group_day import group_day
from bot.wiring import migrate
from models.bureau import Bureau
from models.database import Database, open_database
from models.group import Group
from models.membership import Membership
from models.person import Person
from models.record import Record
from models.school import School
from models.vocabulary import Basis, Flag, GroupKind, Role
from tests.intake.county import KEYRING, ZONE

DAY = date(2020, 2, 20)
SCHOOLS, GROUPS, PEOPLE = 28, 658, 33  # 21,714 people, as in a county of 28 schools and 658 groups
DAYS = 3
ROUNDS = 15


def county(url: str, schools: int, groups: int) -> Database:
    """Two in three have reported on each day, one in fifty of them has a fever."""
    database = open_database(url, KEYRING)
    migrate(database, KEYRING)
    with database.write() as session:
        session.add(
            Bureau(
                county="演示县",
                city="演示市",
                province="辽宁省",
                since=DAY,
                risk_areas=[],
                basis="演示",
                basis_until=None,
            )
        )
        units = [School(name=f"第{number}小学") for number in range(schools)]
        session.add_all(units)
        for number in range(groups):
            kind = GroupKind.STAFF if number % 8 == 0 else GroupKind.CLASS
            role = Role.TEACHER if kind is GroupKind.STAFF else Role.STUDENT
            group = Group(school=units[number % schools], name=f"{number}班", kind=kind)
            session.add(group)
            for place in range(PEOPLE):
                name = f"{number}.{place}"
                person = Person(name=name, name_digest=KEYRING.digest("name", name))
                session.add(Membership(group=group, person=person, role=role))
        session.flush()
        ids = [row.person_id for row in session.query(Membership.person_id)]
        session.add_all(_record(one, DAY - timedelta(days=back)) for back in range(DAYS) for one in ids if one % 3)
    return database


def _record(person_id: int, day: date) -> Record:
    return Record(
        person_id=person_id,
        day=day,
        version=1,
        basis=Basis.STATED,
        temperature=None,
        flags=[Flag.FEVER] if person_id % 50 == 0 else [],
        places=[],
        messages=[],
        evidence=[],
    )


def milliseconds(database: Database, query: Callable[[Session], object]) -> float:
    """The median of some rounds."""
    took = []
    for _ in range(ROUNDS):
        began = seconds()
        with database.read() as session:
            query(session)
        took.append((seconds() - began) * 1000)
    return sorted(took)[ROUNDS // 2]


def main() -> None:
    """Print what a group's page and the bureau's digest cost, and what the county's size adds to the group's."""
    with tempfile.TemporaryDirectory() as folder:
        large = county(f"sqlite:///{folder}/large.db", SCHOOLS, GROUPS)
        small = county(f"sqlite:///{folder}/small.db", 1, 2)
        a_group = milliseconds(large, lambda session: group_day(session, 2, DAY, ZONE))
        alone = milliseconds(small, lambda session: group_day(session, 2, DAY, ZONE))
        figures = {
            "bench": "pages",
            "group_page_ms": round(a_group, 1),
            "group_page_ratio_to_a_small_county": round(a_group / alone, 2),
            "bureau_digest_ms": round(milliseconds(large, lambda session: bureau_day(session, DAY)), 1),
        }
        large.close()
        small.close()
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

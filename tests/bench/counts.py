"""What counting a county's day costs, with a week of records and messages kept: the tally, and who wrote last."""

import json
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.clock import seconds
from bot.counts.tally import last_messages, silent_groups, tally
from bot.wiring import migrate
from models.database import Database, open_database
from models.group import Group
from models.membership import Membership
from models.message import InboxMessage
from models.person import Person
from models.record import Record
from models.school import School
from models.vocabulary import Basis, Flag, GroupKind, MessageState, Role
from tests.postgres import Server
from tests.roster.county import KEYRING

DAY = date(2020, 2, 20)
NOW = datetime(2020, 2, 20, 1, 0, tzinfo=UTC)
SCHOOLS, CLASSES, STUDENTS, STAFF = 28, 630, 18_650, 2_850
KEPT_DAYS = 7
MESSAGES_A_DAY = 10_000
ROUNDS = 7


def fill(session: Session) -> None:
    """Schools with classes and a staff group each; every third teacher is in a class of theirs too; a week of days."""
    chance = random.Random(1)
    session.execute(insert(School), [{"name": f"学校{number}"} for number in range(SCHOOLS)])
    schools = session.scalars(select(School.id)).all()
    for kind, many in ((GroupKind.CLASS, CLASSES), (GroupKind.STAFF, SCHOOLS)):
        session.execute(
            insert(Group),
            [
                {"school_id": schools[number % SCHOOLS], "name": f"{kind}{number}", "kind": kind}
                for number in range(many)
            ],
        )
    classes, staff = (session.scalars(select(Group.id).filter_by(kind=kind)).all() for kind in GroupKind)
    digests = [KEYRING.digest("name", str(number)) for number in range(STUDENTS + STAFF)]
    session.execute(insert(Person), [{"name": f"人{number}", "name_digest": one} for number, one in enumerate(digests)])
    people = session.scalars(select(Person.id)).all()
    teachers = people[STUDENTS:]
    session.execute(
        insert(Membership),
        [
            *(
                {"group_id": classes[one % CLASSES], "person_id": one, "role": Role.STUDENT}
                for one in people[:STUDENTS]
            ),
            *({"group_id": staff[one % SCHOOLS], "person_id": one, "role": Role.TEACHER} for one in teachers),
            *({"group_id": classes[one % SCHOOLS], "person_id": one, "role": Role.TEACHER} for one in teachers[::3]),
        ],
    )
    for day in (DAY - timedelta(days=back) for back in range(KEPT_DAYS)):
        session.execute(insert(Record), [record(one, day, chance) for one in people if chance.random() < 0.95])
        session.execute(insert(InboxMessage), [message(n, classes[n % CLASSES], day) for n in range(MESSAGES_A_DAY)])


def record(person_id: int, day: date, chance: random.Random) -> dict[str, object]:
    """One in ten a bare name, one in fifty with something to report."""
    ill = chance.choice(([Flag.FEVER, Flag.SYMPTOM], [Flag.TRAVEL], [Flag.CONTACT_3]))
    return {
        "person_id": person_id,
        "day": day,
        "version": 1,
        "basis": Basis.INFERRED if chance.random() < 0.1 else Basis.STATED,
        "flags": ill if chance.random() < 0.02 else [],
        "places": [],
        "messages": [1],
        "evidence": [{"what": "temperature", "message": 1, "start": 5, "end": 9, "rule": "temperature.plain"}] * 2,
    }


def message(number: int, group_id: int, day: date) -> dict[str, object]:
    """A chain of some length."""
    digest = KEYRING.digest("message", f"{day}{number}")
    return {
        "channel": "gateway/demo",
        "chat_digest": digest,
        "platform_id": str(number),
        "platform_digest": digest,
        "content_digest": digest,
        "group_id": group_id,
        "sender": "s",
        "text": "一二三四五六七八九十" * 50,
        "sent_at": NOW,
        "arrived_at": NOW,
        "day": day,
        "open": True,
        "state": MessageState.DONE,
    }


def milliseconds(database: Database, ask: Callable[[Session], object]) -> float:
    """The middle one of some rounds."""
    took = []
    for _ in range(ROUNDS):
        with database.read() as session:
            began = seconds()
            ask(session)
            took.append(1_000 * (seconds() - began))
    return round(sorted(took)[ROUNDS // 2], 1)


def county(session: Session) -> None:
    """All that the bureau's page shows of a day."""
    counted = tally(session, DAY)
    silent_groups(counted, last_messages(session, DAY))
    if counted.whole.people.expected != STUDENTS + STAFF or len(counted.schools) != SCHOOLS:
        raise AssertionError("somebody was not counted, or twice")


def measure(url: str) -> dict[str, float]:
    """Milliseconds of each question."""
    database = open_database(url, KEYRING)
    try:
        migrate(database, KEYRING)
        with database.write() as session:
            fill(session)
        if not database.embedded:
            with database.engine.connect() as connection:
                connection.exec_driver_sql("ANALYZE")
                connection.commit()
        return {
            "tally_ms": milliseconds(database, lambda session: tally(session, DAY)),
            "of_a_school_ms": milliseconds(database, lambda session: tally(session, DAY, school_id=1)),
            "of_a_group_ms": milliseconds(database, lambda session: tally(session, DAY, group_id=1)),
            "last_messages_ms": milliseconds(database, lambda session: last_messages(session, DAY)),
            "county_day_ms": milliseconds(database, county),
        }
    finally:
        database.close()


def main() -> None:
    """Print what each question costs on both databases."""
    with TemporaryDirectory() as folder, Server() as server, server.database() as url:
        for kind, address in (("sqlite", f"sqlite:///{Path(folder) / 'jielong.db'}"), ("postgresql", url)):
            figures = measure(address)
            print(
                json.dumps({"bench": "counts", "database": kind, "members": STUDENTS + STAFF + STAFF // 3, **figures})
            )


if __name__ == "__main__":
    main()

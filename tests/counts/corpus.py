"""The corpora in real databases: every case imported, its messages arrived and read."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.protocol import Incoming, Kind
from bot.cli.replay import Case
from bot.intake.claims import claim
from bot.intake.inbox import Inbox
from bot.pipeline import Pipeline
from bot.reading.scene import Setting
from bot.roster import importing
from bot.roster.binding import Target, bind
from bot.roster.finding import group_named, school_named
from bot.roster.setting import Basis, save
from bot.wiring import migrate
from models.database import Database, open_database
from models.message import InboxMessage
from models.record import Record
from tests.flow.cases import counties, write_roster
from tests.roster.county import KEYRING

ZONE = ZoneInfo("Asia/Shanghai")
ALL_DAYS = 10_000
COUNTIES = counties("dev-modelled.jsonl", "dev-groups.jsonl")


class Ids(NamedTuple):
    """A case's rows."""

    school: int
    group: int


@dataclass(frozen=True)
class CorpusCounty:
    """Cases of one setting, in a database."""

    database: Database
    cases: list[Case]
    ids: dict[str, Ids]  # by the case's id

    def days(self) -> list[date]:
        """Every day that something is known of, and the days around."""
        with self.database.read() as session:
            days = {*session.scalars(select(Record.day)), *session.scalars(select(InboxMessage.day))}
        return sorted(days | {min(days) - timedelta(days=1), max(days) + timedelta(days=1)})


@contextmanager
def corpus_county(url: str, cases: list[Case], folder: Path) -> Iterator[CorpusCounty]:
    """Make it in an empty database."""
    database = open_database(url, KEYRING)
    migrate(database, KEYRING)
    now = max(message.at for case in cases for message in case.messages) + timedelta(minutes=1)
    write_roster(folder / "roster.csv", cases)
    said = cases[0].setting
    with database.write() as session:
        save(
            session,
            Setting(said.home_county, said.home_city, said.home_province, said.since, tuple(said.risk_areas)),
            Basis("法定职责"),
            now,
        )
        importing.write(session, importing.read_file(folder / "roster.csv").rows, KEYRING, now)
        ids = {
            case.id: Ids(
                school_named(session, case.group.school).id,
                group_named(session, case.group.name, case.group.school).id,
            )
            for case in cases
        }
        for case in cases:
            bind(session, KEYRING, "gateway/demo", case.id, Target(group_id=ids[case.id].group), now)
            _arrive(Inbox(KEYRING, ZONE, ALL_DAYS), session, case, now)
    _read(database, now)
    yield CorpusCounty(database, cases, ids)
    database.close()


def _arrive(inbox: Inbox, session: Session, case: Case, now: datetime) -> None:
    for message in case.messages:
        inbox.store(
            session,
            Incoming(
                channel="gateway/demo",
                chat=case.id,
                platform_id=f"{case.id}-{message.id}",
                sender=f"{case.id}-{message.sender}",
                sender_name=message.sender,
                sent_at=message.at,
                kind=Kind.TEXT,
                text=message.text,
                quoted=None,
                stale=False,
            ),
            now,
        )


def _read(database: Database, now: datetime) -> None:
    by = Pipeline(database, KEYRING, ZONE, ALL_DAYS)
    while True:
        with claim(database) as claimed:
            if claimed is None:
                return
            by.read(claimed, now)

"""Groups are claimed, one reader each; a result of an older revision is never written."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.intake import log
from bot.intake.claims import Superseded, claim, only_reader
from models.group import Group
from models.vocabulary import GroupKind
from tests.intake.county import ZONE, County, bind, small_county


@pytest.fixture
def county(database_url: str) -> Iterator[County]:
    county = small_county(database_url)
    yield county
    county.database.close()


def another_group(county: County) -> int:
    with county.database.write() as session:
        group = Group(school_id=1, name="四班", kind=GroupKind.CLASS)
        session.add(group)
        session.flush()
        bind(session, "gateway/demo", "room-2", group.id)
        return group.id


def test_nothing_waits(county: County) -> None:
    with claim(county.database) as claimed:
        assert claimed is None


def test_the_group_that_waited_longest_comes_first(county: County) -> None:
    other = another_group(county)
    county.arrives(chat="room-2")
    county.arrives()
    with claim(county.database) as claimed:
        assert claimed is not None
        assert claimed.group_id == other
    with claim(county.database, but={other}) as claimed:
        assert claimed is not None
        assert claimed.group_id == county.group_id
    with claim(county.database, only={other}, but={other}) as claimed:
        assert claimed is None


def test_a_changed_roster_calls_for_reading_without_a_message(county: County) -> None:
    with county.database.write() as session:
        session.execute(update(Group).values(stale=True))
    with claim(county.database) as claimed:
        assert claimed is not None
        assert claimed.stale


def test_a_result_of_an_older_revision_is_not_written(county: County) -> None:
    """On SQLite, where a claim holds nothing while it reads; on PostgreSQL its row lock keeps others from the group."""
    county.arrives()
    if not county.database.embedded:
        with claim(county.database) as claimed, claim(county.database) as second:
            assert claimed is not None
            assert second is None
        return
    with claim(county.database) as claimed:
        assert claimed is not None
        with county.database.write() as session:
            session.execute(update(Group).values(revision=Group.revision + 1))
        with pytest.raises(Superseded), claimed.settle() as session:
            log.finish(session, [1], harmless=[])
    assert county.states() == {"waiting": 1}


def test_intake_does_not_wait_for_a_reader(county: County) -> None:
    county.arrives()
    with claim(county.database) as claimed:
        assert claimed is not None
        with claimed.look() as session:
            assert len(log.waiting(session, claimed.group_id, ZONE, 9)) == 1
            county.arrives(platform_id="m2")
    assert county.states() == {"waiting": 2}


def test_there_is_one_reader_of_an_embedded_database(tmp_path: Path) -> None:
    order = []
    inside = threading.Event()

    def second() -> None:
        inside.wait()
        with only_reader(tmp_path / "lock"):
            order.append("second")

    pool = ThreadPoolExecutor()
    with only_reader(tmp_path / "lock"):
        pool.submit(second)
        inside.set()
        time.sleep(0.2)  # the second would be in by now
        order.append("first")
    pool.shutdown()
    assert order == ["first", "second"]

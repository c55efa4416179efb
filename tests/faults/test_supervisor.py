"""A text that kills its reader, or holds it, is set aside after three deaths; all others are read."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.supervisor import Supervisor, reader_arguments
from models.message import InboxMessage
from models.record import Record
from models.review import ReviewItem
from tests.faults.deadly import ABORTS, HOLDS, RAISES
from tests.flow.service import settings
from tests.intake.county import NAMES, SECRET, County, small_county

WAIT_SECONDS = 60


def deadly(careful: Sequence[int]) -> list[str]:
    return [sys.executable, "-m", "tests.faults.deadly", *reader_arguments(careful)]


@pytest.fixture
def county(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[County]:
    settings(monkeypatch, database_url, tmp_path, SECRET_KEY=SECRET.decode())
    county = small_county(database_url)
    yield county
    county.database.close()


def wait_until_nothing_waits(county: County) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while county.states().get("waiting"):
        assert time.monotonic() < deadline, county.states()
        time.sleep(0.05)


@pytest.mark.parametrize("what", [ABORTS, HOLDS, RAISES])
def test_a_deadly_text_is_set_aside_and_all_others_are_read(county: County, what: str) -> None:
    texts = [f"{NAMES[0]} 36.5", f"{NAMES[1]} {what} 36.6", f"{NAMES[2]} 36.7"]
    for number, text in enumerate(texts):
        county.arrives(platform_id=f"m{number}", sender_name="班主任", text=text)
    supervisor = Supervisor(command=deadly, held_seconds=0.7, pause_seconds=(0,))
    supervisor.start()
    try:
        wait_until_nothing_waits(county)
    finally:
        supervisor.stop()
    assert county.states() == {"done": 2, "parked": 1}
    with county.database.read() as session:
        assert sorted(session.scalars(select(Record.person_id))) == [1, 3]
        assert session.execute(select(ReviewItem.reason, ReviewItem.message_id)).all() == [("parked", 2)]
        assert session.scalars(select(InboxMessage.attempts).order_by(InboxMessage.id)).all() == [0, 3, 0]


def test_a_reader_that_is_told_to_end_is_no_death(county: County) -> None:
    county.arrives()
    supervisor = Supervisor(command=deadly)
    supervisor.start()
    wait_until_nothing_waits(county)
    started = time.monotonic()
    supervisor.stop()
    assert time.monotonic() - started < 10
    assert county.states() == {"done": 1}


def test_a_held_reader_ends_with_its_supervisor(county: County) -> None:
    """The supervisor is killed while a text holds its reader: nobody is left who would keep the next reader waiting."""
    county.arrives(text=f"{NAMES[0]} {HOLDS}")
    supervise = (
        "from bot.supervisor import Supervisor; from tests.faults.test_supervisor import deadly; "
        "Supervisor(command=deadly).run()"
    )
    with subprocess.Popen([sys.executable, "-c", supervise], start_new_session=True) as supervisor:
        deadline = time.monotonic() + WAIT_SECONDS
        while len(readers(supervisor.pid)) < 1:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        time.sleep(2)  # it is at the text by now
        (reader,) = readers(supervisor.pid)
        supervisor.kill()
        supervisor.wait()
    while Path(f"/proc/{reader}").exists() and "Z" not in Path(f"/proc/{reader}/stat").read_text().split()[2]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def readers(parent: int) -> list[int]:
    """The children of a process."""
    tasks = Path(f"/proc/{parent}/task").iterdir()
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def test_a_reader_that_cannot_be_started_is_tried_again(county: County) -> None:
    county.arrives()
    tries = []

    def command(careful: Sequence[int]) -> list[str]:
        tries.append(careful)
        return ["/nowhere/at/all"] if len(tries) < 3 else deadly(careful)

    supervisor = Supervisor(command=command, pause_seconds=(0,))
    supervisor.start()
    try:
        wait_until_nothing_waits(county)
    finally:
        supervisor.stop()
    assert county.states() == {"done": 1}

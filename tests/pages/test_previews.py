"""The process that looks ahead: no text holds or ends the one that asks it, and it ends with that one."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from bot.channels.paste import incoming, messages
from bot.counts.preview import Preview
from bot.pages.previews import MOST_WAITING, NoPreview, Previews, Question
from bot.settings import Settings
from tests.faults.deadly import ABORTS, HOLDS, RAISES
from tests.intake.county import KEYRING, NOW, SECRET, ZONE, County, small_county
from tests.pages.deadly_previews import deadly_serve

TODAY = date(2020, 2, 18)
LIMIT = 1.5  # seconds for a text, in these tests
ENDS_WITHIN = 10.0


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    county = small_county(f"sqlite:///{tmp_path_factory.mktemp('previews') / 'jielong.db'}")
    yield county
    county.database.close()


@pytest.fixture(scope="module")
def previews(county: County) -> Iterator[Previews]:
    previews = Previews(settings_of(county), deadly_serve, LIMIT)
    yield previews
    previews.stop()


def settings_of(county: County) -> Settings:
    return Settings(
        database_url=county.database.engine.url.render_as_string(hide_password=False).replace("+pysqlite", ""),
        secret_key=SECRET.decode(),
    )


def question(county: County, text: str) -> Question:
    some = incoming(messages(text, TODAY, ZONE), "group", TODAY, NOW.astimezone(ZONE), KEYRING)
    return Question(county.group_id, some, TODAY, NOW)


def pid(previews: Previews) -> int:
    assert previews._child is not None
    assert previews._child.pid is not None
    return previews._child.pid


def test_a_fresh_and_a_warm_child_answer_alike(county: County, previews: Previews) -> None:
    previews.warm()
    first = previews.preview(question(county, "李雷 36.5"))
    assert isinstance(first, Preview)
    began = pid(previews)
    previews.warm()
    assert previews.preview(question(county, "李雷 36.5")) == first
    assert pid(previews) == began


@pytest.mark.parametrize("word", [ABORTS, RAISES, HOLDS])
def test_a_text_that_kills_fails_or_holds_the_child_is_unreadable_and_the_next_is_read(
    county: County, previews: Previews, word: str
) -> None:
    began = time.monotonic()
    assert previews.preview(question(county, f"李雷 36.5 {word}")) is NoPreview.UNREADABLE
    assert time.monotonic() - began < LIMIT + ENDS_WITHIN
    assert isinstance(previews.preview(question(county, "李雷 36.5")), Preview)


def test_a_child_that_died_while_nobody_asked_is_replaced(county: County, previews: Previews) -> None:
    previews.preview(question(county, "李雷 36.5"))
    os.kill(pid(previews), signal.SIGKILL)
    time.sleep(0.2)
    assert isinstance(previews.preview(question(county, "李雷 36.5")), Preview)


def test_where_many_wait_nobody_more_does(county: County, previews: Previews) -> None:
    """The threads that answer are those of all pages."""
    one = question(county, "李雷 36.5")
    with previews._turn, ThreadPoolExecutor(MOST_WAITING) as pool:
        waiting = [pool.submit(previews.preview, one) for _ in range(MOST_WAITING)]
        while previews._places.acquire(blocking=False):
            previews._places.release()
        assert previews.preview(one) is NoPreview.BUSY
        previews.stop()  # so that those who wait have their answer soon
        previews._turn.release()
        assert {one.result() for one in waiting} == {NoPreview.BUSY}
        previews._turn.acquire()


def test_once_stopped_nothing_begins(county: County) -> None:
    previews = Previews(settings_of(county))
    previews.warm()
    child = pid(previews)
    previews.stop()
    assert not is_there(child)
    assert previews.preview(question(county, "李雷 36.5")) is NoPreview.BUSY


def is_there(process: int) -> bool:
    """Whether a process runs; one that has ended and waits to be asked about does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


PARENT = """
    import sys, threading, time
    from bot.settings import Settings
    from tests.pages.test_previews import deadly_serve, pid, question, County, Previews
    from tests.intake.county import KEYRING
    from models.database import open_database

    if __name__ == "__main__":
        url, secret, words = sys.argv[1:]
        previews = Previews(Settings(database_url=url, secret_key=secret), deadly_serve, 3.0)
        county = County(open_database(url, KEYRING), 1)
        previews.preview(question(county, "李雷 36.5"))
        print(pid(previews), flush=True)
        threading.Thread(target=previews.preview, args=(question(county, words),), daemon=True).start()
        time.sleep(60)
"""


@pytest.mark.parametrize("words", ["李雷 36.5", f"李雷 36.5 {HOLDS}"], ids=["idle", "held"])
def test_the_child_ends_with_its_parent_whatever_it_is_at(county: County, tmp_path: Path, words: str) -> None:
    program = tmp_path / "parent.py"
    program.write_text(textwrap.dedent(PARENT))
    given = settings_of(county)
    with subprocess.Popen(
        [sys.executable, str(program), given.database_url, SECRET.decode(), words],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent)},
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_there(child)
        time.sleep(0.3)  # it is at the text by now
        parent.kill()
    until = time.monotonic() + ENDS_WITHIN
    while is_there(child):
        assert time.monotonic() < until
        time.sleep(0.1)

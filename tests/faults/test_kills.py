"""kill -9, thirty times the service, thirty times its reader, under load: nothing acknowledged is lost or doubled."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import func, select, text

from bot.cli.replay import CaseMessage
from bot.wiring import build_rooms
from models.message import InboxMessage
from models.record import Record, RecordVersion
from tests.faults.town import Town
from tests.flow.service import GATEWAY, gateway_body, set_up, settings, signed, wait_drained

KILLS = int(os.environ.get("KILLS", "15"))  # `make faults` asks for more
TOWN = Town(groups=6, days=90)
PAUSE_SECONDS = (0.05, 0.5)  # between a start that answers and the next kill
UP_SECONDS = 15


@dataclass
class Platform:
    """A platform that posts the town's messages one after another, each until it is acknowledged, as platforms do."""

    url: str
    town: Town
    acknowledged: list[str] = field(default_factory=list)
    enough: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Post until it is enough or all are posted."""
        with httpx2.Client(timeout=5) as client:
            for chat, message in self.town.messages():
                while not self.enough.is_set() and not self._posted(client, chat, message):
                    time.sleep(0.02)
                if self.enough.is_set():
                    return
                self.acknowledged.append(message.id)

    def _posted(self, client: httpx2.Client, chat: str, message: CaseMessage) -> bool:
        body = gateway_body(chat, message)
        try:
            answer = client.post(f"{self.url}/hooks/{GATEWAY}", content=body, headers=signed(message.id, body))
        except httpx2.TransportError:
            return False
        return answer.status_code == 200


@dataclass
class Process:
    """`jielong serve` as a process of its own, started again after each kill."""

    port: int
    log: Path
    child: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "serve", "--port", str(self.port)], stdout=log, stderr=log
            )
        deadline = time.monotonic() + UP_SECONDS
        while True:
            try:
                httpx2.get(f"http://127.0.0.1:{self.port}/healthz", timeout=1)
            except httpx2.TransportError:
                assert time.monotonic() < deadline, self.log.read_text()
                time.sleep(0.02)
            else:
                return

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.child is not None
        self.child.kill()
        self.child.wait()

    def stop(self) -> int:
        """End it as an operator does; its exit status."""
        assert self.child is not None
        self.child.terminate()
        return self.child.wait(10)

    def reader(self) -> int | None:
        """The process id of its reader, None where there is none just now."""
        assert self.child is not None
        threads = Path(f"/proc/{self.child.pid}/task").iterdir()
        children = [one for thread in threads for one in (thread / "children").read_text().split()]
        return int(children[0]) if children else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def under_load(folder: Path, people: Town) -> Iterator[tuple[Process, Platform]]:
    process = Process(free_port(), folder / "log")
    process.start()
    platform = Platform(f"http://127.0.0.1:{process.port}", people)
    posting = threading.Thread(target=platform.run)
    posting.start()
    try:
        yield process, platform
    finally:
        platform.enough.set()
        posting.join()
        if process.child is not None and process.child.poll() is None:
            assert process.stop() == 0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A town that is set up, and the environment of its service."""
    settings(monkeypatch, f"sqlite:///{tmp_path / 'jielong.db'}", tmp_path)
    set_up(tmp_path, TOWN.cases())
    return tmp_path


def test_nothing_acknowledged_is_lost_or_doubled(folder: Path) -> None:
    chance = random.Random(20200219)
    killed = {"service": 0, "reader": 0}
    with under_load(folder, TOWN) as (process, platform):
        while min(killed.values()) < KILLS:
            time.sleep(chance.uniform(*PAUSE_SECONDS))
            if killed["reader"] < KILLS and (reader := process.reader()) is not None:
                os.kill(reader, signal.SIGKILL)
                killed["reader"] += 1
            else:
                process.kill()
                killed["service"] += 1
                process.start()
        platform.enough.set()
        drained = wait_drained()
    assert killed == {"service": KILLS, "reader": KILLS}
    assert len(platform.acknowledged) > KILLS
    assert drained["parked"] == 0

    rooms = build_rooms()
    with rooms.database.read() as session:
        stored = session.scalars(select(InboxMessage.platform_id)).all()
        records = session.scalar(select(func.count()).select_from(Record))
        versions = session.scalar(select(func.count()).select_from(RecordVersion))
        sound = session.execute(text("PRAGMA integrity_check")).scalar()
    rooms.database.close()
    assert sound == "ok"
    assert sorted(set(stored)) == sorted(stored), "doubled"
    assert set(platform.acknowledged) <= set(stored), "lost"
    assert records == versions == len(stored), "one report a person and day: one record in one version"

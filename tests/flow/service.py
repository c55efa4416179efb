"""A running service for tests: the real routes on a real port, the real worker, a database of its own."""

import base64
import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
import uvicorn
from standardwebhooks.webhooks import Webhook

from bot.app import build_app
from bot.cli.replay import Case, CaseMessage
from bot.logs import configure_logs
from bot.wiring import Rooms, build_rooms
from bot.worker import Worker
from tests.flow.cases import command, write_roster

GATEWAY = "gateway/demo"
GATEWAY_SECRET = "whsec_" + base64.b64encode(b"a made-up secret of the tests.. ").decode()
SECRET_KEY = "a-made-up-secret-of-the-tests-32-characters-or-more"
WAIT_SECONDS = 60


@dataclass
class Service:
    """Where a service listens, and its rooms."""

    url: str
    rooms: Rooms
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=10))

    def post(self, chat: str, message: CaseMessage) -> httpx2.Response:
        """Post a message of a case as a signed gateway request."""
        body = gateway_body(chat, message)
        return self.client.post(f"{self.url}/hooks/{GATEWAY}", content=body, headers=signed(message.id, body))


def gateway_body(chat: str, message: CaseMessage) -> str:
    """A message of a case as a gateway posts it."""
    return json.dumps(
        {
            "id": message.id,
            "chat_id": chat,
            "sender_id": "wxid-of-" + message.sender,
            "sender_name": message.sender,
            "sent_at": message.at.isoformat(),
            "kind": "text",
            "text": message.text,
        }
    )


def wait_drained() -> dict[str, int]:
    """The inbox's figures once nothing waits."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        inbox: dict[str, int] = json.loads(command("status", "--json"))["inbox"]
        if inbox["waiting"] == 0:
            return inbox
        assert time.monotonic() < deadline, inbox
        time.sleep(0.05)


def signed(message_id: str, body: str, at: datetime | None = None) -> dict[str, str]:
    """The headers of a gateway request (Standard Webhooks)."""
    instant = at or datetime.fromtimestamp(time.monotonic_ns() / 1e9 + _EPOCH, UTC)
    return {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(instant.timestamp())),
        "webhook-signature": Webhook(GATEWAY_SECRET).sign(message_id, instant, body),
    }


_EPOCH = datetime.now(UTC).timestamp() - time.monotonic()  # noqa: TID251 - what is signed is checked against the real clock


def settings(monkeypatch: pytest.MonkeyPatch, database_url: str, folder: Path, **more: str) -> None:
    """Configure everything in this process for one database."""
    values = {
        "DATABASE_URL": database_url,
        "DATA_DIR": str(folder),
        "SECRET_KEY": SECRET_KEY,
        "OPEN_DAYS": "10000",
        "GATEWAY_SECRETS": json.dumps({"demo": GATEWAY_SECRET}),
    }
    for name, value in (values | more).items():
        monkeypatch.setenv(f"JIELONG_{name}", value)


def set_up(folder: Path, cases: list[Case], channel: str = GATEWAY, accounts: dict[str, str] | None = None) -> None:
    """A county with the cases' groups as its roster, each bound to a chat that bears the case's id."""
    one = cases[0].setting
    areas = [word for area in one.risk_areas for word in ("--risk-area", area)]
    home = ["--county", one.home_county, "--city", one.home_city, "--province", one.home_province]
    command("init", *home, "--since", one.since.isoformat(), *areas)
    write_roster(folder / "roster.csv", cases, accounts)
    command("roster", "import", str(folder / "roster.csv"), "--yes")
    for case in cases:
        command("bind", channel, case.id, "--school", case.group.school, "--group", case.group.name)


@contextlib.contextmanager
def running() -> Iterator[Service]:
    """A service in this process, answering on loopback, with a worker that reads."""
    configure_logs()  # to standard error; a command's output is read while the worker works
    rooms = build_rooms()
    server = uvicorn.Server(
        uvicorn.Config(build_app(rooms, work=False, schedule=False), log_config=None, access_log=False)
    )
    worker = Worker(build_rooms())
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        threads: Sequence[threading.Thread] = [
            threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="server"),
            threading.Thread(target=worker.run, name="worker"),
        ]
        for thread in threads:
            thread.start()
        service = Service(f"http://127.0.0.1:{listener.getsockname()[1]}", rooms)
        try:
            while not server.started:
                time.sleep(0.01)
            yield service
        finally:
            server.should_exit = True
            worker.stopped.set()
            for thread in threads:
                thread.join()
            service.client.close()
            worker.rooms.database.close()

"""The same through WeCom: a bot in the group, whose messages carry neither time nor name, and a teacher's forward."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot import clock
from bot.app import build_app
from bot.cli.replay import Case
from bot.logs import configure_logs
from bot.reading.member import speaker
from bot.wiring import build_rooms
from bot.worker import Worker
from tests.flow.cases import counties, recorded, replayed
from tests.flow.service import set_up, settings
from tests.flow.wire import SECRETS, Signed, app_request, app_text, bot_request, bot_text

CASES = {case.id: case for county in counties("dev-groups.jsonl") for case in county}


@dataclass
class Wall:
    """A clock that stands where the test sets it."""

    at: datetime = field(default_factory=lambda: datetime.fromisoformat("2020-02-01T00:00:00+08:00"))


@pytest.fixture
def wall(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wall:
    """The clock of a deployment that has the default of seven open days."""
    wall = Wall()
    settings(monkeypatch, database_url, tmp_path, OPEN_DAYS="7", **SECRETS)
    monkeypatch.setattr(clock, "now", lambda: wall.at)
    configure_logs()
    return wall


def accounts(case: Case) -> dict[str, str]:
    """The 平台账号 of each member: those of the senders whose nicknames are of the member's family."""
    scene = case.scene()
    found: dict[str, list[str]] = defaultdict(list)
    for number, sender in enumerate(dict.fromkeys(message.sender for message in case.messages)):
        for member in speaker(sender, None, scene).members:
            found[member.name].append(f"user-{number}")
    return {name: "、".join(users) for name, users in found.items()}


def post(client: TestClient, channel: str, sent: Signed) -> None:
    answer = client.post(f"/hooks/{channel}?{sent.query}", content=sent.body, headers=sent.headers)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("case", [CASES["dg-03"], CASES["dg-13"]], ids=lambda case: case.id)
def test_a_group_through_the_bot(case: Case, wall: Wall, tmp_path: Path) -> None:
    set_up(tmp_path, [case], "wecom-bot", accounts(case))
    rooms = build_rooms()
    worker = Worker(rooms)
    pipeline = worker.pipeline()
    users = {sender: f"user-{n}" for n, sender in enumerate(dict.fromkeys(m.sender for m in case.messages))}
    with TestClient(build_app(build_rooms(), work=False, schedule=False)) as client:
        for message in case.messages:
            wall.at = message.at
            text = bot_text(message.id, case.id, users[message.sender], message.text)
            post(client, "wecom-bot", bot_request(text, wall.at))
            worker.drain(pipeline)
    rooms.database.close()
    expected = replayed(case)
    assert recorded(case) == expected


def test_a_teachers_forward_through_the_app(wall: Wall, tmp_path: Path) -> None:
    """One message of a teacher, one to one, holds a whole chain; the group is that of the teacher's chat."""
    case = CASES["dg-01"]
    chain = max(case.messages, key=lambda message: len(message.text))
    forwarded = case.model_copy(update={"id": "LinXT", "messages": [chain.model_copy(update={"sender": ""})]})
    set_up(tmp_path, [forwarded], "wecom-app")
    rooms = build_rooms()
    wall.at = chain.at
    with TestClient(build_app(build_rooms(), work=False, schedule=False)) as client:
        post(client, "wecom-app", app_request(app_text(1, "linxt", chain.text, chain.at), wall.at))
    worker = Worker(rooms)
    worker.drain(worker.pipeline())
    rooms.database.close()
    expected = replayed(forwarded)
    assert len(expected) > 20
    assert recorded(forwarded) == expected

"""The answer table of the contract, row by row, on both databases; nothing of a refused request is stored."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import Connection, event, func, select
from starlette.testclient import TestClient

from bot import clock
from bot.app import build_app
from bot.logs import configure_logs
from bot.wiring import build_rooms
from models.audit import AuditRow
from models.chat import Unbound
from models.message import InboxMessage
from tests.flow.service import GATEWAY_SECRET, settings, signed
from tests.flow.wire import AES_KEY, CORP_ID, SECRETS, Signed, app_request, app_text, bot_request, bot_text
from tests.intake.county import SECRET, County, bind, small_county
from tests.postgres import Server

NOW = datetime(2020, 2, 18, 0, 5, tzinfo=UTC)
LATE = NOW - timedelta(seconds=301)
OTHER_SECRET = "whsec_" + GATEWAY_SECRET[:5:-1].replace("=", "A")
CHANNELS = ("gateway/demo", "wecom-bot", "wecom-app")


def gateway_request(at: datetime = NOW, chat: str = "room-1", text: str = "李雷 36.5") -> Signed:
    body = json.dumps(
        {
            "id": "m1",
            "chat_id": chat,
            "sender_id": "wxid-1",
            "sender_name": "李雷妈妈",
            "sent_at": "2020-02-18T08:01:02+08:00",
            "kind": "text",
            "text": text,
        }
    )
    return Signed("", body, signed("m1", body, at))


def request(channel: str, at: datetime = NOW, chat: str = "room-1") -> Signed:
    """A right request of a channel; WeCom's app is one to one, its chat is the sender."""
    if channel == "wecom-bot":
        return bot_request(bot_text("m1", chat, "lilei-mama", "李雷 36.5"), at)
    if channel == "wecom-app":
        return app_request(app_text(1, chat, "李雷 36.5", NOW), at)
    return gateway_request(at, chat)


@dataclass
class Running:
    county: County
    client: TestClient

    def post(self, channel: str, sent: Signed) -> tuple[int, bytes]:
        answer = self.client.post(f"/hooks/{channel}?{sent.query}", content=sent.body, headers=sent.headers)
        return answer.status_code, answer.content

    def kept(self) -> int:
        with self.county.database.read() as session:
            return session.scalar(select(func.count()).select_from(InboxMessage)) or 0

    def counted(self) -> dict[str, int]:
        with self.county.database.read() as session:
            return dict(session.execute(select(Unbound.channel, Unbound.messages)).all())

    def audit(self) -> list[str]:
        with self.county.database.read() as session:
            return list(session.scalars(select(AuditRow.act)))


@pytest.fixture
def running(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    gateways = json.dumps({"demo": GATEWAY_SECRET, "other": OTHER_SECRET})
    secrets = SECRETS | {"GATEWAY_SECRETS": gateways}
    settings(monkeypatch, database_url, tmp_path, SECRET_KEY=SECRET.decode(), **secrets)
    monkeypatch.setattr(clock, "now", lambda: NOW)
    county = small_county(database_url)
    with county.database.write() as session:
        for channel in ("wecom-bot", "wecom-app"):
            bind(session, channel, "room-1", county.group_id)
        bind(session, "gateway/other", "room-2", county.group_id)
    with TestClient(build_app(build_rooms(), work=False, schedule=False), raise_server_exceptions=False) as client:
        yield Running(county, client)
    county.database.close()


@pytest.mark.parametrize("channel", CHANNELS)
def test_durable_or_known_already(running: Running, channel: str) -> None:
    assert [running.post(channel, request(channel))[0] for _ in range(3)] == [200, 200, 200]
    assert running.county.states() == {"waiting": 1}


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_right_signature_with_a_wrong_clock(
    running: Running, channel: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs()
    assert running.post(channel, request(channel, LATE))[0] == 200
    (alarm,) = [json.loads(line) for line in capsys.readouterr().err.splitlines() if "quarantine" in line]
    assert (alarm["level"], alarm["channel"]) == ("error", channel)
    assert running.county.states() == {"quarantined": 1}
    assert running.audit() == ["quarantined"]


@pytest.mark.parametrize("channel", CHANNELS)
def test_an_unbound_chat(running: Running, channel: str) -> None:
    assert running.post(channel, request(channel, chat="room-9"))[0] == 200
    assert running.kept() == 0
    assert running.counted() == {channel: 1}


def test_a_chat_of_another_gateway(running: Running) -> None:
    assert running.post("gateway/demo", gateway_request(chat="room-2")) == (403, b"forbidden")
    assert running.kept() == 0
    assert running.audit() == ["foreign_chat"]


def without(name: str) -> Callable[[Signed], Signed]:
    def change(sent: Signed) -> Signed:
        query = "&".join(pair for pair in sent.query.split("&") if not pair.startswith(f"{name}="))
        return replace(sent, query=query)

    return change


def doubled(name: str) -> Callable[[Signed], Signed]:
    def change(sent: Signed) -> Signed:
        pair = next(pair for pair in sent.query.split("&") if pair.startswith(f"{name}="))
        return replace(sent, query=f"{sent.query}&{pair}")

    return change


def wrong(sent: Signed) -> Signed:
    return replace(sent, query=sent.query.replace("msg_signature=", "msg_signature=0").replace("&", "0&", 1)[:-1])


def sealed_for(key: str = AES_KEY, receiver: str | None = None) -> Callable[[str], Signed]:
    def make(channel: str) -> Signed:
        if channel == "wecom-bot":
            return bot_request(bot_text("m1", "room-1", "lilei-mama", "李雷 36.5"), NOW, key, receiver or "")
        return app_request(app_text(1, "room-1", "李雷 36.5", NOW), NOW, key, receiver or CORP_ID)

    return make


CHANGES: dict[str, Callable[[Signed], Signed]] = {
    **{f"no {name}": without(name) for name in ("msg_signature", "timestamp", "nonce")},
    **{f"two of {name}": doubled(name) for name in ("msg_signature", "timestamp", "nonce")},
    "wrong signature": wrong,
}
OTHERS: dict[str, Callable[[str], Signed]] = {
    "another key": sealed_for(key=AES_KEY[::-1][1:] + "A"),
    "another receiver": sealed_for(receiver="ww0000000000000000"),
}


@pytest.mark.parametrize("forged", [*CHANGES, *OTHERS])
@pytest.mark.parametrize("channel", ["wecom-bot", "wecom-app"])
def test_what_is_not_authentic_gets_one_answer(running: Running, channel: str, forged: str) -> None:
    sent = OTHERS[forged](channel) if forged in OTHERS else CHANGES[forged](request(channel))
    assert running.post(channel, sent) == (403, b"forbidden")
    assert running.kept() == 0
    assert running.counted() == {}


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("value", [None, "", "v1,AAAA", "é"])
def test_a_gateway_that_is_not_authentic(running: Running, header: str, value: str | None) -> None:
    sent = gateway_request()
    headers = {name: old for name, old in sent.headers.items() if name != header}
    if value is not None:
        headers[header] = value.encode().decode("latin-1")
    answer = running.client.post(
        "/hooks/gateway/demo",
        content=sent.body,
        headers=[(name.encode(), text.encode("latin-1")) for name, text in headers.items()],
    )
    assert (answer.status_code, answer.content) == (403, b"forbidden")
    assert running.kept() == 0


def test_a_gateway_speaks_with_its_own_secret(running: Running) -> None:
    assert running.post("gateway/other", gateway_request(chat="room-2")) == (403, b"forbidden")
    assert running.kept() == 0


@pytest.mark.parametrize("channel", ["gateway/nobody", "gateway", "onebot", "official-account", "x", "gateway/demo/x"])
def test_a_channel_that_is_off_or_unknown(running: Running, channel: str) -> None:
    assert running.post(channel, gateway_request())[0] == 404
    assert running.client.get(f"/hooks/{channel}").status_code == 404


@pytest.mark.parametrize(
    ("channel", "body"), [("wecom-bot", "{"), ("wecom-bot", "[]"), ("wecom-app", "<xml>"), ("wecom-app", "")]
)
def test_malformed(running: Running, channel: str, body: str) -> None:
    assert running.post(channel, replace(request(channel), body=body))[0] == 400
    assert running.kept() == 0


@pytest.mark.parametrize("body", ["{", "[]", '{"id": "m1"}', ""])
def test_malformed_and_rightly_signed(running: Running, body: str) -> None:
    sent = Signed("", body, signed("m1", body, NOW))
    assert running.post("gateway/demo", sent)[0] == 400
    assert running.kept() == 0


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_forms_are_not_taken(running: Running, channel: str, kind: str) -> None:
    sent = request(channel)
    assert running.post(channel, replace(sent, headers=sent.headers | {"content-type": kind}))[0] == 415
    assert running.kept() == 0


@pytest.mark.parametrize("channel", CHANNELS)
def test_too_large(running: Running, channel: str) -> None:
    sent = request(channel)
    assert running.post(channel, replace(sent, body=sent.body + " " * 256 * 1024))[0] == 413
    answer = running.client.post(
        f"/hooks/{channel}?{sent.query}", content=(b" " * 4096 for _ in range(100)), headers=sent.headers
    )
    assert answer.status_code == 413, "a body without a length is counted while it comes"
    assert running.kept() == 0


def test_health_and_readiness(running: Running) -> None:
    assert running.client.get("/healthz").status_code == 200
    assert running.client.get("/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/metrics", "/nowhere", "/hooks/"])
def test_nothing_else_is_public(running: Running, path: str) -> None:
    assert running.client.get(path).status_code == 404


def test_the_address_is_verified(running: Running) -> None:
    sent = app_request("1616140317555161061", NOW)
    encrypt = sent.body.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    answer = running.client.get(f"/hooks/wecom-app?{sent.query}&{urlencode({'echostr': encrypt})}")
    assert (answer.status_code, answer.text) == (200, "1616140317555161061")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_forged_address_check_is_not_echoed(running: Running) -> None:
    query = f"{request('wecom-app').query}&{urlencode({'echostr': '<script>alert(1)</script>'})}"
    answer = running.client.get(f"/hooks/wecom-app?{query}")
    assert (answer.status_code, answer.content) == (403, b"forbidden")


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 while it is full, ready again by itself when there is space; what was acknowledged is there."""
    url = f"sqlite:///{tmp_path / 'jielong.db'}"
    settings(monkeypatch, url, tmp_path, SECRET_KEY=SECRET.decode())
    monkeypatch.setattr(clock, "now", lambda: NOW)
    county = small_county(url)
    rooms = build_rooms()
    most_pages = {"now": 2**31}

    @event.listens_for(rooms.database.engine, "begin", insert=True)
    def limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={most_pages['now']}")

    with TestClient(build_app(rooms, work=False, schedule=False)) as client:
        running = Running(county, client)
        assert running.post("gateway/demo", gateway_request(text="李雷 36.5"))[0] == 200
        most_pages["now"] = 1  # no page more than there is
        statuses = [
            running.post("gateway/demo", gateway_request(text=f"李雷 36.5 {'长' * 20_000}{n}"))[0] for n in range(3)
        ]
        assert set(statuses) == {503}
        kept = running.kept()
        most_pages["now"] = 2**31
        assert client.get("/readyz").status_code == 200
        assert running.post("gateway/demo", gateway_request(text="李雷 36.6"))[0] == 200
        assert (kept, running.kept()) == (1, 2)
    county.database.close()


def test_an_absent_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 while PostgreSQL is away, and alive all the while; it heals without a restart."""
    with Server() as server, server.database() as url:
        settings(monkeypatch, url, tmp_path, SECRET_KEY=SECRET.decode())
        monkeypatch.setattr(clock, "now", lambda: NOW)
        county = small_county(url)
        with TestClient(build_app(build_rooms(), work=False, schedule=False)) as client:
            running = Running(county, client)
            assert client.get("/readyz").status_code == 200
            county.database.close()
            server.stop()
            assert running.post("gateway/demo", gateway_request())[0] == 503
            assert client.get("/readyz").status_code == 503
            assert client.get("/healthz").status_code == 200
            server.start()
            assert client.get("/readyz").status_code == 200
            assert running.post("gateway/demo", gateway_request())[0] == 200
            assert running.kept() == 1
        county.database.close()


def test_a_declared_length_is_believed_where_it_is_too_large(running: Running) -> None:
    sent = request("wecom-bot")
    headers = sent.headers | {"content-length": str(10**9)}
    assert running.client.post("/hooks/wecom-bot", content=iter([b"x"]), headers=headers).status_code == 413


def test_other_keys_take_nothing(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """With another secret no chat would be found: better to take nothing than to acknowledge and lose it."""
    monkeypatch.setenv("JIELONG_SECRET_KEY", "another-made-up-secret-of-the-tests-of-32-characters")
    with TestClient(build_app(build_rooms(), work=False, schedule=False)) as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 503
        sent = gateway_request()
        assert client.post("/hooks/gateway/demo", content=sent.body, headers=sent.headers).status_code == 503
    assert running.counted() == {}

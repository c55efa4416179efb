"""The roles as processes: they answer, they end with all that they started, and say in one sentence why they cannot."""

import json
import socket
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from bot.cli.replay import CaseMessage
from tests.cli.roles import END_SECONDS, group_is_gone, role, wait_for
from tests.flow.cases import command
from tests.flow.service import GATEWAY, gateway_body, signed, wait_drained


def send(port: int, texts: Sequence[str]) -> None:
    """Post texts of one chat to the gateway."""
    for number, text in enumerate(texts):
        message = CaseMessage(
            id=f"m{number}", at=datetime(2020, 2, 18, 0, number, tzinfo=UTC), sender="李雷妈妈", text=text
        )
        body = gateway_body("room-1", message)
        answer = httpx2.post(f"http://127.0.0.1:{port}/hooks/{GATEWAY}", content=body, headers=signed(message.id, body))
        assert answer.status_code == 200


def county(tmp_path: Path) -> None:
    """A school with one class whose chat is bound."""
    command("init", "--county", "演示县", "--city", "演示市", "--province", "辽宁省", "--since", "2020-01-15")
    roster = tmp_path / "roster.csv"
    roster.write_text("学校,班级,姓名,身份\n演示小学,三年二班,李雷,学生\n", encoding="utf-8")
    command("roster", "import", str(roster), "--yes")
    command("bind", GATEWAY, "room-1", "--school", "演示小学", "--group", "三年二班")


def test_roles_apart(port: int, tmp_path: Path) -> None:
    """What `serve --no-work` receives, `jielong work` reads."""
    county(tmp_path)
    with role("serve", "--port", str(port), "--no-work", "--no-schedule") as serve:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        send(port, ["李雷 36.5", "李雷 36.6"])
        assert json.loads(command("status", "--json"))["inbox"]["waiting"] == 2
        with role("work") as work:
            assert wait_drained()["done"] == 2
            for child in (serve, work):
                child.terminate()
                child.communicate(timeout=END_SECONDS)
                assert child.returncode == 0


def test_a_reader_ends_with_a_killed_service(port: int, tmp_path: Path) -> None:
    county(tmp_path)
    with role("serve", "--port", str(port)) as child:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        send(port, ["李雷 36.5"])
        assert wait_drained()["done"] == 1  # the reader is there
        child.kill()
        child.wait()
        deadline = time.monotonic() + END_SECONDS
        while not group_is_gone(child.pid):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_it_cannot_serve(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*words: str) -> str:
        with role(*words) as child:
            _, err = child.communicate(timeout=20)
            assert child.returncode == 2
            return err.strip()

    assert refused("serve", "--port", str(port)) == "数据库尚未初始化或版本不符，请先运行 jielong init"
    command("init", "--county", "演示县", "--city", "演示市", "--province", "辽宁省", "--since", "2020-01-15")
    with socket.create_server(("127.0.0.1", port)):
        assert "端口已被占用" in refused("serve", "--port", str(port))
    monkeypatch.setenv("JIELONG_SECRET_KEY", "another-made-up-secret-of-the-tests-of-32-characters")
    assert "JIELONG_SECRET_KEY" in refused("serve", "--port", str(port))
    assert "JIELONG_SECRET_KEY" in refused("status")
    monkeypatch.setenv("JIELONG_WECOM_BOT_TOKEN", "short")
    assert "JIELONG_WECOM_BOT_TOKEN" in refused("serve", "--port", str(port))

"""The roles as processes: they answer, they end with all that they started, and say in one sentence why they cannot."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.flow.cases import command
from tests.flow.service import settings, wait_drained

END_SECONDS = 10


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A free port; the environment names an empty folder."""
    settings(monkeypatch, f"sqlite:///{tmp_path / 'jielong.db'}", tmp_path, OPEN_DAYS="7")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


@contextmanager
def role(*words: str) -> Iterator[subprocess.Popen[str]]:
    """A role in a process group of its own, as `make` starts it."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        try:
            yield child
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)


def wait_for(url: str) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            if httpx2.get(url, timeout=1).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.05)


def group_is_gone(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("to_group", [True, False], ids=["to the group", "to the service"])
def test_the_demo_serves_and_ends_with_its_reader(port: int, how: signal.Signals, *, to_group: bool) -> None:
    with role("demo", "--port", str(port)) as child:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        wait_for(f"http://127.0.0.1:{port}/readyz")
        inbox = wait_drained()
        assert inbox["done"] == inbox["received"] > 50
        (os.killpg if to_group else os.kill)(child.pid, how)
        out, _ = child.communicate(timeout=END_SECONDS)
        assert child.returncode == 0
        assert f"http://127.0.0.1:{port}" in out
        assert group_is_gone(child.pid)


def test_a_second_demo_adds_nothing(port: int) -> None:
    received = []
    for _ in range(2):
        with role("demo", "--port", str(port)) as child:
            wait_for(f"http://127.0.0.1:{port}/healthz")
            received.append(wait_drained()["received"])
            child.terminate()
            child.communicate(timeout=END_SECONDS)
    assert received[0] == received[1]


def test_roles_apart(port: int) -> None:
    """What `serve --no-work` receives, `jielong work` reads."""
    with role("demo", "--port", str(port)) as child:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        child.kill()
    with role("serve", "--port", str(port), "--no-work", "--no-schedule") as serve, role("work") as work:
        wait_for(f"http://127.0.0.1:{port}/readyz")
        assert wait_drained()["waiting"] == 0
        for child in (serve, work):
            child.terminate()
            child.communicate(timeout=END_SECONDS)
            assert child.returncode == 0


def test_a_reader_ends_with_a_killed_service(port: int) -> None:
    with role("demo", "--port", str(port)) as child:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        wait_drained()
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

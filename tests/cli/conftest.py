"""The command line in this process, on databases of its own."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from tests.flow.service import settings

HOME = ["--county", "演示县", "--city", "演示市", "--province", "辽宁省", "--since", "2020-01-15"]
INIT = ["init", *HOME, "--risk-area", "武汉市", "--risk-area", "湖北省"]


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    status: int
    out: str
    err: str


Jielong = Callable[..., Said]


def run(*words: str) -> Said:
    """Run a command."""
    result = CliRunner().invoke(main, list(words), prog_name="jielong")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Said(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def jielong(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Jielong:
    """Commands on an empty database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JIELONG_DATABASE_URL", database_url)
    monkeypatch.setenv("JIELONG_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("JIELONG_SECRET_KEY", "a-made-up-secret-of-the-tests-32-characters-or-more")
    return run


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A free port; the environment names an empty folder."""
    settings(monkeypatch, f"sqlite:///{tmp_path / 'jielong.db'}", tmp_path, OPEN_DAYS="7")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number

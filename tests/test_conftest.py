"""The ground that the other tests stand on."""

import signal
import socket
from pathlib import Path

import pytest
from pytest_socket import SocketConnectBlockedError
from sqlalchemy import inspect, text

from models.database import open_database
from models.sealing import Keyring
from tests import postgres
from tests.postgres import Server, ServerMissing


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_database(empty_database_url: str, turn: int) -> None:
    database = open_database(empty_database_url, Keyring.of(b"a secret of the tests, made up here"))
    with database.write() as session:
        assert inspect(session.connection()).get_table_names() == []
        session.execute(text(f"CREATE TABLE left_by_turn_{turn} (id INTEGER PRIMARY KEY)"))
    with database.read() as session:
        assert inspect(session.connection()).get_table_names() == [f"left_by_turn_{turn}"]
    database.close()


def test_a_server_forgets_nothing_in_a_crash() -> None:
    with Server() as server, server.database() as url:
        database = open_database(url, Keyring.of(b"a secret of the tests, made up here"))
        with database.write() as session:
            session.execute(text("CREATE TABLE kept (id INTEGER PRIMARY KEY)"))
        server.stop(signal.SIGQUIT)
        server.start()
        with database.read() as session:
            assert inspect(session.connection()).get_table_names() == ["kept"]
        database.close()
    assert not server.folder.exists()


def test_without_a_server_the_line_to_run_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "INSTALLED", tmp_path)
    with pytest.raises(ServerMissing, match="sudo apt-get install postgresql"), Server():
        pass


@pytest.mark.filterwarnings("ignore:A test tried to use socket.socket.connect")
@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "2001:db8::1"])  # RFC 5737, 1918, 3849
def test_no_address_but_loopback_is_reached(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as connection, pytest.raises(SocketConnectBlockedError):
        connection.connect((address, 80))

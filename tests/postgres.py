"""A PostgreSQL server for the tests: Debian's programs, on loopback, in a folder of its own, gone with the tests.

Nothing is synced to the disk (fsync off): fast, and it outlives the death of its processes, not that of the machine.
pytest-postgresql would do, but cannot start a server where the tests run as root (its issue 455), as in a container.
"""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql

INSTALLED = Path("/usr/lib/postgresql")  # Debian keeps the programs of each version in VERSION/bin there
INITDB_OPTIONS = ("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
START_SECONDS = 30
STOP_SECONDS = 30


class ServerMissing(Exception):
    """The machine has no PostgreSQL server; says how to get one."""


class ServerFailed(Exception):
    """The server did not come up; has its log."""


def programs() -> Path:
    """The folder of the newest installed version's programs; raises ServerMissing."""
    found = sorted(INSTALLED.glob("*/bin/postgres"), key=lambda program: float(program.parts[-3]))
    if not found:
        raise ServerMissing(
            "The tests need Debian's packages: make test installs them, or: sudo apt-get install postgresql"
        )
    return found[-1].parent


def _as_server() -> list[str | Path]:
    """Words before a server's command: it ends when the tests die, and runs as postgres where they run as root."""
    words: list[str | Path] = ["setpriv", "--pdeathsig", "INT"]
    return [*words, "--reuid", "postgres", "--regid", "postgres", "--init-groups"] if os.geteuid() == 0 else words


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass
class Server:
    """One cluster with its process; `with Server() as server` starts and removes it."""

    port: int = field(default_factory=_free_port)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="jielong-postgres-")))
    _process: subprocess.Popen[bytes] | None = None
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def __enter__(self) -> Self:
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(self.folder, "postgres", "postgres")
        try:
            subprocess.run(
                [*_as_server(), programs() / "initdb", "-D", self.folder / "data", "-U", "postgres", *INITDB_OPTIONS],
                cwd=self.folder,
                check=True,
                capture_output=True,
            )
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Start, or start again, and wait until it answers; raises ServerFailed."""
        options = {
            "fsync": "off",
            "full_page_writes": "off",
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
        }
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_as_server(), programs() / "postgres", "-D", self.folder / "data"]
                + [f"--{name}={value}" for name, value in options.items()],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C ends the tests first; they end the server
            )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise ServerFailed((self.folder / "log").read_text()) from error
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT in order, SIGQUIT as in a crash; does nothing where it does not run."""
        if self._process is None:
            return
        self._process.send_signal(how)
        self._process.wait(STOP_SECONDS)
        self._process = None

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The address of a new database like the template, which is dropped afterwards, whoever is still connected."""
        name = f"test_{next(self._numbers)}"
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(create)
        try:
            yield self.url(name)
        finally:
            with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

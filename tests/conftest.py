"""What all tests share: real databases, and how Hypothesis looks for counterexamples."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from bot.wiring import upgrade
from models.database import open_database
from models.sealing import Keyring
from tests.postgres import Server

# No deadline: how long an example takes is the machine's affair. CI tries the same examples each time, people new ones.
hypothesis.settings.register_profile("jielong", deadline=None, derandomize="CI" in os.environ, print_blob=True)
hypothesis.settings.load_profile("jielong")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server that all tests share; started when the first one asks."""
    with Server() as server:
        yield server


@pytest.fixture(scope="session")
def schema_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that has the schema, and nothing else."""
    path = tmp_path_factory.mktemp("schema") / "schema.db"
    make_schema(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def schema_database(postgres: Server) -> Iterator[str]:
    """The name of a PostgreSQL database that has the schema, and nothing else."""
    with postgres.database() as url:
        make_schema(url)
        yield url.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database; a test that asks for it runs on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'jielong.db'}"
        return
    server: Server = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that has the schema and no row: copied, since migrating each would take minutes."""
    if request.param == "sqlite":
        path = tmp_path / "jielong.db"
        shutil.copyfile(request.getfixturevalue("schema_file"), path)
        yield f"sqlite:///{path}"
        return
    server: Server = request.getfixturevalue("postgres")
    with server.database(request.getfixturevalue("schema_database")) as url:
        yield url


def make_schema(url: str) -> None:
    """Migrate an empty database; its keys are not sealed into it."""
    database = open_database(url, Keyring.of(b"no key is used before anything is stored, 32 bytes"))
    upgrade(database)
    database.close()

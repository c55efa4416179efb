"""What all tests share: real databases, and how Hypothesis looks for counterexamples."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.postgres import Server

# No deadline: how long an example takes is the machine's affair. CI tries the same examples each time, people new ones.
hypothesis.settings.register_profile("jielong", deadline=None, derandomize="CI" in os.environ, print_blob=True)
hypothesis.settings.load_profile("jielong")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server that all tests share; started when the first one asks."""
    with Server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database; a test that asks for it runs on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'jielong.db'}"
        return
    server: Server = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url

"""A database with every table, of both kinds."""

from collections.abc import Iterator

import pytest

from bot.wiring import migrate
from models.database import Database, open_database
from tests.intake.county import KEYRING


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = open_database(database_url, KEYRING)
    migrate(database, KEYRING)
    yield database
    database.close()

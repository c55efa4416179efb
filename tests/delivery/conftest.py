"""An office on each kind of database."""

from collections.abc import Iterator

import pytest

from tests.delivery.office import Office, open_office


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    with open_office(database_url) as opened:
        yield opened

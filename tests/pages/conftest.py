"""A county with pages, on each kind of database, at a fixed time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import clock
from bot.pages.visit import Desk
from tests.intake.county import small_county
from tests.pages.desk import NOW, desk_of


@pytest.fixture
def desk(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The pages of the small county, at 08:05 at school."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    county = small_county(database_url)
    yield desk_of(county)
    county.database.close()


@pytest.fixture
def embedded_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The same on SQLite alone, where rows do not matter."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    county = small_county(f"sqlite:///{tmp_path / 'jielong.db'}")
    yield desk_of(county)
    county.database.close()

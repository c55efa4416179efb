"""A fake platform, and towns whose robots stand there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import clock
from tests.clockwork.town import MakeTown, town_maker
from tests.delivery.robot import FakeRobot
from tests.flow.service import settings


@pytest.fixture
def robot(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRobot]:
    """The platform; the environment names it and an empty database."""
    with FakeRobot(now=clock.now) as robot:
        settings(monkeypatch, database_url, tmp_path, WECOM_API_URL=robot.url, OPEN_DAYS="7")
        yield robot


@pytest.fixture
def town(robot: FakeRobot) -> Iterator[MakeTown]:
    del robot
    with town_maker() as make:
        yield make

"""The bureau's page in a real browser, on a phone and on a desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import clock
from models.vocabulary import UserRole
from tests.browser import PHONE, browser
from tests.intake.county import NOW, small_county
from tests.pages.desk import desk_of, signed_in
from tests.pages.test_in_a_browser import opened, served
from tests.pages.town import Town

LONG = "演示县城关镇东风路九年一贯制实验学校（分校）"


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A school that is complete, one with a long name that is not, and many groups that nobody heard of."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    county = small_county(f"sqlite:///{tmp_path / 'jielong.db'}")
    desk = desk_of(county)
    town = Town(county, desk, signed_in(desk, UserRole.BUREAU))
    town.complete_school()
    for number in range(12):
        town.person(town.group(LONG, f"{number}班"), f"某{number}")
    yield town
    county.database.close()


@pytest.mark.parametrize("width", [PHONE["width"], 1200])
@pytest.mark.parametrize("larger", [1, 1.3], ids=["usual text", "larger text"])
def test_nothing_is_cut_and_one_tap_confirms(town: Town, width: int, larger: float) -> None:
    with served(town.desk) as desk, browser(width) as tab:
        opened(tab, desk)
        tab.evaluate(f"document.documentElement.style.fontSize = '{larger * 100}%'")
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
        button = tab.get_by_role("button", name="确认无情况")
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        button.click()
        tab.wait_for_url("**/bureau#zero")
        assert "已确认 08:05" in tab.locator("#zero").inner_text()
        tab.get_by_role("button", name="撤销").click()
        tab.get_by_role("button", name="确认无情况").wait_for()
        assert len(town.reports()) == 1


def test_the_folded_groups_open(town: Town) -> None:
    with served(town.desk) as desk, browser() as tab:
        opened(tab, desk)
        last = tab.get_by_text(f"{LONG} 11班")
        assert not last.is_visible()
        tab.get_by_text("其余 5 个群").click()
        assert last.is_visible()

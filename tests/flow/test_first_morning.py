"""A morning as a school has it: messages through the webhook, then the teacher's page on a phone."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page

from bot.cli.replay import Case
from models.vocabulary import State
from tests.browser import PHONE, browser
from tests.flow.cases import CORPUS, command, counties
from tests.flow.service import running, set_up, settings, wait_drained

EVERY = [case for county in counties("dev-groups.jsonl") for case in county]
HOW_MANY = 4  # of the corpus, evenly chosen: a class and a staff group among them
CASES = EVERY[:: len(EVERY) // HOW_MANY][:HOW_MANY]
ON = [(case, "sqlite") for case in CASES] + [(CASES[-1], "postgresql")]
LABELS = {
    one["id"]: one["expect"] for one in map(json.loads, (CORPUS / "dev-groups.jsonl").read_text("utf-8").splitlines())
}
NAMES = {  # where a name of each state stands on the page
    State.MISSING: "#missing .nm b",
    State.FLAGGED: "#flagged .nm b",
    State.REVIEW: "#review b",
    State.CLEAR: "#clear .names b",
}


def states(case: Case, day: date) -> dict[State, set[str]]:
    """The names by state, as `jielong records` prints them."""
    found: dict[State, set[str]] = {state: set() for state in State}
    words = ("records", "--day", day.isoformat(), "--school", case.group.school, "--format", "jsonl")
    for line in command(*words).splitlines():
        row = json.loads(line)
        if row["group"] == case.group.name:
            found[State(row["state"])].add(row["member"])
    return found


def sign_in(page: Page, url: str, *unit: str) -> None:
    """As somebody does who got a link."""
    link = command("link", *unit).strip()
    page.goto(re.sub(r"^https?://[^/]+", url, link))
    page.locator("button").first.click()


def shown(page: Page, state: State) -> set[str]:
    """The names that the page has in the section of a state."""
    return {name for text in page.locator(NAMES[state]).all_text_contents() for name in text.split("、")}


@pytest.mark.parametrize(
    ("case", "database_url"), ON, indirect=["database_url"], ids=[f"{case.id}-{kind}" for case, kind in ON]
)
def test_the_teacher_finds_everybody_in_the_right_place(
    case: Case, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(monkeypatch, database_url, tmp_path)
    set_up(tmp_path, [case])
    with running() as service, browser() as page:
        for message in case.messages:
            assert service.post(case.id, message).status_code == 200
        wait_drained()
        sign_in(page, service.url, "--role", "teacher", "--school", case.group.school, "--group", case.group.name)
        home = page.url
        for day in sorted({message.at.date() for message in case.messages}):
            page.goto(f"{home}?day={day.isoformat()}")
            expected = states(case, day)
            heard = sum(len(names) for state, names in expected.items() if state is not State.MISSING)
            everybody = sum(map(len, expected.values()))
            assert page.locator(".sum .num").inner_text().split()[0] == f"{heard}/{everybody}"
            assert {state: shown(page, state) for state in State} == expected
            labels = LABELS[case.id].get(day.isoformat(), {})
            assert expected[State.FLAGGED] == {name for name, record in labels.items() if record["flags"]}
            assert expected[State.MISSING].isdisjoint(labels)
            assert expected[State.CLEAR] <= set(labels)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

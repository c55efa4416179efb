"""From messages on the wire to records: the running service makes of a case what the pure fold makes of it."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.cli.replay import Case
from tests.flow.cases import Row, counties, replayed
from tests.flow.service import Service, command, running, set_up, settings, wait_drained

COUNTIES = counties("dev-modelled.jsonl", "dev-groups.jsonl")


def recorded(days: Iterable[str], case: Case) -> set[Row]:
    """The records of a group, as `jielong records` prints them."""
    found = set()
    for day in days:
        for line in command("records", "--day", day, "--school", case.group.school, "--format", "jsonl").splitlines():
            row = json.loads(line)
            if row["group"] == case.group.name and row["basis"] is not None:
                places = tuple(row["places"])
                found.add((day, row["group"], row["member"], row["temperature"], tuple(row["flags"]), places))
    return found


def post_all(service: Service, cases: list[Case]) -> int:
    for case in cases:
        for message in case.messages:
            assert service.post(case.id, message).status_code == 200
    return sum(len(case.messages) for case in cases)


@pytest.mark.parametrize("cases", COUNTIES, ids=lambda cases: cases[0].id)
def test_records_are_those_of_the_fold(
    cases: list[Case], database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings(monkeypatch, database_url, tmp_path)
    set_up(tmp_path, cases)
    with running() as service:
        posted = post_all(service, cases)
        inbox = wait_drained()
    assert (inbox["received"], inbox["done"], inbox["parked"]) == (posted, posted, 0)
    for case in cases:
        expected = replayed(case)
        days = {row[0] for row in expected} | {message.at.date().isoformat() for message in case.messages}
        assert recorded(sorted(days), case) == expected

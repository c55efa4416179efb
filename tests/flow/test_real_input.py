"""From messages on the wire to records: the running service makes of a case what the pure fold makes of it."""

from pathlib import Path

import pytest

from bot.cli.replay import Case
from tests.flow.cases import counties, recorded, replayed
from tests.flow.service import Service, running, set_up, settings, wait_drained

COUNTIES = counties("dev-modelled.jsonl", "dev-groups.jsonl")


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
        assert recorded(case) == expected

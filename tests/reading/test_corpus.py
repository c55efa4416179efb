"""What the reader makes of the copied corpora, day by day and member by member; nobody is lost without a word."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from bot.cli.replay import Case, as_json, load, outcome
from tests.flow.cases import CORPUS

EXACT_PERCENT = 99.5
DEV_FILES = ("dev-groups.jsonl", "dev-modelled.jsonl")
SUFFIXES = ("特别行政区", "自治区", "自治州", "自治县", "省", "市", "县", "区", "盟")


def bare(place: str) -> str:
    """A division's name without what kind it is of."""
    for suffix in SUFFIXES:
        if place.endswith(suffix) and len(place) > len(suffix) + 1:
            return bare(place.removesuffix(suffix))
    return place


def same_places(one: list[str], other: list[str]) -> bool:
    """Each place has a partner on the other side: one bare name begins with the other."""

    def partners(some: list[str], others: list[str]) -> bool:
        return all(any(bare(a).startswith(bare(b)) or bare(b).startswith(bare(a)) for b in others) for a in some)

    return partners(one, other) and partners(other, one)


def verdicts(name: str) -> Iterator[tuple[str, str]]:
    """For each member-day that labels or reader have: where it is, and what is wrong with it ("" where nothing is)."""
    labels = {one["id"]: one for one in map(json.loads, (CORPUS / name).read_text(encoding="utf-8").splitlines())}
    for case in load(CORPUS / name):
        label, read = labels[case.id], as_json(case, outcome(list(case.heard()), case.scene()))
        records, review = read["records"], read["review"]
        assert isinstance(records, dict)
        assert isinstance(review, list)
        for day in sorted({*label["expect"], *records}):
            wanted, got = label["expect"].get(day, {}), records.get(day, {})
            for member in sorted({*wanted, *got}):
                yield f"{case.id} {day}", wrong(wanted.get(member), got.get(member), reviewed=bool(review))


def wrong(wanted: dict[str, object] | None, got: dict[str, object] | None, *, reviewed: bool) -> str:
    if wanted is None:
        return "invented"
    if got is None:
        return "left to review" if reviewed else "lost"
    places, found = wanted.get("places"), got["places"]
    assert isinstance(found, list)
    agrees = (
        wanted["temperature"] == got["temperature"]
        and wanted["flags"] == got["flags"]
        and (not isinstance(places, list) or same_places(places, found))
    )
    return "" if agrees else "read otherwise"


@pytest.mark.parametrize("name", DEV_FILES)
def test_member_days_are_read_as_they_are_labelled(name: str) -> None:
    found = list(verdicts(name))
    counted = Counter(verdict for _, verdict in found)
    bad = [one for one in found if one[1]]
    assert counted["lost"] == 0, bad
    assert 100 * counted[""] / len(found) >= EXACT_PERCENT, bad


@pytest.mark.parametrize("name", DEV_FILES)
def test_what_needs_a_person_reaches_one(name: str) -> None:
    labels = {one["id"]: one for one in map(json.loads, (CORPUS / name).read_text(encoding="utf-8").splitlines())}

    def waiting(case: Case) -> list[str]:
        return list(outcome(list(case.heard()), case.scene()).review)

    assert {case.id: waiting(case) for case in load(CORPUS / name)} == {
        case_id: label.get("review", []) for case_id, label in labels.items()
    }

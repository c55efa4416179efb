"""Every rule reads its own example and leaves its lookalike; every word of the lists is reached."""

import re
import tomllib
from importlib.resources import files

import pytest

from bot.reading.contact import DESCRIBED
from bot.reading.isolation import ISOLATION
from bot.reading.lexicon import lexicon
from bot.reading.normalise import normalise
from bot.reading.reasons import BY_REASON, REASONS
from bot.reading.rules import Rule
from bot.reading.symptom import FEVER, SYMPTOMS
from bot.reading.temperature import NOTATIONS, Notation
from bot.reading.travel import OUTSIDE
from bot.records.flags import raised
from models.vocabulary import Flag, Reason
from tests.reading.scenes import read

RULES: list[Rule] = [row for table in (SYMPTOMS, FEVER, OUTSIDE, DESCRIBED, ISOLATION) for row in table.rows]
ROWS: list[Rule | Notation] = [*RULES, *NOTATIONS]
HEALTH = tomllib.loads((files("bot.reading.words") / "health.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_a_rule_reads_its_example_and_leaves_its_lookalike(row: Rule | Notation) -> None:
    assert re.search(row.pattern, normalise(row.reads).norm)
    assert not re.search(row.pattern, normalise(row.leaves).norm)


def test_a_rule_has_a_name_of_its_own() -> None:
    names = [row.id for row in ROWS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("word", [word for group in HEALTH["symptom"].values() for word in group])
def test_a_symptom_of_the_list_is_raised_and_denied(word: str) -> None:
    said = read(f"李雷36.5 有点{word}", "李雷妈妈")
    assert Flag.SYMPTOM in raised(said.subjects[0].statements)
    denied = read(f"李雷36.5 无{word}", "李雷妈妈")
    assert raised(denied.subjects[0].statements) == frozenset()


@pytest.mark.parametrize("word", [word for group in HEALTH["well"].values() for word in group])
def test_a_word_of_well_being_raises_nothing(word: str) -> None:
    report = read(f"李雷36.5 {word}", "李雷妈妈")
    assert raised(report.subjects[0].statements) == frozenset()


@pytest.mark.parametrize("word", [word for group in HEALTH["nothing"].values() for word in group])
def test_what_only_looks_like_an_illness_raises_nothing(word: str) -> None:
    found = {match.kind for match in lexicon().found(word, 0, len(word))}
    assert found == {"nothing"}


def test_each_reason_has_its_example_and_its_sentence() -> None:
    assert {row.reason for row in REASONS} == set(Reason)
    assert all(row.example and row.sentence.endswith("。") for row in BY_REASON.values())

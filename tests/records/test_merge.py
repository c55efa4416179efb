"""A day's record from its readings: what stays, what is replaced, what is taken back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from bot.reading.statement import (
    Contact,
    Context,
    Fever,
    Isolation,
    Reading,
    Span,
    Statement,
    Symptom,
    Temperature,
    Travel,
    Value,
    Well,
)
from bot.records.flags import FLAGS, LABELS, raised
from bot.records.merge import merge
from models.vocabulary import Basis, ContactClass, Experiencer, Flag, Polarity, Temporality, Topic
from tests.reading.group import at

NOW = at("07:00")


def said(value: Value, **context: object) -> Statement[Value]:
    return Statement(value, Context(**context), Span(0, 4), "test")  # type: ignore[arg-type]


def celsius(degrees: str, **context: object) -> Statement[Value]:
    return said(Temperature(Decimal(degrees)), **context)


def reading(number: int, *statements: Statement[Value], **more: object) -> Reading:
    """The reading of message m<number>, said so many minutes after seven."""
    plain = Reading(
        key=f"k{number}",
        message=f"m{number}",
        at=NOW + timedelta(minutes=number),
        member=1,
        day=NOW.date(),
        basis=Basis.STATED,
        statements=statements,
        span=Span(0, 9),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


TEMPERATURE = frozenset({Topic.TEMPERATURE})
DAYS: list[tuple[str, list[Reading], str | None, set[Flag], list[str]]] = [
    ("one report", [reading(1, celsius("36.5"))], "36.5", set(), ["m1"]),
    ("a name alone", [reading(1, basis=Basis.INFERRED)], None, set(), ["m1"]),
    (
        "the highest stays, with its fever, when a later one is lower",
        [reading(1, celsius("37.4")), reading(2, celsius("36.6"), said(Well()))],
        "37.4",
        {Flag.FEVER},
        ["m1", "m2"],
    ),
    (
        "every flag stays",
        [reading(1, said(Symptom("咳嗽"))), reading(2, said(Travel("沈阳市"))), reading(3, said(Well()))],
        None,
        {Flag.SYMPTOM, Flag.TRAVEL},
        ["m1", "m2", "m3"],
    ),
    (
        "a correction replaces the number, and the fever that came from it",
        [reading(1, celsius("37.6")), reading(2, celsius("36.7"), replaces=TEMPERATURE)],
        "36.7",
        set(),
        ["m1", "m2"],
    ),
    (
        "a fever said in words stays when the number is corrected",
        [reading(1, celsius("37.6"), said(Fever())), reading(2, celsius("37.1"), replaces=TEMPERATURE)],
        "37.1",
        {Flag.FEVER},
        ["m1", "m2"],
    ),
    (
        "a correction takes back the number said last, not the one of the morning",
        [
            reading(1, celsius("37.5")),
            reading(2, celsius("36.9")),
            reading(3, celsius("36.6"), replaces=TEMPERATURE),
        ],
        "37.5",
        {Flag.FEVER},
        ["m1", "m2", "m3"],
    ),
    (
        "and every copy of it",
        [reading(1, celsius("37.6")), reading(2, celsius("37.6")), reading(3, celsius("36.7"), replaces=TEMPERATURE)],
        "36.7",
        set(),
        ["m1", "m2", "m3"],
    ),
    (
        "a correction of the symptom leaves the number",
        [
            reading(1, celsius("37.6"), said(Symptom("咳嗽"))),
            reading(2, said(Symptom("咳嗽"), polarity=Polarity.NEGATED), replaces=frozenset({Topic.SYMPTOM})),
        ],
        "37.6",
        {Flag.FEVER},
        ["m1", "m2"],
    ),
    (
        "what is said after a correction is not replaced by it",
        [reading(1, celsius("36.7"), replaces=TEMPERATURE), reading(2, celsius("37.4"))],
        "37.4",
        {Flag.FEVER},
        ["m1", "m2"],
    ),
    (
        "a changed line is as if the old one had never been",
        [
            reading(1, celsius("37.5"), said(Travel("沈阳市"))),
            reading(2, celsius("36.5"), retracts=frozenset({"k1"})),
        ],
        "36.5",
        set(),
        ["m2"],
    ),
    (
        "changed twice",
        [
            reading(1, celsius("37.5")),
            reading(2, celsius("37.4"), retracts=frozenset({"k1"})),
            reading(3, celsius("36.5"), retracts=frozenset({"k2"})),
        ],
        "36.5",
        set(),
        ["m3"],
    ),
    (
        "readings of a second group of the same person count with the first",
        [reading(1, celsius("36.5"), member=1), reading(2, celsius("37.3"), member=2)],
        "37.3",
        {Flag.FEVER},
        ["m1", "m2"],
    ),
    (
        "yesterday's fever, over today",
        [reading(1, celsius("38.2", temporality=Temporality.PAST), celsius("36.5"))],
        "36.5",
        set(),
        ["m1"],
    ),
    (
        "the mother's temperature is not the child's",
        [reading(1, celsius("36.5"), celsius("37.8", experiencer=Experiencer.HOUSEHOLD))],
        "36.5",
        {Flag.FAMILY_ILL},
        ["m1"],
    ),
]


@pytest.mark.parametrize(("why", "readings", "temperature", "flags", "messages"), DAYS, ids=[row[0] for row in DAYS])
def test_the_day_of_readings(
    why: str, readings: list[Reading], temperature: str | None, flags: set[Flag], messages: list[str]
) -> None:
    day = merge(readings)
    assert day is not None, why
    assert day.temperature == (None if temperature is None else Decimal(temperature))
    assert day.flags == flags
    assert list(day.messages) == messages


def test_no_reading_is_no_day() -> None:
    assert merge([]) is None


def test_stated_where_anybody_said_so() -> None:
    bare, stated = reading(1, basis=Basis.INFERRED), reading(2, celsius("36.5"))
    day, only_bare = merge([bare, stated]), merge([bare])
    assert day is not None
    assert only_bare is not None
    assert (day.basis, only_bare.basis) == (Basis.STATED, Basis.INFERRED)


def test_each_value_names_the_words_that_it_comes_from() -> None:
    first = replace(celsius("37.4"), span=Span(3, 7), rule="temperature.dot")
    day = merge([reading(1, first), reading(2, celsius("37.4"), said(Travel("沈阳市")))])
    assert day is not None
    assert {(e.what, e.value, e.message) for e in day.evidence} == {
        ("temperature", "37.4", "m1"),
        ("fever", "", "m1"),
        ("travel", "", "m2"),
        ("place", "沈阳市", "m2"),
    }
    assert next(e for e in day.evidence if e.what == "temperature").span == Span(3, 7)


VALUES = st.sampled_from(
    [
        Temperature(Decimal("36.5")),
        Temperature(Decimal("37.4")),
        Temperature(Decimal("36.9")),
        Fever(),
        Symptom("咳嗽"),
        Travel("沈阳市"),
        Travel(None),
        Contact(ContactClass.THREE),
        Isolation(),
        Well(),
    ]
)
CONTEXTS = st.builds(Context, st.sampled_from(Polarity), st.sampled_from(Experiencer), st.sampled_from(Temporality))
STATEMENTS = st.builds(Statement, VALUES, CONTEXTS, st.just(Span(0, 4)), st.just("test"))
READINGS = st.lists(
    st.builds(
        lambda number, statements, replaces, retracts: reading(
            number,
            *statements,
            replaces=frozenset(replaces),
            retracts=frozenset(f"k{other}" for other in retracts if other < number),
        ),
        st.integers(1, 12),
        st.lists(STATEMENTS, max_size=3),
        st.sets(st.sampled_from(Topic), max_size=2),
        st.sets(st.integers(1, 12), max_size=2),
    ),
    max_size=8,
    unique_by=lambda found: found.key,
)


@given(data=st.data(), readings=READINGS)
def test_the_order_in_which_readings_come_decides_nothing(data: st.DataObject, readings: Sequence[Reading]) -> None:
    shuffled = data.draw(st.permutations(readings))
    assert merge(shuffled) == merge(readings)
    assert merge([*readings, *readings]) == merge(readings)


@given(readings=READINGS, more=READINGS)
def test_what_is_added_without_a_correction_lowers_nothing(readings: list[Reading], more: list[Reading]) -> None:
    last = 100
    later = [
        replace(
            added, key=f"l{place}", at=NOW + timedelta(minutes=last + place), replaces=frozenset(), retracts=frozenset()
        )
        for place, added in enumerate(more)
    ]
    before, after = merge(readings), merge([*readings, *later])
    if before is None:
        return
    assert after is not None
    assert after.flags >= before.flags
    assert set(after.places) >= set(before.places)
    assert before.temperature is None or (after.temperature is not None and after.temperature >= before.temperature)


def test_every_flag_has_its_row_and_its_name() -> None:
    assert [row.flag for row in FLAGS] == list(Flag)
    assert len(set(LABELS.values())) == len(Flag)


RAISED = [
    (celsius("37.3"), {Flag.FEVER}),
    (celsius("37.2"), set()),
    (said(Fever()), {Flag.FEVER}),
    (said(Fever(), polarity=Polarity.HEDGED), {Flag.FEVER}),
    (said(Fever(), polarity=Polarity.NEGATED), set()),
    (said(Fever(), temporality=Temporality.PAST), set()),
    (said(Fever(), temporality=Temporality.HYPOTHETICAL), set()),
    (said(Fever(), experiencer=Experiencer.HOUSEHOLD), {Flag.FAMILY_ILL}),
    (said(Fever(), experiencer=Experiencer.OTHER), set()),
    (said(Symptom("咳嗽")), {Flag.SYMPTOM}),
    (said(Symptom("咳嗽"), experiencer=Experiencer.HOUSEHOLD), {Flag.FAMILY_ILL}),
    (said(Travel("沈阳市")), {Flag.TRAVEL}),
    (said(Travel(None), temporality=Temporality.PAST), {Flag.TRAVEL}),
    (said(Travel("沈阳市"), experiencer=Experiencer.HOUSEHOLD), set()),
    (said(Contact(ContactClass.ONE), temporality=Temporality.PAST), {Flag.CONTACT_1}),
    (said(Contact(ContactClass.TWO)), {Flag.CONTACT_2}),
    (said(Contact(ContactClass.THREE)), {Flag.CONTACT_3}),
    (said(Contact(ContactClass.OUTSIDER)), {Flag.CONTACT_OUTSIDER}),
    (said(Contact(ContactClass.ONE), experiencer=Experiencer.HOUSEHOLD), set()),
    (said(Isolation(), temporality=Temporality.FROM), {Flag.ISOLATION}),
    (said(Isolation(), temporality=Temporality.PAST), set()),
    (said(Well()), set()),
]


@pytest.mark.parametrize(
    ("statement", "flags"), RAISED, ids=[str(row[0].value) + str(row[0].context) for row in RAISED]
)
def test_what_raises_a_flag(statement: Statement[Value], flags: set[Flag]) -> None:
    assert raised([statement]) == flags

"""Readings of a person and a day -> what the day's record holds, and which words each value comes from. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from bot.reading.alarm import holds
from bot.reading.order import natural
from bot.reading.statement import Reading, Span, Statement, Temperature, Travel, Value
from bot.records.flags import FLAGS
from models.vocabulary import Basis, Experiencer, Flag, Topic


@dataclass(frozen=True, slots=True)
class Evidence:
    """Which words of which message a value comes from."""

    what: str  # "temperature", a flag's code, "place"
    value: str = field(repr=False)  # "36.5", the place; "" for a flag
    message: str
    member: int
    span: Span
    rule: str


@dataclass(frozen=True, slots=True)
class Day:
    """What the readings of a person and a day say together."""

    basis: Basis
    temperature: Decimal | None = field(repr=False)  # the highest that was stated, °C
    flags: frozenset[Flag] = field(repr=False)
    places: tuple[str, ...] = field(repr=False)  # sorted
    messages: tuple[str, ...]  # that it comes from, in natural order
    evidence: tuple[Evidence, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """A statement and the reading that it stands in."""

    statement: Statement[Value]
    reading: Reading


def merge(readings: Iterable[Reading]) -> Day | None:
    """The day that readings of one person and day make, in whatever order they come; None where there is none.

    What a reading retracts (a changed line) is as if it had never been said. What it replaces (更正) falls away in
    what came before it. Of the rest, the highest temperature and every flag stay (FORMAT.md, settled question 1).
    """
    standing = standing_of(readings)
    if not standing:
        return None
    said = said_in(standing)
    temperature = _temperature(said)
    evidence: list[Evidence] = []
    if temperature is not None:
        evidence.append(_evidence("temperature", str(temperature[0]), temperature[1]))
    flags = set()
    for row in FLAGS:
        raising = next((item for item in said if row.raises(item.statement)), None)
        if raising is not None:
            flags.add(row.flag)
            evidence.append(_evidence(row.flag.value, "", raising))
    places = dict(_places(said))
    evidence.extend(_evidence("place", place, places[place]) for place in sorted(places))
    is_stated = any(reading.basis is Basis.STATED for reading in standing)
    return Day(
        basis=Basis.STATED if is_stated else Basis.INFERRED,
        temperature=temperature[0] if temperature is not None else None,
        flags=frozenset(flags),
        places=tuple(sorted(places)),
        messages=tuple(sorted({reading.message for reading in standing}, key=natural)),
        evidence=tuple(evidence),
    )


def standing_of(readings: Iterable[Reading]) -> list[Reading]:
    """The readings that no changed line has taken the place of, in the order in which they were said."""
    every = sorted({reading.key: reading for reading in readings}.values(), key=_order)
    retracted = {key for reading in every for key in reading.retracts}
    return [reading for reading in every if reading.key not in retracted]


def _order(reading: Reading) -> tuple[object, ...]:
    return reading.at, natural(reading.message), reading.span, reading.member, reading.key


def said_in(standing: list[Reading]) -> list[Said]:
    """What stands after each correction has replaced what it mentions."""
    said: list[Said] = []
    for reading in standing:
        for topic in reading.replaces:
            said = _without(said, topic)
        said.extend(Said(statement, reading) for statement in reading.statements)
    return said


def _without(said: list[Said], topic: Topic) -> list[Said]:
    """What was said, less what a correction of a topic takes back.

    A temperature takes back the one said last and its copies, so that 早37.5 stands when 晚36.8 is corrected to 36.6.
    """
    if topic is not Topic.TEMPERATURE:
        return [item for item in said if item.statement.value.topic is not topic]
    last = next((item.reading for item in reversed(said) if isinstance(item.statement.value, Temperature)), None)
    if last is None:
        return said
    wrong = {s.value.celsius for s in last.statements if isinstance(s.value, Temperature)}
    return [
        item
        for item in said
        if not (isinstance(item.statement.value, Temperature) and item.statement.value.celsius in wrong)
    ]


def _temperature(said: list[Said]) -> tuple[Decimal, Said] | None:
    """The highest temperature of the person and the first words that state it."""
    stated = [
        (item.statement.value.celsius, item)
        for item in said
        if isinstance(item.statement.value, Temperature)
        and item.statement.context.experiencer is Experiencer.PERSON
        and holds(item.statement)
    ]
    return max(stated, key=lambda pair: pair[0], default=None)


def _places(said: list[Said]) -> Iterator[tuple[str, Said]]:
    """Where the person has been, each with the last words that say so."""
    for item in said:
        value = item.statement.value
        if (
            isinstance(value, Travel)
            and value.place is not None
            and item.statement.context.experiencer is Experiencer.PERSON
            and holds(item.statement)
        ):
            yield value.place, item


def _evidence(what: str, value: str, item: Said) -> Evidence:
    reading, statement = item.reading, item.statement
    return Evidence(what, value, reading.message, reading.member, statement.span, statement.rule)

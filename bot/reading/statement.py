"""What a text says, piece by piece: values, each with its context, its words and the rule that read them."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar

from models.vocabulary import Basis, ContactClass, Experiencer, Polarity, Reason, Temporality, Topic


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of a message's raw text, in code points: 0 <= start < end."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Context:
    """How a statement is meant (ConText): whether it is so, who has it, when."""

    polarity: Polarity = Polarity.AFFIRMED
    experiencer: Experiencer = Experiencer.PERSON
    temporality: Temporality = Temporality.NOW


@dataclass(frozen=True, slots=True)
class Temperature:
    """A reading of a thermometer, °C, between 34.0 and 43.0."""

    celsius: Decimal
    topic: Topic = field(default=Topic.TEMPERATURE, init=False)


@dataclass(frozen=True, slots=True)
class Fever:
    """A fever said in words."""

    topic: Topic = field(default=Topic.FEVER, init=False)


@dataclass(frozen=True, slots=True)
class Symptom:
    """A symptom other than fever, by its standard name (咳嗽)."""

    name: str
    topic: Topic = field(default=Topic.SYMPTOM, init=False)


@dataclass(frozen=True, slots=True)
class Travel:
    """Having been, or being, outside the home county; the place at the finest level stated, None where none is."""

    place: str | None
    topic: Topic = field(default=Topic.TRAVEL, init=False)


@dataclass(frozen=True, slots=True)
class Contact:
    """Contact with a person of a class."""

    contact_class: ContactClass
    topic: Topic = field(default=Topic.CONTACT, init=False)


@dataclass(frozen=True, slots=True)
class Isolation:
    """Isolation at home or elsewhere, medical observation."""

    topic: Topic = field(default=Topic.ISOLATION, init=False)


@dataclass(frozen=True, slots=True)
class Well:
    """Nothing to report: 正常, 健康, 一切都好."""

    topic: Topic = field(default=Topic.WELL, init=False)


Value = Temperature | Fever | Symptom | Travel | Contact | Isolation | Well
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Statement(Generic[T_co]):
    """One thing that a text says, the words that say it, the rule that read them."""

    value: T_co
    context: Context
    span: Span
    rule: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one message says about one member for one day."""

    key: str  # stable within the group: the same text read again gives the same key
    message: str  # id of the message that says it first
    at: datetime  # that message's instant; readings of a person are merged by (at, message, span)
    member: int
    day: date
    basis: Basis
    statements: tuple[Statement[Value], ...] = field(repr=False)
    span: Span
    replaces: AbstractSet[Topic] = frozenset()  # an explicit correction: earlier statements of these topics fall away
    retracts: AbstractSet[str] = frozenset()  # keys of readings whose line this one takes the place of


@dataclass(frozen=True, slots=True)
class Unclear:
    """A message or entry that a person must look at. What cannot be read is a value, never a skipped line."""

    key: str  # stable within the group
    message: str  # the first message that brings it
    day: date
    reason: Reason
    span: Span
    members: AbstractSet[int] = frozenset()  # whom it may concern, possibly nobody
    proposed: Reading | None = field(default=None, repr=False)

"""Which statements hold for the day, and which of them a teacher must hear of."""

from collections.abc import Iterable
from decimal import Decimal

from bot.reading.statement import Contact, Statement, Temperature, Value
from models.vocabulary import ContactClass, Experiencer, Polarity, Temporality, Topic

FEVER_FROM = Decimal("37.3")  # °C, axillary: 中小学校传染病预防控制工作管理规范 and the check-in notices of 2020
_STAYS_TRUE = frozenset({Topic.TRAVEL, Topic.CONTACT})  # having been somewhere does not pass as a fever does
_ALARMING = frozenset({Topic.FEVER, Topic.SYMPTOM, Topic.TRAVEL, Topic.CONTACT, Topic.ISOLATION})

Alarm = tuple[Topic, Experiencer, ContactClass | None]


def holds(statement: Statement[Value]) -> bool:
    """Whether a statement says that something is so on its day: neither denied, nor asked, nor over."""
    context = statement.context
    if context.polarity is Polarity.NEGATED or context.temporality is Temporality.HYPOTHETICAL:
        return False
    return context.temporality is not Temporality.PAST or statement.value.topic in _STAYS_TRUE


def alarm(statement: Statement[Value]) -> Alarm | None:
    """What a statement gives the alarm for, None where for nothing."""
    if not holds(statement) or statement.context.experiencer is Experiencer.OTHER:
        return None
    value = statement.value
    topic = Topic.FEVER if isinstance(value, Temperature) and value.celsius >= FEVER_FROM else value.topic
    if topic not in _ALARMING:
        return None
    return topic, statement.context.experiencer, value.contact_class if isinstance(value, Contact) else None


def alarms(statements: Iterable[Statement[Value]]) -> frozenset[Alarm]:
    """All that statements give the alarm for."""
    return frozenset(found for statement in statements if (found := alarm(statement)) is not None)

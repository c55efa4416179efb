"""How readings are kept in the database: statements as JSON, without any word of the text that they were read from."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, assert_never

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
from bot.records.merge import Day
from models.message import InboxMessage
from models.reading import MemberReading
from models.vocabulary import Basis, ContactClass, Experiencer, Polarity, Temporality, Topic


def message_name(message: InboxMessage) -> str:
    """A message's name in its group, in the natural order of the platform's ids.

    Told apart where a gateway uses an id again, and where the same room comes in through two channels.
    """
    return f"{message.platform_id}#{message.content_digest[:4].hex()}#{message.channel}#{message.chat_digest[:4].hex()}"


def statement_row(statement: Statement[Value]) -> dict[str, Any]:
    """A statement as it is kept."""
    context = statement.context
    return {
        "topic": statement.value.topic,
        "value": _value_row(statement.value),
        "polarity": context.polarity,
        "experiencer": context.experiencer,
        "temporality": context.temporality,
        "start": statement.span.start,
        "end": statement.span.end,
        "rule": statement.rule,
    }


def statement_of(row: dict[str, Any]) -> Statement[Value]:
    """The statement that a row keeps."""
    return Statement(
        value=_VALUES[Topic(row["topic"])](row["value"] or ""),
        context=Context(Polarity(row["polarity"]), Experiencer(row["experiencer"]), Temporality(row["temporality"])),
        span=Span(row["start"], row["end"]),
        rule=row["rule"],
    )


def reading_of(row: MemberReading, message: str, at: datetime) -> Reading:
    """The reading that a row keeps; `message` is the message's name in its group, keys are the stored digests."""
    return Reading(
        key=row.key.hex(),
        message=message,
        at=at,
        member=row.membership_id,
        day=row.day,
        basis=Basis(row.basis),
        statements=tuple(statement_of(one) for one in row.statements),
        span=Span(row.start, row.end),
        replaces=frozenset(Topic(one) for one in row.replaces),
        retracts=frozenset(row.retracts),
    )


def statement_rows(statements: Iterable[Statement[Value]]) -> list[dict[str, Any]]:
    """Statements as they are kept, in order."""
    return [statement_row(one) for one in statements]


def evidence_rows(day: Day, messages: Mapping[str, int]) -> list[dict[str, Any]]:
    """Which words each value of a day comes from; `messages`: names -> rows."""
    return [
        {
            "what": one.what,
            "value": one.value,
            "message": messages[one.message],
            "member": one.member,
            "start": one.span.start,
            "end": one.span.end,
            "rule": one.rule,
        }
        for one in day.evidence
    ]


def _value_row(value: Value) -> str | None:
    match value:
        case Temperature(celsius=celsius):
            return str(celsius)
        case Symptom(name=name):
            return name
        case Travel(place=place):
            return place
        case Contact(contact_class=contact_class):
            return contact_class
        case Fever() | Isolation() | Well():
            return None
        case other:
            assert_never(other)


_VALUES: dict[Topic, Callable[[str], Value]] = {
    Topic.TEMPERATURE: lambda value: Temperature(Decimal(value)),
    Topic.FEVER: lambda _: Fever(),
    Topic.SYMPTOM: Symptom,
    Topic.TRAVEL: lambda value: Travel(value or None),
    Topic.CONTACT: lambda value: Contact(ContactClass(value)),
    Topic.ISOLATION: lambda _: Isolation(),
    Topic.WELL: lambda _: Well(),
}

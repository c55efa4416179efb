"""The table of flags: a flag is a row; pages, digests, exports and documentation read it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.reading.alarm import FEVER_FROM, holds
from bot.reading.statement import Contact, Fever, Isolation, Statement, Symptom, Temperature, Travel, Value
from models.vocabulary import ContactClass, Experiencer, Flag

Raises = Callable[[Statement[Value]], bool]


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A flag, its name for people, and which of a day's statements raise it."""

    flag: Flag
    label: str
    raises: Raises


def _of(experiencer: Experiencer, *kinds: type) -> Raises:
    """True for a statement of these kinds about the person or the household that holds."""
    return lambda statement: (
        statement.context.experiencer is experiencer and isinstance(statement.value, kinds) and holds(statement)
    )


def _is_fever(statement: Statement[Value]) -> bool:
    """A fever said in words, or a temperature that is one."""
    if not holds(statement):
        return False
    value = statement.value
    return isinstance(value, Fever) or (isinstance(value, Temperature) and value.celsius >= FEVER_FROM)


def _contact(contact_class: ContactClass) -> Raises:
    """True for a contact of the person with somebody of the class."""
    return lambda statement: (
        isinstance(statement.value, Contact)
        and statement.value.contact_class is contact_class
        and statement.context.experiencer is Experiencer.PERSON
        and holds(statement)
    )


_symptom = _of(Experiencer.PERSON, Symptom)
_ill_at_home = _of(Experiencer.HOUSEHOLD, Symptom)

FLAGS = (
    FlagRow(Flag.FEVER, "发热", lambda s: s.context.experiencer is Experiencer.PERSON and _is_fever(s)),
    FlagRow(Flag.SYMPTOM, "有症状", _symptom),
    FlagRow(
        Flag.FAMILY_ILL,
        "家人不适",
        lambda s: _ill_at_home(s) or (s.context.experiencer is Experiencer.HOUSEHOLD and _is_fever(s)),
    ),
    FlagRow(Flag.TRAVEL, "外出", _of(Experiencer.PERSON, Travel)),
    FlagRow(Flag.CONTACT_1, "接触一类人员", _contact(ContactClass.ONE)),
    FlagRow(Flag.CONTACT_2, "接触二类人员", _contact(ContactClass.TWO)),
    FlagRow(Flag.CONTACT_3, "接触三类人员", _contact(ContactClass.THREE)),
    FlagRow(Flag.CONTACT_OUTSIDER, "接触外来人员", _contact(ContactClass.OUTSIDER)),
    FlagRow(Flag.ISOLATION, "隔离观察", _of(Experiencer.PERSON, Isolation)),
)
LABELS = {row.flag: row.label for row in FLAGS}


def raised(statements: Iterable[Statement[Value]]) -> frozenset[Flag]:
    """The flags that statements raise together."""
    every = tuple(statements)
    return frozenset(row.flag for row in FLAGS if any(row.raises(statement) for statement in every))

"""What a piece says, and of whom, before it is dealt out to the members and days."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from bot.reading.scene import Member
from bot.reading.statement import Statement, Value
from bot.reading.temperature import Measured


@dataclass(frozen=True, slots=True)
class Said:
    """A statement, of whom it is (() for whoever the piece is about), and the day that its words give."""

    statement: Statement[Value]
    members: tuple[Member, ...]
    at: int
    day: date | None = None


@dataclass
class Told:
    """All that a piece says, before it is dealt out to the members."""

    said: list[Said] = field(default_factory=list)
    implausible: list[Measured] = field(default_factory=list)
    own_reading: bool = False  # the writer's temperature, where the writer is not the reported person
    class_not_named: list[tuple[int, int]] = field(default_factory=list)
    strong: bool = False  # says something of health that is no mere politeness
    others_ill: bool = False  # somebody outside the household is said to be ill


def by_member(told: Told, mains: tuple[Member, ...]) -> dict[tuple[int, date | None], list[Said]]:
    """Deal what was said out to the members and days; what is nobody's in particular goes to all."""
    dealt: dict[tuple[int, date | None], list[Said]] = defaultdict(list)
    ids = {member.id for member in mains}
    for said in told.said:
        owners = [member.id for member in said.members if member.id in ids] or [member.id for member in mains]
        for owner in owners:
            dealt[owner, said.day].append(said)
    return dealt

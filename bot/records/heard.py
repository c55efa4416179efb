"""What the fold brought, before it is written, and which of it still belongs to an open day."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from bot.reading.fold import Step
from bot.reading.statement import Reading, Unclear
from models.vocabulary import Reason


class Verdict(Enum):
    """What happens to something that was read of a day."""

    KEEP = auto()
    STANDS = auto()  # its day has closed since it was written; what is written stays as it is
    CLOSED = auto()  # its day was closed when the message arrived: for a person


@dataclass
class Heard:
    """Readings and doubts of a run of messages; doubts that a later one of them answered are gone."""

    readings: dict[str, Reading] = field(default_factory=dict)
    unclear: dict[str, Unclear] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)  # doubts of earlier runs that this one answered

    def take(self, step: Step) -> None:
        """Add what one message brought."""
        for key in step.settled:
            if self.unclear.pop(key, None) is None:
                self.settled.add(key)
        self.readings.update((one.key, one) for one in step.readings)
        self.unclear.update((one.key, one) for one in step.unclear)

    def judged(self, verdict: Callable[[Reading | Unclear], Verdict]) -> "Heard":
        """The same with what no open day takes set apart: readings of closed days become doubts."""
        kept = {key: one for key, one in self.readings.items() if verdict(one) is Verdict.KEEP}
        doubts = {key: one for key, one in self.unclear.items() if verdict(one) is not Verdict.STANDS}
        closed = (_of_closed_day(one) for one in self.readings.values() if verdict(one) is Verdict.CLOSED)
        return replace(self, readings=kept, unclear=doubts | {one.key: one for one in closed})


def _of_closed_day(reading: Reading) -> Unclear:
    return Unclear(
        key=f"closed:{reading.key}",
        message=reading.message,
        day=reading.day,
        reason=Reason.CLOSED_DAY,
        span=reading.span,
        members=frozenset({reading.member}),
        proposed=reading,
    )

"""What one message brings: its readings, its open questions, and the earlier questions that it answers."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.reading.member import Speaker
from bot.reading.outcome import Doubt, Report, Subject
from bot.reading.scene import Message
from bot.reading.state import GroupState, Step, Waiting, read_order
from bot.reading.statement import Reading, Span, Temperature, Unclear
from models.vocabulary import Reason


@dataclass
class Ledger:
    """Collects while one message is read; `state` is what was known before it."""

    state: GroupState
    message: Message
    speaker: Speaker
    readings: list[Reading] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    _waiting: list[Waiting] = field(default_factory=list)
    _keys: Counter[str] = field(default_factory=Counter)

    @property
    def today(self) -> date:
        """The local date of the message."""
        return self.message.at.date()

    def step(self, state: GroupState) -> Step:
        """All of it, with the state that remembers it; `state` holds what the message did to the group's chains."""
        self._settle()
        reported = dict(state.reported)
        for reading in self.readings:
            reported[reading.day] = reported.get(reading.day, frozenset()) | {reading.member}
        waiting = tuple(item for item in (*state.waiting, *self._waiting) if item.unclear.key not in self.settled)
        unclear = tuple(item for item in self.unclear if item.key not in self.settled)
        after = replace(state, reported=reported, waiting=waiting, last=read_order(self.message))
        return Step(after, tuple(self.readings), unclear, frozenset(self.settled))

    def take(self, report: Report, day: date) -> None:
        """All that a message of its own says, of `day` where its words name none."""
        self.readings.extend(self.readings_of(report, day))
        for doubt in report.doubts:
            self.doubt(doubt, day)

    def readings_of(self, report: Report, day: date) -> list[Reading]:
        """The readings of a report; where its words name no day they are of `day`.

        A late report without a day is yesterday's if that day is missing; if not, nobody can tell and there is none.
        """
        late = {
            member.id for doubt in report.doubts if doubt.reason is Reason.LATE_WITHOUT_DAY for member in doubt.members
        }
        found: list[Reading] = []
        for subject in report.subjects:
            of_day = subject.day or day
            if subject.member.id in late and subject.day is None:
                of_day = day - timedelta(days=1)
                if self._has_reported(subject.member.id, of_day):
                    continue
            found.append(self.reading(subject, of_day))
        return found

    def reading(self, subject: Subject, day: date) -> Reading:
        """The reading of a subject; its key is its own among all that the message brings."""
        span, message = subject.span, self.message
        words = f"{message.id}:{span.start}-{span.end}:{subject.member.id}:{day.isoformat()}"
        self._keys[words] += 1
        key = words if self._keys[words] == 1 else f"{words}:{self._keys[words]}"
        return Reading(
            key=key,
            message=message.id,
            at=message.at,
            member=subject.member.id,
            day=day,
            basis=subject.basis,
            statements=subject.statements,
            span=span,
            replaces=subject.replaces,
        )

    def doubt(self, doubt: Doubt, day: date, content: str = "") -> None:
        """A question of a report, unless what was reported before answers it."""
        if doubt.reason is Reason.LATE_WITHOUT_DAY and doubt.members:
            yesterday = day - timedelta(days=1)
            if not any(self._has_reported(member.id, yesterday) for member in doubt.members):
                return
        members = frozenset(member.id for member in doubt.members)
        self.ask(doubt.reason, doubt.span, day, members, content=content)

    def ask(
        self,
        reason: Reason,
        span: Span,
        day: date,
        members: frozenset[int],
        *,
        proposed: Reading | None = None,
        content: str = "",
    ) -> None:
        """A question for a person; `content` is that of the entry it is about."""
        key = f"{self.message.id}:{span.start}-{span.end}:{reason}"
        if proposed is not None:
            key = f"{key}:{proposed.member}"
        self._keys[key] += 1
        if self._keys[key] > 1:
            return
        unclear = Unclear(key, self.message.id, day, reason, span, members, proposed)
        self.unclear.append(unclear)
        self._waiting.append(Waiting(unclear, self.message.sender, self.message.account, content))

    def _has_reported(self, member: int, day: date) -> bool:
        return member in self.state.reported.get(day, frozenset())

    def _settle(self) -> None:
        """Close the earlier questions that the readings answer."""
        family = {member.id for member in self.speaker.members}
        for item in self.state.waiting:
            for reading in self.readings:
                is_about = reading.member in item.unclear.members and reading.day == item.unclear.day
                is_own = reading.member in family or self._is_sender(item)
                if is_about and is_own and _answers(reading, item.unclear):
                    self.settled.add(item.unclear.key)

    def _is_sender(self, item: Waiting) -> bool:
        if item.account is not None and self.message.account is not None:
            return item.account == self.message.account
        return bool(item.sender) and item.sender == self.message.sender


def _answers(reading: Reading, unclear: Unclear) -> bool:
    """Whether what the family says later leaves nothing to ask.

    An impossible temperature is answered by a possible one (settled 20), a line that somebody else had lowered by the
    family's own change of it.
    """
    if unclear.reason is Reason.IMPLAUSIBLE_TEMPERATURE:
        return any(isinstance(statement.value, Temperature) for statement in reading.statements)
    if unclear.reason is Reason.LOWERED_BY_OTHER and unclear.proposed is not None:
        return bool(reading.replaces) or bool(frozenset(reading.retracts) & frozenset(unclear.proposed.retracts))
    return False

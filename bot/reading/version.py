"""Reads what is new in one version of a chain: additions, corrections, and lines that somebody else has changed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.reading.alarm import alarm, alarms
from bot.reading.chain import Document, Entry, Version, changed_entries, is_same_sender
from bot.reading.form import Layout, Piece
from bot.reading.heading import ChainTopic
from bot.reading.ledger import Ledger
from bot.reading.line import speaks_of_health
from bot.reading.outcome import Act, Frame, Report
from bot.reading.scene import Message
from bot.reading.statement import Reading, Statement, Value
from models.vocabulary import Basis, GroupKind, Reason

_NOTHING = Report(Act.CHATTER)
ReadEntry = Callable[[Piece, Frame], Report]

_LONGEST_BARE = 8  # letters of a name, 阿依古丽·买买提 written short
_PREPARED_FROM = 4  # bare names in the first version of a chain: more than one family would list
_NAME_LENGTH = 4
_MISPLACED = frozenset({Reason.UNKNOWN_PERSON, Reason.AMBIGUOUS_PERSON})


@dataclass
class VersionReader:
    """Reads the new entries of a version; lives for one message."""

    document: Document  # before this version
    version: Version
    ledger: Ledger
    kind: GroupKind
    is_first: bool  # nobody has posted the chain before
    _retired: set[int] = field(default_factory=set)

    @property
    def message(self) -> Message:
        """The message that holds the version."""
        return self.ledger.message

    def read(self, form: Layout, frame: Frame, read_entry: ReadEntry) -> Document:
        """The document with this version in it; the ledger takes what it says."""
        document = self.document.touch(form, self.message.at)
        is_other = document.topic is ChainTopic.OTHER
        reports = [
            _NOTHING if is_other and not speaks_of_health(piece.content) else read_entry(piece, frame)
            for piece, _ in self.version.new
        ]
        prepared = self._is_prepared(document, reports, frame)
        added: list[Entry] = []
        for (piece, before), report in zip(self.version.new, reports, strict=True):
            entry = self._entry(len(document.entries) + len(added), piece, before)
            added.append(self._take(document, entry, piece, report, is_listed=prepared))
        return replace(document.with_entries(tuple(added), self._retired), prepared=prepared)

    def _entry(self, order: int, piece: Piece, before: str) -> Entry:
        message = self.message
        return Entry(
            order=order,
            content=piece.content,
            number=piece.number,
            before=before,
            base=self.version.shared,
            message=message.id,
            sender=message.sender,
            account=message.account,
            at=message.at,
        )

    def _take(self, document: Document, entry: Entry, piece: Piece, report: Report, *, is_listed: bool) -> Entry:
        """One new entry with what it brings."""
        ledger = self.ledger
        readings, unclear = len(ledger.readings), len(ledger.unclear)
        day = document.day_of_entry(self.message.at)
        if not (is_listed and _is_bare(piece, report) and not self._is_own_name(report)):
            for reading in ledger.readings_of(report, day):
                self._place(document, reading, entry)
        for doubt in report.doubts:
            ledger.doubt(doubt, day, piece.content)
        if report.subjects:
            self._settle_renamed(document, entry)
        return replace(entry, readings=tuple(ledger.readings[readings:]), unclear=tuple(ledger.unclear[unclear:]))

    # --- names that the teacher listed

    def _is_prepared(self, document: Document, reports: list[Report], frame: Frame) -> bool:
        """Whether a bare name is one that somebody listed, and no report (settled 15)."""
        if document.prepared:
            return True
        bare = sum(_is_bare(piece, report) for (piece, _), report in zip(self.version.new, reports, strict=True))
        if self.ledger.speaker.leads and self.kind is GroupKind.CLASS:
            return bare > 0
        if frame.name_is_report:
            return False
        return document.heading.lists_missing or (self.is_first and bare >= _PREPARED_FROM)

    def _is_own_name(self, report: Report) -> bool:
        own = {member.id for member in self.ledger.speaker.members}
        return all(subject.member.id in own for subject in report.subjects)

    # --- corrections

    def _place(self, document: Document, reading: Reading, entry: Entry) -> None:
        """Take a reading of a new entry: an addition, or the correction of the entry whose place it takes."""
        old = list(changed_entries(document, reading.member, entry, self.version, self.message.at))
        standing = [r for was in old for r in was.readings if r.member == reading.member and r.day == reading.day]
        if not standing:
            self.ledger.readings.append(reading)
            return
        changed = replace(reading, retracts=frozenset(was.key for was in standing))
        lost = alarms(s for was in standing for s in was.statements) - alarms(reading.statements)
        if self._is_by_family(reading.member, old) or not lost:
            self.ledger.readings.append(changed)
            self._retired.update(was.order for was in old)
            self._settle_changed(old, reading.member)
            return
        members = frozenset({reading.member})
        self.ledger.ask(Reason.LOWERED_BY_OTHER, reading.span, reading.day, members, proposed=changed)
        if more := _only_new_alarms(reading, standing):
            self.ledger.readings.append(replace(reading, statements=more))

    def _is_by_family(self, member: int, old: list[Entry]) -> bool:
        """Whether the sender may correct the member's entries: a guardian, the member, or who had posted them."""
        is_family = any(own.id == member for own in self.ledger.speaker.members)
        return is_family or any(is_same_sender(entry, self.message) for entry in old)

    def _settle_changed(self, old: list[Entry], member: int) -> None:
        """A changed line asks no more of the member."""
        self.ledger.settled.update(
            unclear.key for entry in old for unclear in entry.unclear if member in unclear.members
        )

    def _settle_renamed(self, document: Document, entry: Entry) -> None:
        """A name that nobody could place is answered by the same line with a name that somebody can."""
        for item in self.ledger.state.waiting:
            was = document.entries.get(item.content) if item.unclear.reason in _MISPLACED else None
            if was is None or self.version.shared >> was.order & 1 or not entry.number:
                continue
            if was.number == entry.number and _differ_in_name_only(was.content, entry.content):
                self.ledger.settled.add(item.unclear.key)


def _is_bare(piece: Piece, report: Report) -> bool:
    """Whether an entry is a name and nothing else."""
    return (
        len(piece.content) <= _LONGEST_BARE
        and bool(report.subjects)
        and all(subject.basis is Basis.INFERRED and not subject.statements for subject in report.subjects)
    )


def _differ_in_name_only(one: str, other: str) -> bool:
    """Whether two entries are equal behind their first letters: 王梓涵36.4无, 王梓晗36.4无."""
    length = max(len(one), len(other)) - _NAME_LENGTH
    return length > 0 and one[-length:] == other[-length:]


def _only_new_alarms(reading: Reading, standing: list[Reading]) -> tuple[Statement[Value], ...]:
    """What somebody else's change adds besides what it takes away: that is not lost either."""
    known = alarms(s for was in standing for s in was.statements)
    return tuple(s for s in reading.statements if (found := alarm(s)) is not None and found not in known)

"""Reads one message against what the group has said before: what is new in it, and what that does to what was said."""

import re
from dataclasses import replace
from datetime import date, timedelta

from bot.reading.alarm import alarm, alarms
from bot.reading.chain import Document, Entry, Version, changed_entries, document_of, effective_day, is_same_sender
from bot.reading.form import Layout, Piece, Shape, content_of, layout
from bot.reading.heading import ChainTopic
from bot.reading.line import EXAMPLE, TEMPERATURE, lines_of, trim
from bot.reading.mark import Mark, read_mark
from bot.reading.member import Speaker, mentions, speaker as speaker_of
from bot.reading.normalise import Text, normalise
from bot.reading.report import Doubt, Frame, Report, Subject, read_report
from bot.reading.scene import Message, Scene
from bot.reading.state import GroupState, Step, Waiting, read_order
from bot.reading.statement import Context, Reading, Span, Statement, Temperature, Unclear, Value, Well
from models.vocabulary import Basis, GroupKind, Reason

_NAME_ASKED = re.compile("姓名|名字")
_LONGEST_BARE = 8  # letters of a name, 阿依古丽·买买提 written short
_PREPARED_FROM = 4  # bare names in the first version of a chain: more than one family would list
_QUOTE = re.compile(r"\s*[「“\"](?P<quoted>.*)[」”\"]\s*\n\s*(?:[-—–_=]\s*){3,}\n?", re.DOTALL)


class _Known:
    """Contents of all entries that the group's chains hold."""

    def __init__(self, documents: tuple[Document, ...]) -> None:
        self._documents = documents

    def __contains__(self, content: object) -> bool:
        return any(content in document.entries for document in self._documents)


class Reader:
    """Reads one message against the state; lives for one step."""

    def __init__(self, state: GroupState, message: Message, scene: Scene) -> None:
        self.state, self.message, self.scene = state, message, scene
        self.text: Text = normalise(message.text)
        self.speaker: Speaker = speaker_of(message.sender, message.account, scene)
        self.readings: list[Reading] = []
        self.unclear: list[Unclear] = []
        self.waiting: list[Waiting] = []
        self.settled: set[str] = set()

    def step(self) -> Step:
        """What the message brings, and the state after it."""
        norm = self.text.norm
        start, end = 0, len(norm)
        known = _Known(self.state.documents)
        quote = _QUOTE.match(norm)
        form = layout(self.text, quote.end() if quote else start, end, known=known, scene=self.scene)
        if quote:
            form = self._go_on_from_quote(form, quote.start("quoted"), quote.end("quoted"), known)
            start = quote.end()
        if form.shape is Shape.CHAIN:
            self._read_chain(form)
        elif form.shape is Shape.SINGLE and not self._only_asks(form, start, end):
            self._read_single(start, self._before_example(start, end))
        self._ask(form)
        self._settle()
        reported = dict(self.state.reported)
        for reading in self.readings:
            reported[reading.day] = reported.get(reading.day, frozenset()) | {reading.member}
        waiting = tuple(item for item in self.state.waiting if item.unclear.key not in self.settled)
        state = replace(
            self.state,
            reported=reported,
            waiting=waiting + tuple(item for item in self.waiting if item.unclear.key not in self.settled),
            last=read_order(self.message),
        )
        unclear = tuple(item for item in self.unclear if item.key not in self.settled)
        return Step(state, tuple(self.readings), unclear, frozenset(self.settled))

    def _go_on_from_quote(self, form: Layout, start: int, end: int, known: _Known) -> Layout:
        """A reply to a quoted chain goes on with it; what the quotation itself says was said before."""
        quoted = layout(self.text, start, end, known=known, scene=self.scene)
        if form.shape is not Shape.CHAIN or quoted.shape is not Shape.CHAIN:
            return form
        pieces = tuple(piece for piece in quoted.pieces if piece.content in known)
        return replace(form, heading=quoted.heading, pieces=pieces + form.pieces)

    # --- what is asked

    def _only_asks(self, form: Layout, start: int, end: int) -> bool:
        """Whether a message that is no chain yet is its title: 九二4.14, and below it 姓名 体温 异常情况."""
        questions = form.heading.frame.questions
        return (
            bool(questions)
            and (self.speaker.leads or _NAME_ASKED.search(questions[0]) is not None)
            and not TEMPERATURE.search(self.text.norm, start, end)
            and not mentions(self.text, start, end, self.scene)
        )

    def _ask(self, form: Layout) -> None:
        """Remember the newest template and what it makes a bare name or a mark mean.

        A message of its own asks only where the teacher writes it: a parent's 体温正常,身体健康 is an answer.
        """
        frame = form.heading.frame
        if form.shape is Shape.SINGLE and not self.speaker.leads:
            if not any(_NAME_ASKED.search(question) for question in frame.questions):
                frame = replace(frame, questions=())
            if self.scene.kind is GroupKind.CLASS:
                frame = Frame(frame.questions)
        if not (frame.questions or frame.name_is_report or frame.marks):
            return
        today = self.message.at.date()
        asked = self.state.asked if self.state.asked_on == today else Frame(self.state.asked.questions)
        asked = Frame(
            frame.questions or asked.questions,
            frame.name_is_report or asked.name_is_report,
            frozenset(frame.marks) | frozenset(asked.marks),
        )
        self.state = replace(self.state, asked=asked, asked_on=today)

    def _frame(self, own: Frame) -> Frame:
        """What a chain's heading asks, completed by the newest template; marks hold on their day."""
        asked = self.state.asked
        if self.state.asked_on != self.message.at.date():
            return replace(own, questions=own.questions or asked.questions)
        return Frame(
            own.questions or asked.questions,
            own.name_is_report or asked.name_is_report,
            frozenset(own.marks) | frozenset(asked.marks),
        )

    # --- a message of its own

    def _read(self, start: int, end: int, frame: Frame, *, entry: bool) -> Report:
        return read_report(
            self.text, start, end, speaker=self.speaker, frame=frame, entry=entry, at=self.message.at, scene=self.scene
        )

    def _before_example(self, start: int, end: int) -> int:
        """Where the example begins that a notice ends with; `end` where it has none."""
        norm = self.text.norm
        lines = lines_of(norm, start, end)
        found = next((line for line in lines if EXAMPLE.match(norm, line.start, line.end)), None)
        return found.start if found and self.speaker.leads else end

    def _read_single(self, start: int, end: int) -> None:
        start, end = trim(self.text.norm, start, end)
        if start == end:
            return
        frame = self._frame(Frame())
        mark = read_mark(self.text.norm[start:end], frame.marks)
        if mark is not None:
            self._read_mark(mark, self.text.span(start, start + mark.end))
            start, end = trim(self.text.norm, start + mark.end, end)
            if start == end:
                return
        report = self._read(start, end, frame, entry=False)
        today = self.message.at.date()
        for reading in self._readings_of(report, today):
            self.readings.append(reading)
        for doubt in report.doubts:
            self._doubt(doubt, today)

    def _read_mark(self, mark: Mark, span: Span) -> None:
        """All well, of the sender's own, where the mark is defined; otherwise a person must say what it means."""
        members = self.speaker.members
        today = self.message.at.date()
        if mark.is_defined and members:
            well = Statement(Well(), Context(), span, "mark")
            for member in members:
                self.readings.append(self._reading(Subject(member, (well,), span, Basis.STATED), today, 0))
        elif not self.speaker.leads:
            reason = Reason.UNDEFINED_MARK if members else Reason.UNKNOWN_SENDER
            self._wait(reason, span, today, frozenset(member.id for member in members))

    def _readings_of(self, report: Report, day: date) -> list[Reading]:
        """The readings of a report whose words name no day of their own are of `day`."""
        late = {
            member.id for doubt in report.doubts if doubt.reason is Reason.LATE_WITHOUT_DAY for member in doubt.members
        }
        found: list[Reading] = []
        for subject in report.subjects:
            of_day = subject.day or day
            if subject.member.id in late and subject.day is None:
                yesterday = day - timedelta(days=1)
                if subject.member.id in self.state.reported.get(yesterday, frozenset()):
                    continue
                of_day = yesterday
            found.append(self._reading(subject, of_day, len(found)))
        return found

    def _reading(self, subject: Subject, day: date, ordinal: int) -> Reading:
        span = subject.span
        key = f"{self.message.id}:{span.start}-{span.end}:{subject.member.id}:{day.isoformat()}"
        if any(reading.key == key for reading in self.readings):
            key = f"{key}:{ordinal}"
        return Reading(
            key=key,
            message=self.message.id,
            at=self.message.at,
            member=subject.member.id,
            day=day,
            basis=subject.basis,
            statements=subject.statements,
            span=span,
            replaces=subject.replaces,
        )

    def _doubt(self, doubt: Doubt, day: date, content: str = "") -> Unclear | None:
        if doubt.reason is Reason.LATE_WITHOUT_DAY:
            yesterday = self.state.reported.get(day - timedelta(days=1), frozenset())
            if doubt.members and not any(member.id in yesterday for member in doubt.members):
                return None  # yesterday is missing: the report is of that day
        members = frozenset(member.id for member in doubt.members)
        return self._wait(doubt.reason, doubt.span, day, members, content=content)

    def _wait(
        self,
        reason: Reason,
        span: Span,
        day: date,
        members: frozenset[int],
        *,
        proposed: Reading | None = None,
        content: str = "",
    ) -> Unclear | None:
        key = f"{self.message.id}:{span.start}-{span.end}:{reason}"
        if any(unclear.key == key for unclear in self.unclear):
            return None
        unclear = Unclear(key, self.message.id, day, reason, span, members, proposed)
        self.unclear.append(unclear)
        self.waiting.append(Waiting(unclear, self.message.sender, self.message.account, content))
        return unclear

    def _settle(self) -> None:
        """An impossible temperature is answered by the next good one of its sender or of whoever mended the line."""
        hot = [
            reading for reading in self.readings if any(isinstance(s.value, Temperature) for s in reading.statements)
        ]
        if not hot:
            return
        family = {member.id for member in self.speaker.members}
        for item in self.state.waiting:
            unclear = item.unclear
            if unclear.reason is not Reason.IMPLAUSIBLE_TEMPERATURE:
                continue
            for reading in hot:
                is_about = reading.member in unclear.members and reading.day == unclear.day
                if is_about and (self._is_sender(item) or reading.member in family):
                    self.settled.add(unclear.key)

    def _is_sender(self, item: Waiting) -> bool:
        if item.account is not None and self.message.account is not None:
            return item.account == self.message.account
        return bool(item.sender) and item.sender == self.message.sender

    # --- a version of a chain

    def _read_chain(self, form: Layout) -> None:
        at = self.message.at
        found = document_of(form, self.state.documents, at)
        began = effective_day(at)
        document = found or Document(form.heading, form.heading.first_day(at.date()), began, at, began)
        version = Version.of(form, document)
        document = document.touch(form, at)
        if document.topic is not ChainTopic.OTHER:
            document = self._read_new(document, version, first=found is None)
            document = self._read_remarks(document, form)
        else:
            document = document.with_entries(self._unread(document, version), frozenset())
        others = tuple(other for other in self.state.documents if other is not found)
        self.state = replace(self.state, documents=(*others, document))

    def _read_remarks(self, document: Document, form: Layout) -> Document:
        """Read the sender's own words below the entries; those that a copy repeats are somebody else's."""
        said = {content_of(self.text.norm[start:end]): (start, end) for start, end in form.remarks}
        for content, (start, end) in said.items():
            if content not in document.remarks:
                self._read_single(start, end)
        return replace(document, remarks=document.remarks | said.keys())

    def _unread(self, document: Document, version: Version) -> tuple[Entry, ...]:
        """The new entries of a chain that is not about health."""
        return tuple(
            self._entry(len(document.entries) + index, piece, before, version)
            for index, (piece, before) in enumerate(version.new)
        )

    def _entry(self, order: int, piece: Piece, before: str, version: Version) -> Entry:
        message = self.message
        return Entry(
            order, piece.content, piece.number, before, version.shared, message.sender, message.account, message.at
        )

    def _read_new(self, document: Document, version: Version, *, first: bool) -> Document:
        frame = self._frame(document.heading.frame)
        reports = [
            (piece, before, self._read(piece.start, piece.end, frame, entry=True)) for piece, before in version.new
        ]
        bare = sum(_is_bare(piece, report) for piece, _, report in reports)
        listed = document.heading.lists_missing and not frame.name_is_report
        prepared = document.prepared or listed or self._is_prepared(bare, frame, first=first)
        day = document.day_of_entry(self.message.at)
        added: list[Entry] = []
        retired: set[int] = set()
        base = version.shared
        for piece, before, report in reports:
            entry = self._entry(len(document.entries) + len(added), piece, before, replace(version, shared=base))
            before_readings, before_unclear = len(self.readings), len(self.unclear)
            if not (_is_bare(piece, report) and prepared and not self._is_own_name(report)):
                for reading in self._readings_of(report, day):
                    self._place(document, reading, piece, before, version, retired)
            for doubt in report.doubts:
                self._doubt(doubt, day, piece.content)
            self._settle_mended(document, piece, version, report)
            entry = replace(
                entry,
                readings=tuple(self.readings[before_readings:]),
                unclear=tuple(self.unclear[before_unclear:]),
            )
            base |= 1 << entry.order
            added.append(entry)
        return replace(document.with_entries(tuple(added), retired), prepared=prepared)

    def _is_prepared(self, bare: int, frame: Frame, *, first: bool) -> bool:
        if self.speaker.leads and self.scene.kind is GroupKind.CLASS:
            return bare > 0
        return first and bare >= _PREPARED_FROM and not frame.name_is_report

    def _is_own_name(self, report: Report) -> bool:
        own = {member.id for member in self.speaker.members}
        return all(subject.member.id in own for subject in report.subjects)

    def _place(
        self,
        document: Document,
        reading: Reading,
        piece: Piece,
        before: str,
        version: Version,
        retired: set[int],
    ) -> None:
        """A reading of a new line: an addition, or the correction of the line whose place it takes."""
        at = self.message.at
        old = list(changed_entries(document, reading.member, piece, before, version, at))
        standing = [r for entry in old for r in entry.readings if r.member == reading.member and r.day == reading.day]
        if not standing:
            self.readings.append(reading)
            return
        is_own = any(member.id == reading.member for member in self.speaker.members) or any(
            is_same_sender(entry, self.message) for entry in old
        )
        changed = replace(reading, retracts=frozenset(r.key for r in standing))
        lost = alarms(s for r in standing for s in r.statements) - alarms(reading.statements)
        if is_own or not lost:
            self.readings.append(changed)
            retired.update(entry.order for entry in old)
            self._settle_entries(old, reading)
            return
        self._wait(Reason.LOWERED_BY_OTHER, reading.span, reading.day, frozenset({reading.member}), proposed=changed)
        more = _only_new_alarms(reading, standing)
        if more:
            self.readings.append(replace(reading, statements=more))

    def _settle_entries(self, old: list[Entry], reading: Reading) -> None:
        """A line that was mended asks no more."""
        for entry in old:
            for unclear in entry.unclear:
                if unclear.reason is Reason.LOWERED_BY_OTHER or reading.member in unclear.members:
                    self.settled.add(unclear.key)

    def _settle_mended(self, document: Document, piece: Piece, version: Version, report: Report) -> None:
        """A name that nobody could place is answered by the same line with a name that somebody can."""
        if not report.subjects or not piece.number:
            return
        for item in self.state.waiting:
            if item.unclear.reason not in {Reason.UNKNOWN_PERSON, Reason.AMBIGUOUS_PERSON} or not item.content:
                continue
            entry = document.entries.get(item.content)
            if entry is None or entry.number != piece.number or version.shared >> entry.order & 1:
                continue
            if _differ_in_name_only(entry.content, piece.content):
                self.settled.add(item.unclear.key)


def _is_bare(piece: Piece, report: Report) -> bool:
    """Whether an entry is a name and nothing else."""
    return (
        len(piece.content) <= _LONGEST_BARE
        and bool(report.subjects)
        and all(s.basis is Basis.INFERRED and not s.statements for s in report.subjects)
    )


_NAME_LENGTH = 4


def _differ_in_name_only(one: str, other: str) -> bool:
    """Whether two entries are equal behind their first letters: 王梓涵36.4无, 王梓晗36.4无."""
    length = max(len(one), len(other)) - _NAME_LENGTH
    return length > 0 and one[-length:] == other[-length:]


def _only_new_alarms(reading: Reading, standing: list[Reading]) -> tuple[Statement[Value], ...]:
    """What somebody else's change adds besides what it takes away: that is not lost either."""
    known = alarms(s for r in standing for s in r.statements)
    return tuple(s for s in reading.statements if (found := alarm(s)) is not None and found not in known)

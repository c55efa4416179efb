"""Reads one message against what the group has said before: as a version of a chain, or as a piece of its own."""

import re
from dataclasses import replace

from bot.reading.chain import Document, Version, document_of, effective_day
from bot.reading.form import Layout, Piece, Shape, content_of, layout
from bot.reading.ledger import Ledger
from bot.reading.line import EXAMPLE, TEMPERATURE, lines_of, trim
from bot.reading.mark import Mark, read_mark
from bot.reading.member import mentions, speaker as speaker_of
from bot.reading.normalise import normalise
from bot.reading.outcome import Frame, Report, Subject
from bot.reading.report import read_report
from bot.reading.scene import Message, Scene
from bot.reading.state import GroupState, Step
from bot.reading.statement import Context, Span, Statement, Well
from bot.reading.version import VersionReader
from models.vocabulary import Basis, Reason

_NAME_ASKED = re.compile("姓名|名字")
_QUOTE = re.compile(r"\s*+[「“\"](?P<quoted>.*?)[」”\"] *+\n[ \n]*+(?:[-_=] *+){3,}+\n?", re.DOTALL)


class _Known:
    """Contents of all entries that the group's chains hold."""

    def __init__(self, documents: tuple[Document, ...]) -> None:
        self._documents = documents

    def __contains__(self, content: object) -> bool:
        return any(content in document.entries for document in self._documents)


class Reader:
    """Reads one message; lives for one step."""

    def __init__(self, state: GroupState, message: Message, scene: Scene) -> None:
        self.state, self.message, self.scene = state, message, scene
        self.text = normalise(message.text)
        self.speaker = speaker_of(message.sender, message.account, scene)
        self.ledger = Ledger(state, message, self.speaker)

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
        return self.ledger.step(self.state)

    def refuse(self) -> Step:
        """The whole message as one question for a person."""
        members = frozenset(member.id for member in self.speaker.members)
        self.ledger.ask(Reason.UNREADABLE, Span(0, len(self.message.text)), self.ledger.today, members)
        return self.ledger.step(self.state)

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

        A guardian's own message does not say what a mark means, and its 体温正常,身体健康 is an answer.
        """
        frame = form.heading.frame
        if form.shape is Shape.SINGLE and not self.speaker.leads:
            if not any(_NAME_ASKED.search(question) for question in frame.questions):
                frame = replace(frame, questions=())
            if self.speaker.members and not self.speaker.is_self:
                frame = Frame(frame.questions)
        if not (frame.questions or frame.name_is_report or frame.marks):
            return
        today = self.ledger.today
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
        if self.state.asked_on != self.ledger.today:
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
        """Where the example begins that a teacher's notice ends with; `end` where it has none."""
        norm = self.text.norm
        lines = lines_of(norm, start, end)
        found = next((line for line in lines if EXAMPLE.match(norm, line.start, line.end)), None)
        return found.start if found and self.speaker.leads else end

    def _read_single(self, start: int, end: int) -> None:
        start, end = trim(self.text.norm, start, end)
        frame = self._frame(Frame())
        mark = read_mark(self.text.norm[start:end], frame.marks)
        if mark is not None:
            self._read_mark(mark, self.text.span(start, start + mark.end))
            start, end = trim(self.text.norm, start + mark.end, end)
        if start < end:
            self.ledger.take(self._read(start, end, frame, entry=False), self.ledger.today)

    def _read_mark(self, mark: Mark, span: Span) -> None:
        """All well, of the sender's own, where the mark is defined; otherwise a person must say what it means."""
        members, ledger = self.speaker.members, self.ledger
        if mark.is_defined and members:
            well = (Statement(Well(), Context(), span, "mark"),)
            subjects = tuple(Subject(member, well, span, Basis.STATED) for member in members)
            ledger.readings.extend(ledger.reading(subject, ledger.today) for subject in subjects)
        elif not self.speaker.leads:
            reason = Reason.UNDEFINED_MARK if members else Reason.UNKNOWN_SENDER
            ledger.ask(reason, span, ledger.today, frozenset(member.id for member in members))

    # --- a version of a chain

    def _read_chain(self, form: Layout) -> None:
        at = self.message.at
        found = document_of(form, self.state.documents, at)
        began = effective_day(at)
        document = found or Document(form.heading, form.heading.first_day(at.date()), began, at, began)
        reader = VersionReader(
            document, Version.of(form, document), self.ledger, self.scene.kind, is_first=found is None
        )
        frame = document.heading.frame if document.heading.frame.questions else form.heading.frame
        document = reader.read(form, self._frame(frame), self._read_entry)
        document = self._read_remarks(document, form)
        others = tuple(other for other in self.state.documents if other is not found)
        self.state = replace(self.state, documents=(*others, document))

    def _read_entry(self, piece: Piece, frame: Frame) -> Report:
        return self._read(piece.start, piece.end, frame, entry=True)

    def _read_remarks(self, document: Document, form: Layout) -> Document:
        """Read the sender's own words below the entries; those that a copy repeats are somebody else's."""
        said = {content_of(self.text.norm[start:end]): (start, end) for start, end in form.remarks}
        for content, (start, end) in said.items():
            if content not in document.remarks:
                self._read_single(start, end)
        return replace(document, remarks=document.remarks | said.keys())

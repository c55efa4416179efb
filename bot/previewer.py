"""What reading some texts too would bring, before anybody saves them.

Everything is done as if they had been saved and read, by the same code, in a transaction that is taken back. So what it
shows is what would be, and nothing of it stays. Of the group's texts the long part, reading, is done before that
transaction begins: it holds nobody up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.protocol import Incoming
from bot.counts.group_day import DoubtLine, GroupDay, MemberLine, group_day
from bot.counts.preview import Preview, Recognised
from bot.errors import TryAgain
from bot.intake import log
from bot.intake.inbox import Inbox
from bot.intake.log import Logged
from bot.pipeline import afresh, fold, in_order, judged, of_closed_days
from bot.reading.fold import GroupState
from bot.reading.form import Layout, Shape, layout
from bot.reading.line import lines_of
from bot.reading.normalise import Text, normalise
from bot.reading.scene import Message, Scene
from bot.reading.statement import Reading, Unclear
from bot.records.heard import Heard
from bot.records.store import Outlet
from bot.roster.scene import scene as load_scene
from models.database import Database
from models.group import Group
from models.sealing import Keyring
from models.vocabulary import Reason
from scheduler.days import first_open_day, local_day

MOST_TRIES = 4  # the worker may read the same group meanwhile


@dataclass(frozen=True, slots=True)
class _Draft:
    """What the fold over the group's texts and the new ones brought."""

    revision: int
    first_day: date
    inputs: Sequence[Logged]
    heard: Heard
    too_late: Heard
    recognised: Recognised
    days: list[date]


@dataclass(frozen=True, slots=True)
class Previewer:
    """Looks ahead for groups of one database."""

    database: Database
    keyring: Keyring
    inbox: Inbox

    def preview(self, group_id: int, messages: Sequence[Incoming], day: date, now: datetime) -> Preview:
        """The group's days as they would be; raises TryAgain where the group is being read again and again.

        `day`: that is shown where the texts bring nothing.
        """
        for _ in range(MOST_TRIES):
            draft = self._draft(group_id, messages, day, now)
            with self.database.read() as session:
                before = [group_day(session, group_id, one, self.inbox.zone) for one in draft.days]
            with self.database.hold() as session:  # never committed
                locked = select(Group.revision).where(Group.id == group_id).with_for_update(key_share=True)
                if session.scalar(locked) == draft.revision:
                    after = self._after(session, group_id, messages, draft, now)
                    break
        else:
            raise TryAgain
        return Preview(
            recognised=draft.recognised,
            days=tuple(_with_news(*pair) for pair in zip(before, after, strict=True)),
            before=tuple(line.of for one in before for line in one.members),
        )

    def _draft(self, group_id: int, messages: Sequence[Incoming], day: date, now: datetime) -> _Draft:
        zone, open_days = self.inbox.zone, self.inbox.open_days
        first_day = first_open_day(local_day(now, zone), open_days)
        with self.database.read() as session:
            revision = session.scalars(select(Group.revision).where(Group.id == group_id)).one()
            scene = load_scene(session, group_id)
            new = [log.logged(row, zone) for row in self.inbox.drafts(session, messages, group_id, now)]
            # A text that readers may have died of is left to the worker.
            arrived = [*new, *(one for one in log.waiting(session, group_id, zone) if not one.attempts)]
            inputs = afresh(session, group_id, [one for one in arrived if one.open], first_day, zone)
        said, state = fold(GroupState(), inputs, scene, _nothing)
        late, _ = fold(GroupState(), in_order(one for one in arrived if not one.open), scene, _nothing)
        heard, too_late = judged(said, inputs, first_day, zone, open_days), of_closed_days(late)
        recognised = _Recogniser(new, [*_pieces(said), *_pieces(late)], state, scene).of(messages, day)
        names = {one.message.id for one in new}
        days = {one.day for told in (heard, too_late) for one in _pieces(told) if one.message in names}
        return _Draft(
            revision=revision,
            first_day=first_day,
            inputs=inputs,
            heard=heard,
            too_late=too_late,
            recognised=recognised,
            days=sorted(days or {recognised.chain_day or day}, reverse=True),
        )

    def _after(
        self, session: Session, group_id: int, messages: Sequence[Incoming], draft: _Draft, now: datetime
    ) -> list[GroupDay]:
        """Save, read, look; the caller takes it all back."""
        zone = self.inbox.zone
        self.inbox.keep(session, messages, group_id, now)
        arrived = [one for one in log.waiting(session, group_id, zone) if not one.attempts]
        rows = {one.message.id: one.id for one in [*draft.inputs, *arrived]}  # those just kept have a row by now
        read = {rows[one.message.id] for one in draft.inputs}
        outlet = Outlet(session, self.keyring, group_id, rows, read, now)
        outlet.write(draft.heard, afresh=True, first_day=draft.first_day, reread=False)
        outlet.add_reviews(draft.too_late.unclear.values())
        log.finish(session, [one.id for one in arrived], harmless=())
        session.flush()
        return [group_day(session, group_id, day, zone) for day in draft.days]


def _with_news(then: GroupDay, now: GroupDay) -> GroupDay:
    """A day as it would be, with what is new in it against how it stands."""
    was = {line.of.membership_id: _said(line) for line in then.members}
    doubts = {_asked(one) for one in then.doubts}
    return replace(
        now,
        members=tuple(replace(line, new=was.get(line.of.membership_id) != _said(line)) for line in now.members),
        doubts=tuple(replace(one, new=_asked(one) not in doubts) for one in now.doubts),
    )


def _said(line: MemberLine) -> tuple[object, ...]:
    return line.of.state, line.of.basis, line.of.temperature, line.of.flags, line.of.places


def _asked(doubt: DoubtLine) -> tuple[object, ...]:
    return doubt.reason, doubt.names, doubt.quote.sender, tuple(one.text for one in doubt.quote.stretches)


# --- what the texts are


@dataclass(frozen=True, slots=True)
class _Recogniser:
    """Says what the new texts of a fold are, and which of their lines it took nothing from."""

    new: Sequence[Logged]
    told: Sequence[Reading | Unclear]
    state: GroupState
    scene: Scene

    def of(self, messages: Sequence[Incoming], day: date) -> Recognised:
        """What the texts are; `day` is theirs unless they say another."""
        refused = {one.message for one in self.told if isinstance(one, Unclear) and one.reason is Reason.UNREADABLE}
        read = [one.message for one in self.new if one.message.id not in refused]
        form = self._layout(normalise(messages[0].text)) if len(messages) == 1 and not refused else None
        chain = form if form is not None and form.shape is Shape.CHAIN else None
        names = {one.message.id for one in self.new}
        return Recognised(
            messages=len(messages),
            known=len(messages) - len(self.new),
            lines=None if chain is None else len(chain.pieces),
            chain_day=None if chain is None else chain.heading.day(day),
            tells=any(one.message in names for one in self.told)
            or (chain is not None and any(one.content in self for one in chain.pieces)),
            unread=tuple(line for one in read for line in self._unread(one)),
        )

    def __contains__(self, content: object) -> bool:
        """Whether an entry of this content reports somebody, or asks about somebody, in a chain of the group."""
        entries = (one.entries.get(content) for one in self.state.documents if isinstance(content, str))
        return any(one is not None and bool(one.readings or one.unclear) for one in entries)

    def _layout(self, text: Text) -> Layout:
        return layout(text, 0, len(text.norm), known=self, scene=self.scene)

    def _unread(self, message: Message) -> Iterator[str]:
        """The lines of a text that nothing was read or asked in."""
        text = normalise(message.text)
        taken = [one.span for one in self.told if one.message == message.id]
        taken += [text.span(one.start, one.end) for one in self._layout(text).pieces if one.content in self]
        for line in lines_of(text.norm, 0, len(text.norm)):
            whole = text.span(line.start, line.end)
            is_taken = any(one.start < whole.end and whole.start < one.end for one in taken)
            if line.text(text.norm).strip() and not is_taken:
                yield text.raw[whole.start : whole.end].strip()


def _pieces(heard: Heard) -> list[Reading | Unclear]:
    return [*heard.readings.values(), *heard.unclear.values()]


def _nothing(_one: Logged) -> None:
    """Nobody watches over this fold but the process around it."""

"""A chain as one document of a group, a day and a topic: which document a version belongs to, and what is new in it."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.reading.form import Layout, Piece
from bot.reading.heading import ChainTopic, Heading
from bot.reading.scene import Message
from bot.reading.statement import Reading, Unclear

_NIGHT_ENDS = 4  # o'clock: until then an entry is of the day before (FORMAT.md, settled 19)
_ONE_SITTING = timedelta(hours=3)  # a version that shares no line with the document still goes on with it this long
_MOST_UNSHARED = 2  # entries of a document that a version may share none of and still be made from it


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it was first seen in a document. Its readings are never read again."""

    order: int  # from 0 in the order of first sight
    content: str = field(repr=False)
    number: str
    before: str = field(repr=False)  # content of the entry above it where it was first seen, "" at the top
    base: int  # bit i is set where entry i was known already and stood in the version that brought this one
    message: str  # id of the message that brought it
    sender: str = field(repr=False)
    account: str | None = field(repr=False)
    at: datetime
    readings: tuple[Reading, ...] = ()
    unclear: tuple[Unclear, ...] = ()


@dataclass(frozen=True)
class Document:
    """All that the versions of one chain have said. Persistent: `with_entries` makes the next one."""

    heading: Heading
    day: date | None  # that the heading names
    began: date
    touched: datetime
    touched_day: date
    entries: Mapping[str, Entry] = field(default_factory=dict, repr=False)  # by content
    of_member: Mapping[int, tuple[Entry, ...]] = field(default_factory=dict, repr=False)
    remarks: frozenset[str] = field(default=frozenset(), repr=False)  # what stood below the entries
    prepared: bool = False  # the teacher listed the names: a name alone is no report
    size: int = 0  # entries of its fullest version

    @property
    def topic(self) -> ChainTopic:
        """What the heading makes it be about."""
        return self.heading.topic

    def day_of_entry(self, at: datetime) -> date:
        """The day that an entry first seen at this instant is of."""
        return self.day or effective_day(at, self.began)

    def touch(self, layout: Layout, at: datetime) -> "Document":
        """The document after one more version with nothing new read yet; a fuller heading stays."""
        heading = self.heading if self.heading.core or self.heading.dates else layout.heading
        if layout.heading.frame.questions and not heading.frame.questions:
            heading = replace(heading, frame=layout.heading.frame)
        return replace(
            self,
            heading=heading,
            day=self.day or layout.heading.day(at.date()),
            touched=at,
            touched_day=effective_day(at, self.began),
            size=max(self.size, len(layout.pieces)),
        )

    def with_entries(self, added: tuple[Entry, ...], retired: Container[int]) -> "Document":
        """The document with more entries; those whose order is in `retired` are known but stand no longer."""
        if not added:
            return self
        entries = {**self.entries, **{entry.content: entry for entry in added}}
        of_member = dict(self.of_member)
        for entry in added:
            for member in dict.fromkeys(reading.member for reading in entry.readings):
                standing = tuple(old for old in of_member.get(member, ()) if old.order not in retired)
                of_member[member] = (*standing, entry)
        return replace(self, entries=entries, of_member=of_member)


def effective_day(at: datetime, began: date | None = None) -> date:
    """The local date, or the one before while the night of a chain that began then lasts."""
    today = at.date()
    if at.hour < _NIGHT_ENDS and began is not None and began < today:
        return today - timedelta(days=1)
    return today


@dataclass(frozen=True, slots=True)
class Version:
    """What of a version its document has seen before."""

    shared: int  # bit i is set where the version holds entry i of the document
    count: int  # how many it holds
    new: tuple[tuple[Piece, str], ...] = ()  # entries never seen, each with the content of the one above it

    @classmethod
    def of(cls, layout: Layout, document: Document) -> "Version":
        """Look a version's entries up in its document; an entry that stands twice in it is new once."""
        shared, count, before = 0, 0, ""
        new: dict[str, tuple[Piece, str]] = {}
        for piece in layout.pieces:
            entry = document.entries.get(piece.content)
            if entry is not None:
                shared |= 1 << entry.order
                count += 1
            else:
                new.setdefault(piece.content, (piece, before))
            before = piece.content
        return cls(shared, count, tuple(new.values()))


def document_of(layout: Layout, documents: tuple[Document, ...], at: datetime) -> Document | None:
    """The document that a version belongs to, None where it begins a new one."""
    best: tuple[float, int] | None = None
    chosen: Document | None = None
    for index, document in enumerate(documents):
        claim = _claim(layout, document, at)
        if claim > 0 and (best is None or (claim, index) > best):
            best, chosen = (claim, index), document
    if chosen is None and not layout.heading.core and not layout.heading.dates:
        return _continued(documents, at)
    return chosen


def _claim(layout: Layout, document: Document, at: datetime) -> float:
    """How strongly a document claims a version, 0 where not at all."""
    heading, own = layout.heading, document.heading
    if _is_of_another_chain(heading, document, at):
        return 0.0
    count = sum(piece.content in document.entries for piece in layout.pieces)
    same_heading = bool(heading.core or heading.dates) and heading.core == own.core and heading.dates == own.dates
    same_day = document.day is not None or effective_day(at, document.began) == document.touched_day
    if not same_day:  # an undated chain of yesterday: gone on with only by one who copied most of it
        copies_most = count * 2 >= len(layout.pieces) and count * 2 > document.size
        return count / 2 if count and copies_most else 0.0
    if not document.entries or at - document.touched < _ONE_SITTING:
        bonus = 1.0 if same_heading else 0.0
    else:
        bonus = 0.5 if same_heading and count else 0.0
    if heading.core and own.core and not same_heading and not _akin(heading.core, own.core):
        return float(count) if count * 2 > len(layout.pieces) - 1 and count else 0.0
    return count + bonus


def _is_of_another_chain(heading: Heading, document: Document, at: datetime) -> bool:
    """Whether day, time of day or topic set a version apart from a document."""
    day = heading.day(at.date())
    if day is not None and document.day is not None and day != document.day:
        return True
    if day is not None and document.day is None and day != document.began and document.entries:
        return True
    own = document.heading
    if heading.times and own.times and not heading.times & own.times:
        return True
    topics = {heading.topic, own.topic} - {ChainTopic.UNSAID}
    return len(topics) > 1


def _akin(one: str, other: str) -> bool:
    return one in other or other in one


def _continued(documents: tuple[Document, ...], at: datetime) -> Document | None:
    """The document that entries without heading and without a known line go on with: the newest of the day."""
    for document in sorted(
        documents, key=lambda found: (found.topic is not ChainTopic.OTHER, found.touched), reverse=True
    ):
        if effective_day(at, document.began) == (document.day or document.touched_day):
            return document
    return None


def changed_entries(document: Document, member: int, new: Entry, version: Version, at: datetime) -> Iterator[Entry]:
    """Entries about a member whose place a new one takes.

    They are gone from this version, and it was made from one that had them. A line that is merely absent was not
    changed: two people who answer the same version make two branches.
    """
    for entry in document.of_member.get(member, ()):
        if version.shared >> entry.order & 1:
            continue
        if not version.count and (at - entry.at > _ONE_SITTING or len(document.entries) > _MOST_UNSHARED):
            continue  # begun again rather than changed
        same_place = (new.number and new.number == entry.number) or new.before == entry.before
        if same_place or _made_after(document, entry, version.shared):
            yield entry


def _made_after(document: Document, entry: Entry, shared: int) -> bool:
    """Whether the version holds an entry that was written below `entry`."""
    return any(
        shared >> other.order & 1
        and (other.base >> entry.order & 1 or (other.message == entry.message and other.order > entry.order))
        for other in document.entries.values()
    )


def is_same_sender(entry: Entry, message: Message) -> bool:
    """Whether the one who first posted an entry sends this message; a platform's id decides before a nickname."""
    if entry.account is not None and message.account is not None:
        return entry.account == message.account
    return bool(entry.sender) and entry.sender == message.sender

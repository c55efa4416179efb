"""What a channel is: requests of a platform in, `Incoming` out, and `Outgoing` to the platform. It decides nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

MAX_BODY_BYTES = 256 * 1024  # of a callback; the longest chain of a full group is a tenth of it

Pairs = Sequence[tuple[str, str]]
"""Query parameters or headers as they stood in the request, decoded once, doubles and all."""


class Kind(StrEnum):
    """What arrived. Only texts are read; the rest is answered, and nothing of it is fetched or kept."""

    TEXT = "text"
    IMAGE = "image"
    EVENT = "event"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that a platform delivered, verified. Its texts hold no NUL and no lone surrogate: all can be kept."""

    channel: str
    """"wecom-app", "wecom-bot", "gateway/NAME"."""
    chat: str = field(repr=False)
    """The room's id; where the channel is one-to-one, the sender's id."""
    platform_id: str = field(repr=False)
    """The platform's id of the message; for an event without one, made of what tells it from others."""
    sender: str = field(repr=False)
    """The platform's id of who sent it, as `sender` is written everywhere for this channel; "" where none is told."""
    sender_name: str | None = field(repr=False)
    """The name shown in the chat; None where the platform tells none."""
    sent_at: datetime | None
    """When the platform says it was sent; None where it says nothing."""
    kind: Kind
    text: str = field(repr=False)
    """What was written, without a leading mention of the bot; "" where nothing was."""
    quoted: str | None = field(repr=False)
    """The text that the message quotes: of an unknown author and time. None where it quotes nothing."""
    stale: bool
    """The signature's timestamp is outside the window: a wrong clock or a replay. To be quarantined, not read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The body that the platform expects once the messages are durable."""

    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a callback held, in the order of the body, and what to answer. Nothing where there is nothing to keep."""

    messages: tuple[Incoming, ...]
    answer: Answer = Answer()


def userid(text: str) -> str:
    """A WeCom userid as it is compared: the platform does not tell upper from lower case (its answers are lower)."""
    return text.casefold()


class Channel(Protocol):
    """One way in; every channel passes tests/channels/test_protocol.py."""

    @property
    def name(self) -> str:
        """The channel's name, also the path of its callbacks below /hooks/."""
        ...

    def decode(self, headers: Pairs, query: Pairs, body: bytes, now: datetime) -> Decoded:
        """Authenticate a callback and return what it holds; raises NotAuthentic, Malformed, TooLarge."""
        ...


@runtime_checkable
class VerifiesUrl(Protocol):
    """A channel whose platform checks the callback's address with a GET before it sends anything."""

    def verify(self, query: Pairs) -> str:
        """The plain text to answer with; raises NotAuthentic."""
        ...


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A text for a chat."""

    chat: str = field(repr=False)
    """The chat's id; of a group robot its key."""
    text: str = field(repr=False)
    mentions: tuple[str, ...] = field(default=(), repr=False)
    """Platform ids of who is to be told apart from the text; never made of anything that somebody wrote."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform said that it took the message."""


@dataclass(frozen=True, slots=True)
class TryLater:
    """Nothing was delivered, and the same message may be taken after a while."""

    after: timedelta
    most_tries: int | None = None  # of one message, where the platform says how many are enough


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform will never take this message; `gone`: it knows no such chat, so none after it either."""

    gone: bool = False


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows: the message was handed over, and no answer came that says what became of it."""


Said = Sent | TryLater | Refused | Unknown
"""What a platform said of a message."""


class Sends(Protocol):
    """One way out; every one passes tests/channels/test_protocol.py."""

    @property
    def name(self) -> str:
        """The channel's name, as bindings have it."""
        ...

    @property
    def most_bytes(self) -> int:
        """UTF-8 bytes of a text that the platform takes."""
        ...

    @property
    def most_a_minute(self) -> int:
        """Messages that the platform takes for one chat in any 60 s."""
        ...

    def send(self, message: Outgoing) -> Said:
        """Hand a message to the platform, at most once; what the platform answers is never raised."""
        ...

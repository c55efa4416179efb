"""Claims: which message is handed over next, by whom, and which will never be.

What a row says before its message is handed over is what is true if the process dies then: a reminder is unknown, and
is never tried again; a digest is due again a little later, with the same text. Nobody counts a chat's messages while
somebody else does: SQLite has one writer at a time, and on PostgreSQL the rows of the chat's bindings are locked.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from bot.channels.protocol import Outgoing, Sends
from bot.delivery.outbox import Outcome
from models.chat import Binding
from models.delivery import Delivery
from models.vocabulary import DeadBecause, DeliveryKind, DeliveryState

MINUTE = timedelta(seconds=61)  # in which the platform counts, and a second for what our clocks and its may differ
EXCHANGE = timedelta(seconds=10)  # the longest that handing over takes: until then the platform may count it
MOST_ATTEMPTS = 8  # of a message: the last one about two hours after the first
LEASE = MINUTE + EXCHANGE + timedelta(seconds=4)  # so that no row is tried twice in what the platform counts together

_DIGESTS_FIRST = case((Delivery.kind == DeliveryKind.DIGEST, 0), else_=1)


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat on a channel, whatever it was bound to over time: what a platform's limits are of."""

    channel: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this process hands over, and no other."""

    delivery_id: int
    binding_id: int
    kind: DeliveryKind
    channel: str
    message: Outgoing = field(repr=False)
    deadline_at: datetime
    attempt: int  # from 1
    in_doubt: bool  # what became of an earlier attempt is not known


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be done for a chat."""

    claimed: Claim | None = None
    ended: tuple[Outcome, ...] = ()  # messages that will never be sent
    rest_until: datetime | None = None  # the platform takes no more for now


class _Row(Protocol):
    """Of a message that is due, what says whether it may still be sent."""

    id: int
    kind: str
    attempts: int
    in_doubt: bool
    deadline_at: datetime
    binding_id: int
    until_at: datetime | None
    refused_at: datetime | None


def due_chats(session: Session, due_by: datetime) -> list[Chat]:
    """The chats to which something is due, the one that waits longest first."""
    found = session.execute(
        select(Binding.channel, Binding.chat_digest)
        .join(Delivery, Delivery.binding_id == Binding.id)
        .where(Delivery.state == DeliveryState.DUE, Delivery.due_at <= due_by)
        .group_by(Binding.channel, Binding.chat_digest)
        .order_by(func.min(Delivery.due_at), func.min(Delivery.id))
    )
    return [Chat(channel, digest) for channel, digest in found]


def claim(session: Session, chat: Chat, outlet: Sends | None, now: datetime, due_by: datetime) -> Look:
    """Claim the chat's next message, digests first, and end those that may not be sent any more.

    `outlet`: the way out of the chat's channel, None where there is none.
    """
    bindings = _hold(session, chat)
    waiting: list[_Row] = list(_waiting(session, bindings, due_by))
    ended, left = [], []
    for row in waiting:
        why = _dead_because(row, outlet, now)
        if why is None:
            left.append(row)
        else:
            ended.append(end(session, row.id, why, in_doubt=row.in_doubt))
    if outlet is None or not left:
        return Look(ended=tuple(ended))
    rest_until = _rest_until(session, bindings, outlet.most_a_minute, now)
    if rest_until is not None:
        return Look(ended=tuple(ended), rest_until=rest_until)
    return Look(claimed=_take(session, left[0], chat.channel, now), ended=tuple(ended))


def end(session: Session, delivery_id: int, why: DeadBecause, *, in_doubt: bool) -> Outcome:
    """Give a message up: dead and why, or unknown where it may have been delivered after all."""
    outcome = Outcome(delivery_id, DeliveryState.UNKNOWN) if in_doubt else Outcome(delivery_id, DeliveryState.DEAD, why)
    values = {"state": outcome.state, "why": outcome.why}
    session.execute(update(Delivery).where(Delivery.id == delivery_id).values(values))
    return outcome


def _hold(session: Session, chat: Chat) -> list[int]:
    """The ids of the chat's bindings, which nobody else may claim for until this transaction ends."""
    wanted = select(Binding.id).where(Binding.channel == chat.channel, Binding.chat_digest == chat.digest)
    # NO KEY UPDATE: whoever posts a delivery takes the binding's KEY SHARE lock, which FOR UPDATE would hold up.
    return list(session.scalars(wanted.order_by(Binding.id).with_for_update(key_share=True)))


def _waiting(session: Session, bindings: list[int], due_by: datetime) -> Iterator[_Row]:
    """The messages of a chat that are due, digests first; without their texts, which may not be readable."""
    columns = (Delivery.id, Delivery.kind, Delivery.attempts, Delivery.in_doubt, Delivery.deadline_at)
    return iter(
        session.execute(
            select(*columns, Delivery.binding_id, Binding.until_at, Binding.refused_at)
            .join(Binding, Delivery.binding_id == Binding.id)
            .where(Delivery.binding_id.in_(bindings), Delivery.state == DeliveryState.DUE, Delivery.due_at <= due_by)
            .order_by(_DIGESTS_FIRST, Delivery.due_at, Delivery.id)
        )
    )


def _dead_because(row: _Row, outlet: Sends | None, now: datetime) -> DeadBecause | None:
    """Why a message may not be sent any more. A binding's target never changes: a change ends it."""
    if row.until_at is not None:
        return DeadBecause.BINDING_CHANGED
    if now > row.deadline_at:
        return DeadBecause.TOO_LATE
    if row.refused_at is not None:
        return DeadBecause.ROBOT_GONE
    if outlet is None:
        return DeadBecause.NO_CHANNEL
    return DeadBecause.REFUSED if row.attempts >= MOST_ATTEMPTS else None  # that many processes died over it


def _rest_until(session: Session, bindings: list[int], most_a_minute: int, now: datetime) -> datetime | None:
    """When the chat may get another message; None: now. Those tried in the future are of a clock that was set back."""
    tried = session.scalars(
        select(Delivery.tried_at)
        .where(Delivery.binding_id.in_(bindings), Delivery.tried_at > now - MINUTE, Delivery.tried_at <= now + EXCHANGE)
        .order_by(Delivery.tried_at.desc())
        .limit(most_a_minute)
    ).all()
    oldest = tried[-1] if len(tried) == most_a_minute else None
    return None if oldest is None else oldest + MINUTE


def _take(session: Session, row: _Row, channel: str, now: datetime) -> Claim:
    """Write what is true if nobody ever writes again."""
    delivery = session.get_one(Delivery, row.id)
    kind = DeliveryKind(delivery.kind)
    claimed = Claim(
        delivery_id=delivery.id,
        binding_id=delivery.binding_id,
        kind=kind,
        channel=channel,
        message=Outgoing(
            chat=session.get_one(Binding, delivery.binding_id).chat,
            text=delivery.text,
            mentions=tuple((delivery.mentions or "").split()),
        ),
        deadline_at=delivery.deadline_at,
        attempt=delivery.attempts + 1,
        in_doubt=delivery.in_doubt,
    )
    delivery.attempts += 1
    delivery.in_doubt = True
    delivery.tried_at = now + EXCHANGE
    if kind is DeliveryKind.REMINDER:
        delivery.state = DeliveryState.UNKNOWN
    else:
        delivery.due_at = now + LEASE
    return claimed

"""Marks: what a platform's answer makes of the message that was handed over."""

import random
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.protocol import Refused, Said, Sent, TryLater, Unknown
from bot.delivery.claims import MINUTE, MOST_ATTEMPTS, Claim, end
from bot.delivery.outbox import Outcome
from models.chat import Binding
from models.delivery import Delivery
from models.vocabulary import DeadBecause, DeliveryKind, DeliveryState

JITTER = 0.2  # of a pause, at most: many robots that were refused together do not come again together


def mark(session: Session, claim: Claim, said: Said, now: datetime) -> list[Outcome]:
    """Write down what became of a message; what became of it and, where its robot is gone, of that robot's others."""
    if isinstance(said, Refused) and said.gone:
        session.get_one(Binding, claim.binding_id, with_for_update={"key_share": True})  # in the order of a claim
    delivery = session.get_one(Delivery, claim.delivery_id)
    overtaken = delivery.attempts != claim.attempt  # this process stood still for so long that another has the message
    if delivery.state == DeliveryState.SENT or (overtaken and not isinstance(said, Sent)):
        return []
    delivery.tried_at = now
    if isinstance(said, TryLater | Refused):
        delivery.in_doubt = claim.in_doubt  # nothing was delivered, so nothing is added to what is not known
    match said:
        case Sent():
            delivery.state, delivery.sent_at, delivery.in_doubt = DeliveryState.SENT, now, False
            return [Outcome(delivery.id, DeliveryState.SENT)]
        case TryLater(after=after, most_tries=most):
            return [_again(session, delivery, claim, now, after, most or MOST_ATTEMPTS)]
        case Refused(gone=gone):
            refused = end(session, delivery.id, DeadBecause.REFUSED, in_doubt=claim.in_doubt)
            return [refused, *(_gone(session, claim.binding_id, now) if gone else [])]
        case Unknown():
            if claim.kind is DeliveryKind.DIGEST:
                return [_again(session, delivery, claim, now, MINUTE, MOST_ATTEMPTS)]
            return [Outcome(delivery.id, DeliveryState.UNKNOWN)]  # as the row has said since it was claimed
        case other:
            assert_never(other)


def pause(attempt: int, after: timedelta) -> timedelta:
    """How long a message rests after an attempt (from 1): at least `after` and what the platform counts together.

    It doubles from one attempt to the next.
    """
    jitter = random.uniform(1, 1 + JITTER)  # noqa: S311 - chance, not secrecy
    return max(after, MINUTE) * (jitter * 2.0 ** (attempt - 1))


def _again(
    session: Session, delivery: Delivery, claim: Claim, now: datetime, after: timedelta, most_tries: int
) -> Outcome:
    """Due again later, or given up where there were tries enough, or later is too late."""
    due_at = now + pause(claim.attempt, after)
    if claim.attempt >= most_tries:
        return end(session, delivery.id, DeadBecause.REFUSED, in_doubt=delivery.in_doubt)
    if due_at > claim.deadline_at:
        return end(session, delivery.id, DeadBecause.TOO_LATE, in_doubt=delivery.in_doubt)
    delivery.state, delivery.due_at = DeliveryState.DUE, due_at
    return Outcome(delivery.id, DeliveryState.DUE)


def _gone(session: Session, binding_id: int, now: datetime) -> list[Outcome]:
    """The platform knows no such robot: nothing that waits for it is ever sent."""
    session.get_one(Binding, binding_id).refused_at = now
    waiting = select(Delivery.id, Delivery.in_doubt).where(
        Delivery.binding_id == binding_id, Delivery.state == DeliveryState.DUE
    )
    found = session.execute(waiting.order_by(Delivery.id)).all()
    return [end(session, row_id, DeadBecause.ROBOT_GONE, in_doubt=in_doubt) for row_id, in_doubt in found]

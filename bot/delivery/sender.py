"""The sender: claims what is due, hands it over with no transaction open, marks what became of it.

A few threads, each at one chat: a robot that hangs holds up nobody else's messages, and no chat gets two at once.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.protocol import Said, Sends, Unknown
from bot.delivery.claims import LEASE, MINUTE, Chat, Claim, Look, claim, due_chats
from bot.delivery.marks import mark
from bot.delivery.outbox import Outcome
from bot.logs import described
from models.database import Database, is_contention, is_unavailable
from models.delivery import Delivery
from models.vocabulary import DeliveryState

THREADS = 4
IDLE_SECONDS = 0.5  # between two looks at an outbox of which nothing is due
ABSENT_SECONDS = 1.0  # between two tries to reach an absent database
CLAIM_TRIES = 3
MARK_TRIES = 10  # a second apart; what is not marked then is as it was written before it was handed over

T = TypeVar("T")

log = structlog.get_logger()


@dataclass
class _Round:
    """Messages that are sent together: those that are due by an instant, or from now on."""

    due_by: datetime | None
    outcomes: dict[int, Outcome] = field(default_factory=dict)  # by delivery


class Sender:
    """Sends what is due: start() and stop() for a service, send_due() for one round."""

    def __init__(self, database: Database, outlets: Mapping[str, Sends], now: Callable[[], datetime]) -> None:
        """`outlets`: the ways out by the name of their channel. `now`: the clock of deadlines and limits."""
        self._database = database
        self._outlets = outlets
        self._now = now
        self._stopped = threading.Event()
        self._turn = threading.Lock()  # one thread looks for work at a time
        self._busy: set[Chat] = set()
        self._resting: dict[Chat, datetime] = {}  # chats that get nothing before an instant

    def start(self) -> None:
        """Begin to send, from now on."""
        for number in range(THREADS):
            threading.Thread(target=self._serve, name=f"sender-{number}", daemon=True).start()

    def stop(self) -> None:
        """Claim nothing more. Returns at once: what is being handed over has its state already."""
        self._stopped.set()

    def send_due(self) -> list[Outcome]:
        """Send all that is due at this instant; what became of each message, those left for later included."""
        turn = _Round(due_by=self._now())
        with ThreadPoolExecutor(THREADS, thread_name_prefix="sender") as pool:
            try:
                for done in [pool.submit(self._drain, turn) for _ in range(THREADS)]:
                    done.result()
            except BaseException:
                self.stop()
                raise
        with self._database.read() as session:
            left = session.scalars(
                select(Delivery.id).where(Delivery.state == DeliveryState.DUE, Delivery.due_at <= turn.due_by)
            )
            found = turn.outcomes | {row_id: Outcome(row_id, DeliveryState.DUE) for row_id in left}
        return [found[row_id] for row_id in sorted(found)]

    def _drain(self, turn: _Round) -> None:
        """Send until nothing is left that is due; raises what keeps the outbox from being read."""
        while not self._stopped.is_set():
            with self._turn:
                found = self._next(turn)
            if found is None:
                return
            self._deliver(*found, turn)

    def _serve(self) -> None:
        """Send until stopped; nothing that goes wrong ends it."""
        while not self._stopped.is_set():
            turn = _Round(due_by=None)
            try:
                with self._turn:
                    found = self._next(turn)
                    if found is None:
                        self._stopped.wait(IDLE_SECONDS)
                        continue
                self._deliver(*found, turn)
            except Exception as error:  # noqa: BLE001 - the outbox must go on; what was claimed has its state
                log.warning("cannot send", **described(error))
                self._stopped.wait(ABSENT_SECONDS)

    def _next(self, turn: _Round) -> tuple[Chat, Claim] | None:
        """The next message, claimed, and its chat, which is busy from now on; None where nothing can be sent now."""
        due_by = turn.due_by or self._now()
        with self._database.read() as session:
            chats = due_chats(session, due_by)
        for chat in chats:
            if self._stopped.is_set():
                return None
            if chat in self._busy or self._rests(chat):
                continue
            look = self._look(chat, due_by)
            self._tell(turn, look.ended)
            if look.rest_until is not None:
                self._resting[chat] = look.rest_until
            if look.claimed is not None:
                self._busy.add(chat)
                return chat, look.claimed
        return None

    def _rests(self, chat: Chat) -> bool:
        until, now = self._resting.get(chat), self._now()
        return until is not None and now < until <= now + LEASE  # beyond: the clock was set back

    def _look(self, chat: Chat, due_by: datetime) -> Look:
        """What is to be done for a chat; a chat whose rows break the claim rests, so that the others go on."""
        try:
            return self._patiently(
                lambda session: claim(session, chat, self._outlets.get(chat.channel), self._now(), due_by), CLAIM_TRIES
            )
        except Exception as error:
            if is_unavailable(error):
                raise
            log.warning("cannot claim", channel=chat.channel, **described(error))
            return Look(rest_until=self._now() + MINUTE)

    def _deliver(self, chat: Chat, claimed: Claim, turn: _Round) -> None:
        try:
            said = self._said(claimed)
            self._tell(turn, self._patiently(lambda session: mark(session, claimed, said, self._now()), MARK_TRIES))
        finally:
            self._busy.discard(chat)

    def _said(self, claimed: Claim) -> Said:
        try:
            return self._outlets[claimed.channel].send(claimed.message)
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody knows what became of the message
            log.critical("unexpected", delivery=claimed.delivery_id, **described(error))
            return Unknown()

    def _patiently(self, work: Callable[[Session], T], tries: int) -> T:
        """The result of a transaction, which is tried again where others were in its way or the database is away."""
        for left in reversed(range(tries)):
            try:
                with self._database.write() as session:
                    return work(session)
            except Exception as error:
                if not left or not (is_unavailable(error) or is_contention(error)):
                    raise
                log.warning("again", **described(error))
                self._stopped.wait(ABSENT_SECONDS)
        raise AssertionError("tries: at least 1")

    @staticmethod
    def _tell(turn: _Round, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            turn.outcomes[outcome.delivery_id] = outcome
            log.info("delivery", delivery=outcome.delivery_id, state=outcome.state, why=outcome.why)

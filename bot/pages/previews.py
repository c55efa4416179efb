"""Looking ahead in a process of its own: a bad text must never hold or end the process that answers.

One child reads for all pages, one paste after the other. It begins at first need and stays, since a fresh one takes a
while. It ends with its parent: whoever waits at the other end of a pipe hears that it is closed, and while a text holds
the interpreter, so that it hears nothing, the kernel's alarm ends it.
"""

import contextlib
import multiprocessing
import resource
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.protocol import Incoming
from bot.counts.preview import Preview
from bot.errors import TryAgain
from bot.intake.inbox import Inbox
from bot.interrupts import interrupts_blocked
from bot.logs import configure_logs, described
from bot.settings import Settings
from models.database import is_contention, is_unavailable, open_database
from models.sealing import Keyring

if TYPE_CHECKING:
    from bot.previewer import Previewer

LIMIT_SECONDS = 15.0  # for one paste; a month of a full group takes two
START_SECONDS = 15.0  # more, until a fresh child listens
PATIENCE_SECONDS = 20.0  # for those that are before it
MOST_WAITING = 8  # at once, of the threads that all pages share
STOP_SECONDS = 2.0

log = structlog.get_logger()


class NoPreview(StrEnum):
    """Why there is nothing to show."""

    UNREADABLE = "unreadable"  # reading the texts held or ended the child, or failed
    BUSY = "busy"  # others are before it, or the database is away: the same again will do


@dataclass(frozen=True, slots=True)
class Question:
    """What would be if these texts of a group were saved."""

    group_id: int
    messages: Sequence[Incoming] = field(repr=False)
    day: date
    now: datetime


Pipe = Connection
Serve = Callable[[Settings, Pipe, float], None]


def serve(settings: Settings, asked: Pipe, limit: float) -> None:
    """What the child does: answer questions until nobody asks any more; a question that takes too long ends it."""
    from bot.previewer import Previewer  # noqa: PLC0415 - the reader, in this process alone: the service is back sooner

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold what families wrote
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the parent says when to stop
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process, whatever it is at
    configure_logs()
    keyring = Keyring.of(settings.secret_key_bytes())
    database = open_database(settings.database_url, keyring)
    previewer = Previewer(database, keyring, Inbox(keyring, settings.zone, settings.open_days))
    with contextlib.suppress(EOFError, OSError):
        while True:
            question: Question = asked.recv()
            signal.setitimer(signal.ITIMER_REAL, limit)
            found = answer(previewer, question)
            signal.setitimer(signal.ITIMER_REAL, 0)
            asked.send(found)


def answer(previewer: "Previewer", question: Question) -> Preview | NoPreview:
    """What would be, or why nobody can say."""
    try:
        return previewer.preview(question.group_id, question.messages, question.day, question.now)
    except TryAgain:
        return NoPreview.BUSY
    except Exception as error:  # noqa: BLE001 - whatever a text does, the page says so
        is_away = isinstance(error, SQLAlchemyError) and (is_unavailable(error) or is_contention(error))
        log.error("no preview", group=question.group_id, **described(error))  # noqa: TRY400 - no traceback
        return NoPreview.BUSY if is_away else NoPreview.UNREADABLE


class Previews:
    """The child that looks ahead, as pages ask it."""

    def __init__(self, settings: Settings, serve: Serve = serve, limit: float = LIMIT_SECONDS) -> None:
        """Begins nothing yet."""
        self._settings = settings
        self._serve = serve
        self._limit = limit
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(MOST_WAITING)
        self._stopped = False
        self._child: BaseProcess | None = None
        self._pipe: Pipe | None = None

    def warm(self) -> None:
        """Begin the child, unless it is there: somebody is about to paste something."""
        if self._turn.acquire(blocking=False):
            try:
                self._begin()
            finally:
                self._turn.release()

    def preview(self, question: Question) -> Preview | NoPreview:
        """What would be; waits for its turn and for the answer, unless too many do."""
        if not self._places.acquire(blocking=False):
            return NoPreview.BUSY
        try:
            if not self._turn.acquire(timeout=PATIENCE_SECONDS):
                return NoPreview.BUSY
            try:
                return self._ask(self._begin(), question)
            finally:
                self._turn.release()
        finally:
            self._places.release()

    def stop(self) -> None:
        """End the child, if there is one, whatever it is at."""
        self._stopped = True
        child = self._child
        if child is not None:
            child.kill()
            child.join(STOP_SECONDS)

    def _ask(self, pipe: Pipe | None, question: Question) -> Preview | NoPreview:
        if pipe is None:
            return NoPreview.BUSY
        with contextlib.suppress(EOFError, OSError):  # the child died
            pipe.send(question)
            if pipe.poll(self._limit + START_SECONDS):
                found: Preview | NoPreview = pipe.recv()
                return found
        self._end()
        log.warning("a text held or ended the one that looks ahead", group=question.group_id)
        return NoPreview.UNREADABLE

    def _begin(self) -> Pipe | None:
        """The way to a living child; None where none is to begin any more."""
        if self._child is not None and self._child.is_alive():
            return self._pipe
        self._end()
        if self._stopped:
            return None
        context = multiprocessing.get_context("spawn")  # a fork would copy locks that other threads hold
        ours, its = context.Pipe()
        self._child = context.Process(
            target=self._serve, args=(self._settings, its, self._limit), name="previews", daemon=True
        )
        with interrupts_blocked():
            self._child.start()
        its.close()  # so that each end hears when the other is gone
        self._pipe = ours
        return ours

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.join(STOP_SECONDS)
        if self._pipe is not None:
            self._pipe.close()
        self._child = self._pipe = None

"""Group commit: one thread writes, and all that waits when it begins shares one commit.

A commit that reaches the disk costs the same for one row as for a hundred, so requests that come together are made
durable together, and each is answered only after the commit that holds it.
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from sqlalchemy.orm import Session

from bot.errors import Refused, TryAgain
from bot.intake.seal import fits
from bot.logs import described
from models.database import Database, is_contention, is_unavailable
from models.sealing import Keyring

STOP_SECONDS = 3.0
BATCH = 256  # rows a commit; bounds how long a reader of SQLite's WAL is kept from a fresh view

T = TypeVar("T")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Session], Any]
    done: Future[Any]


class GroupCommit:
    """Runs small pieces of writing, each in one transaction with its neighbours."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        """Start with start()."""
        self._database = database
        self._keyring = keyring
        self._keys_fit = False
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end; what a hung database does not take in time was never acknowledged."""
        self._jobs.put(None)
        self._thread.join(STOP_SECONDS)

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """A future that holds the work's result once it is durable, or raises TryAgain or Refused."""
        job = _Job(work, Future())
        self._jobs.put(job)
        return job.done

    def _run(self) -> None:
        while (first := self._jobs.get()) is not None:
            jobs = [first]
            ended = False
            while len(jobs) < BATCH and not self._jobs.empty():
                job = self._jobs.get()
                if job is None:
                    ended = True
                    break
                jobs.append(job)
            self._write([job for job in jobs if job.done.set_running_or_notify_cancel()])
            if ended:
                return

    def _write(self, jobs: list[_Job], *, again: bool = True) -> None:
        """Commit the jobs together; where one of them is at fault, or in another's way, commit each by itself."""
        try:
            results = self._together(jobs)
        except Exception as error:  # noqa: BLE001 - whatever it was, each caller gets an answer
            if is_contention(error) and again:
                self._write(jobs, again=False)
            elif len(jobs) > 1 and not is_unavailable(error):
                for job in jobs:
                    self._write([job])
            else:
                self._refuse(jobs, error)
            return
        for job, result in zip(jobs, results, strict=True):
            job.done.set_result(result)

    @staticmethod
    def _refuse(jobs: list[_Job], error: Exception) -> None:
        """Tell the callers, without the error's own words: they may hold what was said."""
        later = isinstance(error, TryAgain) or is_unavailable(error) or is_contention(error)
        log.error("not durable", jobs=len(jobs), later=later, **described(error))
        for job in jobs:
            job.done.set_exception(TryAgain() if later else Refused())

    def _together(self, jobs: list[_Job]) -> list[Any]:
        with self._database.write() as session:
            if not self._keys_fit:  # the database may have been away when the service started
                self._keys_fit = fits(session, self._keyring)
                if not self._keys_fit:
                    raise TryAgain
            return [job.work(session) for job in jobs]

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
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.errors import TryAgain
from models.database import Database, is_unavailable

BATCH = 256  # rows a commit; bounds how long a reader of SQLite's WAL is kept from a fresh view

T = TypeVar("T")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Session], Any]
    done: Future[Any]


class GroupCommit:
    """Runs small pieces of writing, each in one transaction with its neighbours."""

    def __init__(self, database: Database) -> None:
        """Start with start()."""
        self._database = database
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end."""
        self._jobs.put(None)
        self._thread.join()

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """A future that holds the work's result once it is durable, or raises TryAgain."""
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

    def _write(self, jobs: list[_Job]) -> None:
        """Commit the jobs together; where one of them is at fault, commit each by itself."""
        try:
            results = self._together(jobs)
        except Exception as error:  # noqa: BLE001 - whatever it was, each caller gets an answer
            if isinstance(error, DBAPIError) and is_unavailable(error):
                log.warning("not durable", error=type(error.orig).__name__, jobs=len(jobs))
                for job in jobs:
                    job.done.set_exception(TryAgain())
            elif len(jobs) == 1:
                log.error("refused by the store", error=type(error).__name__)  # noqa: TRY400 - it may hold what was said
                jobs[0].done.set_exception(error)
            else:
                for job in jobs:
                    self._write([job])
            return
        for job, result in zip(jobs, results, strict=True):
            job.done.set_result(result)

    def _together(self, jobs: list[_Job]) -> list[Any]:
        with self._database.write() as session:
            return [job.work(session) for job in jobs]

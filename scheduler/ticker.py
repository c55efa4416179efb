"""The alarm clock: calls functions again and again, each in a thread of its own. It decides nothing, slots do.

APScheduler keeps the time in memory. Its own ways are changed in three places: no thread of it holds up the end of the
process, a clock that is put back or forward does not stop the ticking, and it logs nothing but its errors.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from apscheduler.executors.base import BaseExecutor, run_job
from apscheduler.schedulers.background import BackgroundScheduler

Tick = tuple[Callable[[], object], timedelta]
"""What is called, and how often. It must not raise."""


@dataclass
class Ticker:
    """Calls each tick once at the start and then at its interval, never twice at the same time."""

    ticks: Mapping[str, Tick]
    now: Callable[[], datetime]
    _alarm: "_Alarm | None" = field(default=None, repr=False)

    def start(self) -> None:
        """Begin to tick."""
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a run that is skipped since one is on is no news
        alarm = _Alarm(
            {name: every for name, (_, every) in self.ticks.items()},
            self.now,
            executors={"default": _DaemonThreads()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone="UTC",
        )
        for name, (function, every) in self.ticks.items():
            seconds = every.total_seconds()
            alarm.add_job(function, "interval", seconds=seconds, id=name, next_run_time=self.now())
        alarm.start()
        self._alarm = alarm

    def stop(self) -> None:
        """Tick no more. Returns at once: a tick that hangs is left to end with the process."""
        if self._alarm is not None:
            self._alarm.shutdown(wait=False)
            self._alarm = None


class _Alarm(BackgroundScheduler):  # type: ignore[misc] # APScheduler has no types
    """A scheduler of intervals that goes on when the machine's clock is put right."""

    def __init__(self, intervals: Mapping[str, timedelta], now: Callable[[], datetime], **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self._intervals = intervals
        self._shortest = min(every.total_seconds() for every in intervals.values())
        self._now = now

    def _process_jobs(self) -> float | None:
        """Start what is due; seconds until the next look, at most the shortest interval.

        A clock that was put back by an hour would else be waited for; of one that is put forward by years each interval
        would be counted.
        """
        for name, every in self._intervals.items():
            job = self.get_job(name)
            if job is not None and abs(job.next_run_time - self._now()) > every:
                job.modify(next_run_time=self._now())
        seconds: float | None = super()._process_jobs()
        return None if seconds is None else min(seconds, self._shortest)


class _DaemonThreads(BaseExecutor):  # type: ignore[misc] # APScheduler has no types
    """A thread a run, which ends with the process; APScheduler's own pools are waited for at its end."""

    def _do_submit_job(self, job: Any, run_times: list[datetime]) -> None:  # noqa: ANN401
        threading.Thread(target=self._run, args=(job, run_times), name=f"tick-{job.id}", daemon=True).start()

    def _run(self, job: Any, run_times: list[datetime]) -> None:  # noqa: ANN401
        self._run_job_success(job.id, run_job(job, "default", run_times, self._logger.name))

"""Keeps one reader alive, and remembers over which groups readers have died."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

from bot import clock
from bot.interrupts import interrupts_blocked

HELD_SECONDS = 60.0  # a reader that says nothing for so long while it is at a group is held by a text
STOP_SECONDS = 3.0
PAUSE_SECONDS = (0.2, 1.0, 5.0)  # before a new reader, by how many have ended one after another without settling

_SAID = re.compile(r"(?P<what>reading|settled|left) (?P<group>\d+)")

log = structlog.get_logger()


def reader_command(careful: Sequence[int]) -> list[str]:
    """What starts a reader."""
    return [sys.executable, "-m", "bot.worker", *reader_arguments(careful)]


def reader_arguments(careful: Sequence[int]) -> list[str]:
    """What a reader is told: who supervises it, and over which groups readers have died."""
    return ["--parent", str(os.getpid()), "--careful", ",".join(str(one) for one in careful)]


@dataclass
class Supervisor:
    """Runs readers one after another in a thread, until stopped."""

    command: Callable[[Sequence[int]], list[str]] = reader_command
    held_seconds: float = HELD_SECONDS
    pause_seconds: Sequence[float] = PAUSE_SECONDS
    _careful: set[int] = field(default_factory=set)
    _at: int | None = None  # the group that the reader is at
    _heard_at: float = 0.0
    _deaths: int = 0
    _stopping: threading.Event = field(default_factory=threading.Event)
    _child: "subprocess.Popen[str] | None" = None
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Start to supervise."""
        self._thread = threading.Thread(target=self.run, name="supervisor", daemon=True)
        self._thread.start()
        threading.Thread(target=self._watch, name="reader-watch", daemon=True).start()

    def stop(self) -> None:
        """End the reader within a few seconds, gently first."""
        self._stopping.set()
        child = self._child
        if child is not None and child.poll() is None:
            child.terminate()
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def run(self) -> None:
        """Supervise in this thread until stopped."""
        while not self._stopping.is_set():
            try:
                self._run_one()
            except OSError as error:  # no process or descriptor is to be had just now
                self._deaths += 1
                log.error("no reader could be started", error=type(error).__name__)  # noqa: TRY400 - no traceback
            if self._stopping.wait(self.pause_seconds[min(self._deaths, len(self.pause_seconds)) - 1]):
                return

    def _run_one(self) -> None:
        with self._new_reader() as child:
            self._begin(child)
            if self._stopping.is_set():
                child.terminate()
            for line in child.stdout or ():
                self._hear(line)
            status = child.wait()
        if self._stopping.is_set():
            return
        self._deaths += 1
        if status != 0 and self._at is not None:
            self._careful.add(self._at)
        log.warning("reader ended", status=status, group=self._at, careful=sorted(self._careful))

    def _new_reader(self) -> "subprocess.Popen[str]":
        with interrupts_blocked():
            return subprocess.Popen(  # noqa: S603 - our own interpreter and module
                self.command(sorted(self._careful)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )

    def _begin(self, child: "subprocess.Popen[str]") -> None:
        self._child = child
        self._at = None

    def _hear(self, line: str) -> None:
        said = _SAID.fullmatch(line.strip())
        if said is None:
            return
        group_id = int(said["group"])
        self._heard_at = clock.seconds()
        if said["what"] == "settled":
            self._careful.discard(group_id)
            self._at = None
            self._deaths = 0
        elif said["what"] == "left":
            self._at = None
        else:
            self._at = group_id

    def _watch(self) -> None:
        """Kill a reader that has been held by one group for too long."""
        while not self._stopping.wait(min(1.0, self.held_seconds / 4)):
            child = self._child
            if child is None or self._at is None or clock.seconds() - self._heard_at < self.held_seconds:
                continue
            log.warning("reader is held", group=self._at)
            self._heard_at = clock.seconds()
            child.kill()

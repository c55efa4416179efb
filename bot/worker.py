"""The reader: a child process that claims groups and reads them, and dies with the process that supervises it.

A bad text may hold the interpreter or end the process; it must never hold or end the one that answers. The child says
on its standard output what it is at, one line each: `reading ID`, `settled ID`, `left ID`.
"""

import argparse
import ctypes
import gc
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from types import FrameType

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot import clock
from bot.errors import Explained
from bot.intake.claims import Superseded, claim, only_reader, waiting_groups
from bot.logs import configure_logs
from bot.pipeline import Pipeline
from bot.wiring import Rooms, build_rooms
from models.database import is_contention, is_unavailable

IDLE_SECONDS = 0.1  # between two looks at an empty inbox
ABSENT_SECONDS = 1.0  # between two tries to reach an absent database
PR_SET_PDEATHSIG = 1  # prctl(2)
BEAT_SECONDS = 0.5  # between two signs of life in a long reading

log = structlog.get_logger()


@dataclass
class Worker:
    """Reads what waits until it is stopped."""

    rooms: Rooms
    careful: set[int] = field(default_factory=set)  # groups over which a reader has died; read last, message by message
    stopped: threading.Event = field(default_factory=threading.Event)
    say: Callable[[str, int], None] = field(default=lambda _what, _group_id: None)
    _at: int = 0  # the group that is being read
    _said_at: float = 0.0

    def run(self) -> None:
        """Read until stopped."""
        pipeline = self.pipeline()
        while not self.stopped.is_set():
            try:
                self.drain(pipeline)
                self.stopped.wait(IDLE_SECONDS)
            except Superseded:
                continue  # the group's inputs changed meanwhile
            except Explained as error:
                log.warning("cannot read yet", reason=str(error))
                self.stopped.wait(ABSENT_SECONDS)
            except SQLAlchemyError as error:
                if is_contention(error):
                    continue  # two were in each other's way
                if not is_unavailable(error):
                    raise
                log.warning("database not available", error=type(error).__name__)
                self.stopped.wait(ABSENT_SECONDS)

    def pipeline(self) -> Pipeline:
        """What reads a claimed group."""
        rooms = self.rooms
        return Pipeline(rooms.database, rooms.keyring, rooms.settings.zone, rooms.settings.open_days, self._beat)

    def drain(self, pipeline: Pipeline) -> None:
        """Read until nothing waits, or until stopped; raises Superseded where a group must be read again."""
        while not self.stopped.is_set():
            if not (self._read_one(pipeline, careful=False) or self._read_one(pipeline, careful=True)):
                return

    def _read_one(self, pipeline: Pipeline, *, careful: bool) -> bool:
        if careful and not self.careful:
            return False
        wanted = {"only": self.careful} if careful else {"but": self.careful}
        try:
            with claim(self.rooms.database, **wanted) as claimed:
                if claimed is None:
                    if careful:
                        self._settle_careful()
                    return False
                self._at, self._said_at = claimed.group_id, 0.0
                messages = pipeline.read(claimed, clock.now(), carefully=careful)
        except (Superseded, Explained, SQLAlchemyError):
            self.say("left", self._at)  # given up, and no death: not of a text
            pipeline.survived()
            raise
        log.info("read", group=claimed.group_id, messages=messages, careful=careful)
        if not careful:
            self.say("settled", claimed.group_id)
        return True

    def _settle_careful(self) -> None:
        """The groups over which readers died and in which nothing waits any more are like all others again.

        Others may still wait: another reader holds them.
        """
        with self.rooms.database.read() as session:
            left = waiting_groups(session, self.careful)
        for group_id in sorted(self.careful - left):
            self.say("settled", group_id)
        self.careful &= left

    def _beat(self) -> None:
        """Say now and then which group is being read, so that a long reading is told from a held one."""
        if clock.seconds() - self._said_at > BEAT_SECONDS:
            self._said_at = clock.seconds()
            self.say("reading", self._at)


def _aloud(what: str, group_id: int) -> None:
    """Tell the supervisor."""
    sys.stdout.write(f"{what} {group_id}\n")
    sys.stdout.flush()


def _end_with_parent(parent: int) -> None:
    """End this process when the one that started it is gone, also while a text holds the interpreter.

    The kernel ends it on Linux. Elsewhere its standard input closes, which a thread waits for.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it was gone before
            os._exit(0)

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        os._exit(0)

    threading.Thread(target=wait, name="end-with-parent", daemon=True).start()


def main() -> None:
    """Run as `python -m bot.worker`, started by bot/supervisor.py."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold what families wrote
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--parent", type=int, required=True)
    arguments.add_argument("--careful", default="")
    given = arguments.parse_args()
    careful = {int(one) for one in given.careful.split(",") if one}
    _end_with_parent(given.parent)
    configure_logs()
    rooms = build_rooms()
    worker = Worker(rooms, careful, say=_aloud)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the supervisor says when to stop
    gc.freeze()  # what is loaded by now stays to the end, which comes sooner where nobody looks through it
    with only_reader(rooms.settings.data_dir / "reader.lock") if rooms.database.embedded else nullcontext():
        worker.run()
    rooms.database.close()


if __name__ == "__main__":
    main()

"""The reader: a child process that claims groups and reads them, and dies with the process that supervises it.

A bad text may hold the interpreter or end the process; it must never hold or end the one that answers. The child says
on its standard output what it is at, one line each: `claimed ID`, `trying ID`, `settled ID`.
"""

import argparse
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
from sqlalchemy.exc import DBAPIError

from bot import clock
from bot.errors import Explained
from bot.intake.claims import Superseded, claim, only_reader
from bot.pipeline import Pipeline
from bot.wiring import Rooms, build_rooms, configure_logs
from models.database import is_unavailable

IDLE_SECONDS = 0.1  # between two looks at an empty inbox
ABSENT_SECONDS = 1.0  # between two tries to reach an absent database

log = structlog.get_logger()


@dataclass
class Worker:
    """Reads what waits until it is stopped."""

    rooms: Rooms
    careful: set[int] = field(default_factory=set)  # groups over which a reader has died; read last, message by message
    stopped: threading.Event = field(default_factory=threading.Event)
    say: Callable[[str, int], None] = field(default=lambda _what, _group_id: None)

    def run(self) -> None:
        """Read until stopped."""
        pipeline = self.pipeline()
        while not self.stopped.is_set():
            try:
                self.drain(pipeline)
                self.stopped.wait(IDLE_SECONDS)
            except Superseded:
                continue
            except DBAPIError as error:
                if not is_unavailable(error):
                    raise
                log.warning("database not available", error=type(error.orig).__name__)
                self.stopped.wait(ABSENT_SECONDS)
            except Explained as error:
                log.warning("cannot read yet", reason=str(error))
                self.stopped.wait(ABSENT_SECONDS)

    def pipeline(self) -> Pipeline:
        """What reads a claimed group."""
        settings = self.rooms.settings
        return Pipeline(self.rooms.database, self.rooms.keyring, settings.zone, settings.open_days)

    def drain(self, pipeline: Pipeline) -> None:
        """Read until nothing waits, or until stopped; raises Superseded where a group must be read again."""
        while not self.stopped.is_set():
            if not (self._read_one(pipeline, careful=False) or self._read_one(pipeline, careful=True)):
                return

    def _read_one(self, pipeline: Pipeline, *, careful: bool) -> bool:
        if careful and not self.careful:
            return False
        wanted = {"only": self.careful} if careful else {"but": self.careful}
        with claim(self.rooms.database, **wanted) as claimed:
            if claimed is None:
                if careful:
                    for group_id in sorted(self.careful):
                        self.say("settled", group_id)
                    self.careful.clear()
                return False
            self.say("trying" if careful else "claimed", claimed.group_id)
            messages = pipeline.read(claimed, clock.now(), carefully=careful)
        log.info("read", group=claimed.group_id, messages=messages, careful=careful)
        if not careful:
            self.say("settled", claimed.group_id)
        return True


def _aloud(what: str, group_id: int) -> None:
    """Tell the supervisor."""
    sys.stdout.write(f"{what} {group_id}\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    """End this process when its standard input closes, which is when the process that holds the other end is gone."""

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        os._exit(0)

    threading.Thread(target=wait, name="end-with-parent", daemon=True).start()


def main() -> None:
    """Run as `python -m bot.worker`, started by bot/supervisor.py."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold what families wrote
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--careful", default="")
    careful = {int(one) for one in arguments.parse_args().careful.split(",") if one}
    _end_with_parent()
    configure_logs()
    rooms = build_rooms()
    worker = Worker(rooms, careful, say=_aloud)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        worker.stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the supervisor says when to stop
    with only_reader(rooms.settings.data_dir / "reader.lock") if rooms.database.embedded else nullcontext():
        worker.run()
    rooms.database.close()


if __name__ == "__main__":
    main()

"""Roles as processes: started as `make` starts them, waited for, ended with all that they started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2

END_SECONDS = 10


@contextmanager
def role(*words: str) -> Iterator[subprocess.Popen[str]]:
    """A role in a process group of its own, as `make` starts it."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as child:
        try:
            yield child
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)


def wait_for(url: str) -> None:
    """Wait until an address answers well."""
    deadline = time.monotonic() + 30
    while True:
        try:
            if httpx2.get(url, timeout=1).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.05)


def group_is_gone(group: int) -> bool:
    """Whether no process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False

"""The alarm clock rings again and again, whatever hangs, raises, or turns the clock."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from bot import clock
from scheduler.ticker import Ticker

EVERY = timedelta(milliseconds=50)
WAIT_SECONDS = 10


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + WAIT_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def test_it_ticks_at_once_and_then_again() -> None:
    rung = threading.Semaphore(0)
    seldom = threading.Semaphore(0)
    ticker = Ticker({"often": (rung.release, EVERY), "seldom": (seldom.release, timedelta(hours=1))}, clock.now)
    ticker.start()
    try:
        assert all(rung.acquire(timeout=WAIT_SECONDS) for _ in range(4))
        assert seldom.acquire(timeout=WAIT_SECONDS)
        assert not seldom.acquire(timeout=0.2)
    finally:
        ticker.stop()
    ticker.stop()  # again does nothing
    while rung.acquire(timeout=4 * EVERY.total_seconds()):
        pass
    assert not rung.acquire(timeout=4 * EVERY.total_seconds())


def test_one_that_hangs_holds_up_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """It is not begun twice, the other one goes on, and the end does not wait for it."""
    begun = threading.Semaphore(0)
    rung = threading.Semaphore(0)
    free = threading.Event()

    def hang() -> None:
        begun.release()
        free.wait()

    ticker = Ticker({"hangs": (hang, EVERY), "rings": (rung.release, EVERY)}, clock.now)
    ticker.start()
    try:
        assert begun.acquire(timeout=WAIT_SECONDS)
        assert all(rung.acquire(timeout=WAIT_SECONDS) for _ in range(5))
        assert not begun.acquire(blocking=False)
        began = time.monotonic()
        ticker.stop()
        assert time.monotonic() - began < 1
    finally:
        free.set()
        ticker.stop()
    assert caplog.records == []


def test_one_that_raises_is_called_again() -> None:
    called = threading.Semaphore(0)

    def fail() -> None:
        called.release()
        raise ValueError("李雷 38.5")

    ticker = Ticker({"fails": (fail, EVERY)}, clock.now)
    ticker.start()
    try:
        assert all(called.acquire(timeout=WAIT_SECONDS) for _ in range(3))
    finally:
        ticker.stop()


@pytest.mark.parametrize(
    "turned", [timedelta(hours=-8), timedelta(hours=-1), timedelta(hours=1), timedelta(days=18000)]
)
def test_it_goes_on_when_the_clock_is_turned(turned: timedelta) -> None:
    """A machine that starts with its clock in local time is eight hours ahead until the network puts it right."""
    rung = threading.Semaphore(0)
    ticker = Ticker({"rings": (rung.release, EVERY)}, clock.now)
    start = clock.now()
    with time_machine.travel(start, tick=True) as traveller:
        ticker.start()
        try:
            assert all(rung.acquire(timeout=WAIT_SECONDS) for _ in range(2))
            traveller.move_to(start + turned, tick=True)
            time.sleep(2 * EVERY.total_seconds())
            while rung.acquire(blocking=False):
                pass
            assert all(rung.acquire(timeout=WAIT_SECONDS) for _ in range(3))
        finally:
            ticker.stop()


def test_its_threads_end_with_the_process() -> None:
    free = threading.Event()
    ticker = Ticker({"hangs": (free.wait, EVERY)}, clock.now)
    ticker.start()
    try:
        named = ("APScheduler", "tick-hangs")
        assert eventually(lambda: {one.name for one in threading.enumerate()} >= set(named))
        assert all(one.daemon for one in threading.enumerate() if one.name in named)
    finally:
        free.set()
        ticker.stop()

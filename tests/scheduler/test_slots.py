"""A slot is decided once, whoever is there to decide it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from threading import Barrier

from sqlalchemy import func, select

from models.database import Database
from models.slot import Slot
from models.vocabulary import JobKind, SlotOutcome
from scheduler.slots import decide, decided, next_serial
from scheduler.timetable import Due

NOW = datetime(2020, 2, 19, 1, 0, 7, tzinfo=UTC)
DUE = Due(JobKind.REMINDER, "group/1", date(2020, 2, 19), 0, NOW - timedelta(seconds=7))
DIGEST = replace(DUE, kind=JobKind.BUREAU_DIGEST, unit="bureau")


def test_the_first_decides(database: Database) -> None:
    with database.write() as session:
        slot = decide(session, DUE, SlotOutcome.FIRED, NOW)
        assert slot is not None
        assert (slot.due_at, slot.decided_at, slot.outcome, slot.serial) == (DUE.due_at, NOW, "fired", None)
    with database.write() as session:
        assert decide(session, DUE, SlotOutcome.SKIPPED, NOW) is None
        moved = replace(DUE, due_at=DUE.due_at + timedelta(minutes=15))
        assert decide(session, moved, SlotOutcome.FIRED, NOW) is None
        for another in (
            replace(DUE, unit="group/2"),
            replace(DUE, ordinal=1),
            replace(DUE, day=date(2020, 2, 20)),
            replace(DUE, kind=JobKind.SCHOOL_DIGEST),
        ):
            assert decide(session, another, SlotOutcome.FIRED, NOW) is not None


def test_what_is_rolled_back_was_never_decided(database: Database) -> None:
    with database.hold() as session:
        assert decide(session, DUE, SlotOutcome.FIRED, NOW) is not None
    with database.write() as session:
        assert decide(session, DUE, SlotOutcome.FIRED, NOW) is not None


def test_what_is_decided_of_a_day(database: Database) -> None:
    with database.write() as session:
        for due in (DUE, DIGEST, replace(DUE, day=date(2020, 2, 18), ordinal=1)):
            decide(session, due, SlotOutcome.NOTHING, NOW)
    with database.read() as session:
        assert decided(session, DUE.day, [JobKind.REMINDER]) == {(JobKind.REMINDER, "group/1", 0)}
        assert decided(session, DUE.day, list(JobKind)) == {DUE.occurrence, DIGEST.occurrence}
        assert decided(session, date(2020, 2, 17), list(JobKind)) == set()


def test_serials_count_a_units_digests(database: Database) -> None:
    serials = []
    with database.write() as session:
        for day, unit in product((19, 20), ("school/1", "school/2")):
            due = replace(DIGEST, unit=unit, day=date(2020, 2, day))
            slot = decide(session, due, SlotOutcome.FIRED, NOW, numbered=True)
            assert slot is not None
            serials.append((unit, slot.serial))
        assert serials == [("school/1", 1), ("school/2", 1), ("school/1", 2), ("school/2", 2)]
        assert next_serial(session, JobKind.BUREAU_DIGEST, "school/1") == 3
        assert next_serial(session, JobKind.REMINDER, "school/1") == 1


def at_once(count: int, work: Callable[[int], int]) -> list[int]:
    """What `count` threads made of it that began together."""
    barrier = Barrier(count)

    def one(number: int) -> int:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_four_at_once(database: Database) -> None:
    """F19: four schedulers, three days, fifty classes, four slots a day: 600 rows, each decided by one of them."""
    days = [date(2020, 2, 19) + timedelta(days=day) for day in range(3)]
    dues = [
        replace(DUE, day=day, unit=f"group/{group}", ordinal=ordinal)
        for day, group, ordinal in product(days, range(50), range(4))
    ]

    def work(_number: int) -> int:
        fired = 0
        for start in range(0, 600, 10):
            with database.write() as session:
                some = dues[start : start + 10]
                fired += sum(decide(session, due, SlotOutcome.FIRED, NOW) is not None for due in some)
        return fired

    assert sum(at_once(4, work)) == 600
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Slot)) == 600


def test_numbers_are_not_given_twice(database: Database) -> None:
    """Four days' digests of one unit at the same time: each gets a number of its own."""

    def work(number: int) -> int:
        with database.write() as session:
            slot = decide(
                session, replace(DIGEST, day=date(2020, 2, 19 + number)), SlotOutcome.FIRED, NOW, numbered=True
            )
            assert slot is not None
            assert slot.serial is not None
            return slot.serial

    assert sorted(at_once(4, work)) == [1, 2, 3, 4]

"""The provider fails in every way, answers get lost, limits are enforced, processes die: each message ends rightly."""

import itertools
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.channels import wecom_robot
from bot.channels.protocol import Outgoing, Said
from bot.channels.wecom_robot import WecomRobot
from bot.delivery.claims import LEASE, MOST_ATTEMPTS
from bot.roster.binding import ROBOT
from models.vocabulary import DeadBecause, DeliveryState
from tests.delivery.office import DIGEST, NINE, REMINDER, Office
from tests.delivery.robot import FakeRobot, Fault

DUE, SENT, UNKNOWN, DEAD = DeliveryState.DUE, DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.DEAD
ENDLESS = {Fault.DRIP, Fault.HANG}
PATIENCE = 0.1  # in seconds, with answers that never end
START_SECONDS = 120

# What becomes of a reminder and of a digest where a robot does this and nothing else
FOR_EVER = {
    Fault.BUSY: (DEAD, DEAD),
    Fault.TOO_OFTEN: (DEAD, DEAD),
    Fault.OVER_THE_LIMIT: (DEAD, DEAD),
    Fault.GONE: (DEAD, DEAD),
    Fault.WRONG_PARAMETER: (DEAD, DEAD),
    Fault.NO_JSON: (UNKNOWN, UNKNOWN),
    Fault.NO_ERRCODE: (UNKNOWN, UNKNOWN),
    Fault.HTTP_404: (DEAD, DEAD),
    Fault.HTTP_429: (DEAD, DEAD),
    Fault.HTTP_500: (UNKNOWN, UNKNOWN),
    Fault.HTTP_503: (DEAD, DEAD),
    Fault.RESET_UNREAD: (UNKNOWN, UNKNOWN),
    Fault.RESET_READ: (UNKNOWN, UNKNOWN),
    Fault.DRIP: (UNKNOWN, UNKNOWN),
    Fault.HANG: (UNKNOWN, UNKNOWN),
}
# and where it does it once, then takes what comes
ONCE = {
    fault: (SENT, SENT) if states == (DEAD, DEAD) else (UNKNOWN, SENT)
    for fault, states in FOR_EVER.items()
    if fault not in {Fault.GONE, Fault.WRONG_PARAMETER, Fault.HTTP_404}
}
MESSAGES = int(os.environ.get("OUTBOX_MESSAGES", "80"))  # for one robot that takes 20 a minute
EACH = int(os.environ.get("OUTBOX_EACH", "1"))  # messages of each kind and fault: 19 make an outbox of 1,026


@pytest.fixture
def robot(office: Office) -> Iterator[FakeRobot]:
    """Robots by what they do: `once/FAULT/n` and `ever/FAULT/n`; the clock of their limits is the office's."""
    seen: Counter[str] = Counter()

    def script(key: str) -> Fault | None:
        how, fault, _number = key.split("/")
        seen[key] += 1
        return Fault(fault) if how == "ever" or seen[key] == 1 else None

    with FakeRobot(script, now=office.clock) as fake:
        yield fake


class Impatient:
    """The way out to robots, which waits less long for answers that never end."""

    name, most_bytes, most_a_minute = ROBOT, wecom_robot.MOST_BYTES, wecom_robot.MOST_A_MINUTE

    def __init__(self, origin: str) -> None:
        self._patient, self._impatient = WecomRobot(origin), WecomRobot(origin, PATIENCE)

    def send(self, message: Outgoing) -> Said:
        way_out = self._impatient if message.chat.split("/")[1] in ENDLESS else self._patient
        return way_out.send(message)


def test_whatever_the_provider_does_nothing_is_left_pending(office: Office, robot: FakeRobot) -> None:
    wanted = {}
    for how, table in (("once", ONCE), ("ever", FOR_EVER)):
        for fault, states in table.items():
            for kind, state in zip((REMINDER, DIGEST), states, strict=True):
                for number in range(EACH):
                    binding = office.robot(f"{how}/{fault}/{kind}{number}")
                    wanted[office.posts(binding, kind, f"{how} {fault} {kind} {number}")] = state
    office.run_dry(office.sender({ROBOT: Impatient(robot.url)}))

    rows = office.rows()
    assert {row.id: row.state for row in rows} == wanted
    assert max(row.attempts for row in rows) <= MOST_ATTEMPTS
    copies = Counter(one.text for one in robot.delivered)
    assert all(copies[row.text] == 1 for row in rows if row.state == SENT)
    assert all(row.attempts == 1 for row in rows if (row.kind, row.state) == (REMINDER, UNKNOWN))
    assert all(row.attempts == MOST_ATTEMPTS for row in rows if (row.kind, row.state) == (DIGEST, UNKNOWN))
    gone = [row for row in rows if row.text.startswith(f"ever {Fault.GONE}")]
    assert all(office.binding(row.binding_id).refused_at is not None for row in gone)


def test_answers_that_are_lost(office: Office, robot: FakeRobot) -> None:
    """Each chat's first answer is lost in every tenth chat: no reminder twice, a digest once more with its number."""
    chats = 40
    lost = {number for number in range(chats) if number % 10 == 0}
    for number, kind in itertools.product(range(chats), (REMINDER, DIGEST)):
        key = f"once/{Fault.LOST}/{kind}{number}" if number in lost else f"once/{Fault.BUSY}/{kind}{number}"
        office.posts(office.robot(key), kind, f"{kind} 第{number}号")
    office.run_dry(office.sender(robot.url))
    copies = Counter(one.text for one in robot.delivered)
    assert copies == {
        f"{kind} 第{number}号": 2 if number in lost and kind is DIGEST else 1
        for number, kind in itertools.product(range(chats), (REMINDER, DIGEST))
    }
    states = Counter((row.kind, row.state) for row in office.rows())
    assert states == {(REMINDER, SENT): 36, (REMINDER, UNKNOWN): 4, (DIGEST, SENT): 40}


class Killed(BaseException):
    """The process is gone before it wrote down what became of its message."""


class Dies(WecomRobot):
    """A way out whose process dies after its n-th message."""

    def __init__(self, origin: str, after: int) -> None:
        super().__init__(origin)
        self._left = after

    def send(self, message: Outgoing) -> Said:
        said = super().send(message)
        self._left -= 1
        if not self._left:
            raise Killed
        return said


def test_twenty_a_minute_with_two_senders_one_of_which_dies(office: Office) -> None:
    messages = MESSAGES
    with FakeRobot(now=office.clock) as robot:
        binding = office.robot("key")
        for number in range(messages):
            office.posts(binding, DIGEST, f"第{number}号")
        senders = [office.sender(robot.url), office.sender({ROBOT: Dies(robot.url, after=messages // 5)})]
        deaths = 0
        with ThreadPoolExecutor(2) as pool:
            while office.next_due() is not None:
                turns = [pool.submit(sender.send_due) for sender in senders]
                for number, turn in enumerate(turns):
                    if isinstance(turn.exception(), Killed):
                        deaths += 1
                        senders[number] = office.sender(robot.url)
                    else:
                        turn.result()
                office.clock.goes(seconds=2)
        assert deaths == 1
        assert robot.refused == []
        assert Counter(one.text for one in robot.delivered).total() == messages + deaths
        assert len(set(robot.texts("key"))) == messages
        assert {row.state for row in office.rows()} == {SENT}
        assert office.clock() - NINE <= timedelta(minutes=messages / 20 + 0.5)


def test_a_robot_that_hangs_holds_up_nobody_else(office: Office, robot: FakeRobot) -> None:
    hangs = office.robot(f"ever/{Fault.HANG}/0")
    stuck = [office.posts(hangs, kind) for kind in (REMINDER, DIGEST) for _ in range(25)]
    ids = [office.posts(office.robot(f"once/{Fault.RESET_READ}/{number}"), DIGEST) for number in range(20)]
    ids += [office.posts(office.robot(f"once/{Fault.BUSY}/{number}"), REMINDER) for number in range(20)]
    sender = office.sender({ROBOT: WecomRobot(robot.url, exchange_seconds=3 * START_SECONDS)})
    sender.start()
    try:
        began = time.monotonic()
        while time.monotonic() - began < START_SECONDS and any(not office.row(one).attempts for one in ids):
            time.sleep(0.02)
        assert all(office.row(one).attempts for one in ids)
        while time.monotonic() - began < START_SECONDS and {office.row(one).state for one in ids} != {SENT}:
            office.clock.goes(seconds=1)  # what failed once is due again in a while
            time.sleep(0.02)
        assert {office.row(one).state for one in ids} == {SENT}
        assert sum(office.row(one).attempts for one in stuck) == 1
        assert robot.most_at_once == 1
    finally:
        sender.stop()


def test_a_process_that_is_killed_while_it_hands_over(database_url: str, office: Office) -> None:
    with FakeRobot(lambda _key: Fault.HANG, now=office.clock) as robot:
        ids = {kind: office.posts(office.robot(f"key-{kind}"), kind, f"{kind} 第1号") for kind in (REMINDER, DIGEST)}
        process = subprocess.Popen([sys.executable, "-m", "tests.delivery.hands_over", database_url, robot.url])
        began = time.monotonic()
        while len(robot.posted) < len(ids) and time.monotonic() - began < START_SECONDS:
            time.sleep(0.02)
        process.kill()
        process.wait()
        assert {one.text for one in robot.posted} == {"reminder 第1号", "digest 第1号"}
        assert [office.row(ids[kind]).state for kind in (REMINDER, DIGEST)] == [UNKNOWN, DUE]

        robot.script = lambda _key: None
        sender = office.sender(robot.url)
        assert sender.send_due() == [], "not yet: its lease holds"
        office.clock.now += LEASE
        assert [one.delivery_id for one in sender.send_due()] == [ids[DIGEST]]
        assert office.run_dry(sender) == []
        assert [(one.key, one.text) for one in robot.delivered] == [("key-digest", "digest 第1号")]
        assert [office.row(ids[kind]).state for kind in (REMINDER, DIGEST)] == [UNKNOWN, SENT]


def test_processes_that_are_killed_again_and_again_end_too(office: Office, robot: FakeRobot) -> None:
    delivery_id = office.posts(office.robot(f"ever/{Fault.LOST}/0"), DIGEST, "第1号")
    deaths = 0
    while office.next_due() is not None:
        try:
            office.sender({ROBOT: Dies(robot.url, after=1)}).send_due()
        except Killed:
            deaths += 1
        office.clock.now += LEASE
    assert deaths == MOST_ATTEMPTS
    assert office.row(delivery_id).state == UNKNOWN
    assert robot.texts(f"ever/{Fault.LOST}/0") == ["第1号"] * MOST_ATTEMPTS


def test_a_wrong_key_is_said_once_and_the_others_go_on(office: Office) -> None:
    with FakeRobot(keys=frozenset({"right"}), now=office.clock) as robot:
        wrong, right = office.robot("wrong"), office.robot("right")
        ids = [office.posts(binding) for binding in (wrong, right) for _ in range(3)]
        found = {one.delivery_id: (one.state, one.why) for one in office.sender(robot.url).send_due()}
        assert [found[one] for one in ids] == [
            (DEAD, DeadBecause.REFUSED),
            (DEAD, DeadBecause.ROBOT_GONE),
            (DEAD, DeadBecause.ROBOT_GONE),
            *[(SENT, None)] * 3,
        ]
        assert len([one for one in robot.posted if one.key == "wrong"]) == 1


def test_two_senders_never_send_the_same_message(office: Office) -> None:
    with FakeRobot(now=office.clock) as robot:
        robots = [office.robot(f"key-{number}") for number in range(6)]
        for number, binding in itertools.product(range(8), robots):
            office.posts(binding, DIGEST if number % 2 else REMINDER, f"{binding} 第{number}号")
        senders = [office.sender(robot.url) for _ in range(3)]
        together = threading.Barrier(len(senders))

        def sends(number: int) -> None:
            together.wait()
            senders[number].send_due()

        with ThreadPoolExecutor(len(senders)) as pool:
            list(pool.map(sends, range(len(senders))))
        assert Counter(one.text for one in robot.delivered).most_common(1)[0][1] == 1
        assert len(robot.delivered) == 48
        assert {row.state for row in office.rows()} == {SENT}

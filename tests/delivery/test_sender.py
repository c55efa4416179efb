"""What becomes of a message: each answer, each reason why it may not be sent any more, one after another."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
import structlog
from hypothesis import given, settings, strategies as st
from sqlalchemy import text

from bot.channels.protocol import Outgoing, Refused, Said, Sent, TryLater, Unknown
from bot.delivery.claims import EXCHANGE, LEASE, MINUTE, MOST_ATTEMPTS
from bot.delivery.marks import JITTER, pause
from bot.delivery.outbox import Outcome
from bot.roster.binding import ROBOT, Target
from models.delivery import Delivery
from models.vocabulary import DeadBecause, DeliveryKind, DeliveryState
from tests.delivery.office import DEADLINES, DIGEST, NINE, REMINDER, Clock, Office, open_office

DUE, SENT, UNKNOWN, DEAD = DeliveryState.DUE, DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.DEAD
LATER = TryLater(timedelta(minutes=1))


@dataclass
class Scripted:
    """A way out that says what it is told to say, then that it took the message."""

    says: Sequence[Said | Exception] = ()
    clock: Clock = field(default_factory=Clock)
    most_a_minute: int = 20
    takes_seconds: float = 0
    handed_over: list[tuple[datetime, Outgoing]] = field(default_factory=list)
    name = ROBOT
    most_bytes = 2048

    def send(self, message: Outgoing) -> Said:
        number = len(self.handed_over)
        self.handed_over.append((self.clock(), message))
        self.clock.goes(seconds=self.takes_seconds)
        said = self.says[number] if number < len(self.says) else Sent()
        if isinstance(said, Exception):
            raise said
        return said

    @property
    def texts(self) -> list[str]:
        return [message.text for _at, message in self.handed_over]


@pytest.mark.parametrize(
    ("kind", "says", "state", "why", "tries"),
    [
        (REMINDER, [Sent()], SENT, None, 1),
        (REMINDER, [LATER, Sent()], SENT, None, 2),
        (REMINDER, [Unknown()], UNKNOWN, None, 1),
        (REMINDER, [ValueError("a mistake of ours")], UNKNOWN, None, 1),
        (REMINDER, [LATER, Unknown()], UNKNOWN, None, 2),
        (REMINDER, [Refused()], DEAD, DeadBecause.REFUSED, 1),
        (REMINDER, [Refused(gone=True)], DEAD, DeadBecause.REFUSED, 1),
        (REMINDER, [LATER] * 9, DEAD, DeadBecause.TOO_LATE, 5),  # 1 + 2 + 4 + 8 minutes, and 16 are too many
        (REMINDER, [TryLater(timedelta(minutes=40))], DEAD, DeadBecause.TOO_LATE, 1),
        (REMINDER, [TryLater(timedelta(minutes=1), most_tries=3)] * 3, DEAD, DeadBecause.REFUSED, 3),
        (DIGEST, [Sent()], SENT, None, 1),
        (DIGEST, [LATER, Sent()], SENT, None, 2),
        (DIGEST, [Unknown(), Sent()], SENT, None, 2),
        (DIGEST, [ValueError("a mistake of ours"), Sent()], SENT, None, 2),
        (DIGEST, [Unknown(), LATER, Unknown(), Sent()], SENT, None, 4),
        (DIGEST, [Unknown()] * 9, UNKNOWN, None, MOST_ATTEMPTS),
        (DIGEST, [LATER] * 9, DEAD, DeadBecause.REFUSED, MOST_ATTEMPTS),
        (DIGEST, [Unknown(), *[LATER] * 9], UNKNOWN, None, MOST_ATTEMPTS),
        (DIGEST, [TryLater(timedelta(minutes=1), most_tries=3)] * 3, DEAD, DeadBecause.REFUSED, 3),
        (DIGEST, [Refused()], DEAD, DeadBecause.REFUSED, 1),
        (DIGEST, [LATER, Refused()], DEAD, DeadBecause.REFUSED, 2),
        (DIGEST, [Unknown(), Refused()], UNKNOWN, None, 2),
        (DIGEST, [TryLater(timedelta(days=1))], DEAD, DeadBecause.TOO_LATE, 1),
    ],
)
def test_what_becomes_of_a_message(
    office: Office,
    kind: DeliveryKind,
    says: list[Said | Exception],
    state: DeliveryState,
    why: DeadBecause | None,
    tries: int,
) -> None:
    way_out = Scripted(says, office.clock)
    delivery_id = office.posts(office.robot("key"), kind, "未报：马*")
    outcomes = office.run_dry(office.sender({ROBOT: way_out}))
    assert outcomes == [Outcome(delivery_id, DUE)] * (tries - 1) + [Outcome(delivery_id, state, why)]
    row = office.row(delivery_id)
    assert (row.state, row.why, row.attempts) == (state, why, tries)
    assert (row.sent_at is not None) is (state is SENT)
    assert way_out.texts == ["未报：马*"] * tries


def test_what_is_handed_over(office: Office) -> None:
    way_out = Scripted([], office.clock)
    office.posts(office.robot("key-1"), REMINDER, "未报：马*", "zhengyt", "linxt")
    office.posts(office.robot("key-2"), DIGEST, "第1号")
    office.sender({ROBOT: way_out}).send_due()
    assert sorted((one.chat, one.text, one.mentions) for _at, one in way_out.handed_over) == [
        ("key-1", "未报：马*", ("zhengyt", "linxt")),
        ("key-2", "第1号", ()),
    ]


def test_nothing_before_it_is_due(office: Office) -> None:
    delivery_id = office.posts(office.robot("key"))
    office.clock.now = NINE - timedelta(seconds=1)
    assert office.sender({ROBOT: Scripted()}).send_due() == []
    assert office.row(delivery_id).state == DUE


@pytest.mark.parametrize("kind", [REMINDER, DIGEST])
@pytest.mark.parametrize(("late", "state"), [(0, SENT), (1, DEAD)])
def test_worth_nothing_after_its_deadline(office: Office, kind: DeliveryKind, late: int, state: DeliveryState) -> None:
    delivery_id = office.posts(office.robot("key"), kind)
    office.clock.now += DEADLINES[kind] + timedelta(seconds=late)
    why = DeadBecause.TOO_LATE if late else None
    assert office.sender({ROBOT: Scripted()}).send_due() == [Outcome(delivery_id, state, why)]


def rebound_to_another_group(office: Office, _first: int) -> None:
    office.robot("key")


def rebound_to_another_group_and_back(office: Office, first: int) -> None:
    target = Target(group_id=office.binding(first).group_id)
    office.robot("key")
    office.robot("key", target)


def replaced_by_another_robot(office: Office, first: int) -> None:
    office.robot("another key", Target(group_id=office.binding(first).group_id))


@pytest.mark.parametrize(
    "change", [rebound_to_another_group, rebound_to_another_group_and_back, replaced_by_another_robot]
)
@pytest.mark.parametrize("kind", [REMINDER, DIGEST])
def test_nothing_for_a_binding_that_has_changed(
    office: Office, kind: DeliveryKind, change: Callable[[Office, int], None]
) -> None:
    way_out = Scripted([], office.clock)
    first = office.robot("key")
    delivery_id = office.posts(first, kind)
    change(office, first)
    outcomes = office.sender({ROBOT: way_out}).send_due()
    assert outcomes == [Outcome(delivery_id, DEAD, DeadBecause.BINDING_CHANGED)]
    assert way_out.handed_over == []


def test_a_binding_that_changes_between_two_tries(office: Office) -> None:
    way_out = Scripted([LATER], office.clock)
    first = office.robot("key")
    delivery_id = office.posts(first)
    sender = office.sender({ROBOT: way_out})
    assert sender.send_due() == [Outcome(delivery_id, DUE)]
    rebound_to_another_group(office, first)
    assert office.run_dry(sender) == [Outcome(delivery_id, DEAD, DeadBecause.BINDING_CHANGED)]
    assert len(way_out.handed_over) == 1


def test_a_robot_that_is_gone_gets_nothing_more_until_it_is_bound_again(office: Office) -> None:
    way_out = Scripted([Refused(gone=True)], office.clock)
    sender = office.sender({ROBOT: way_out})
    gone, other = office.robot("key"), office.robot("another key")
    target = Target(group_id=office.binding(gone).group_id)
    first = office.posts(gone, DIGEST)
    second, third = office.posts(gone, REMINDER), office.posts(gone, REMINDER)
    assert sender.send_due() == [
        Outcome(first, DEAD, DeadBecause.REFUSED),
        Outcome(second, DEAD, DeadBecause.ROBOT_GONE),
        Outcome(third, DEAD, DeadBecause.ROBOT_GONE),
    ]
    assert (office.binding(gone).refused_at, office.binding(other).refused_at) == (NINE, None)

    later = office.posts(gone)
    assert sender.send_due() == [Outcome(later, DEAD, DeadBecause.ROBOT_GONE)]
    assert office.robot("key", target) == gone
    again = office.posts(gone)
    assert sender.send_due() == [Outcome(again, SENT)]
    assert len(way_out.handed_over) == 2


def test_no_way_out_of_this_name(office: Office) -> None:
    delivery_id = office.posts(office.robot("key"))
    assert office.sender({}).send_due() == [Outcome(delivery_id, DEAD, DeadBecause.NO_CHANNEL)]


def test_what_a_row_says_while_its_message_is_handed_over(office: Office) -> None:
    """That is what is true if the process dies then."""
    seen: dict[str, Delivery] = {}

    class Looks(Scripted):
        def send(self, message: Outgoing) -> Said:
            seen[message.text] = next(row for row in office.rows() if row.text == message.text)
            return super().send(message)

    office.posts(office.robot("key-1"), REMINDER, "未报：马*")
    office.posts(office.robot("key-2"), DIGEST, "第1号")
    office.sender({ROBOT: Looks()}).send_due()
    reminder, digest = seen["未报：马*"], seen["第1号"]
    assert (reminder.state, reminder.attempts, reminder.in_doubt) == (UNKNOWN, 1, True)
    assert (digest.state, digest.attempts, digest.in_doubt) == (DUE, 1, True)
    assert digest.due_at == NINE + LEASE
    assert reminder.tried_at == digest.tried_at == NINE + EXCHANGE, "the platform may count it as late as that"


def test_digests_before_reminders_and_each_in_the_order_it_was_due(office: Office) -> None:
    way_out = Scripted([], office.clock)
    robot = office.robot("key")
    wanted = {"c": REMINDER, "a": DIGEST, "d": REMINDER, "b": DIGEST}
    for name, kind in wanted.items():
        office.posts(robot, kind, name)
        office.clock.goes(seconds=1)
    office.sender({ROBOT: way_out}).send_due()
    assert way_out.texts == ["a", "b", "c", "d"]


def test_what_is_more_than_the_platform_takes_is_left_for_later(office: Office) -> None:
    way_out = Scripted([], office.clock, most_a_minute=2)
    robot, other = office.robot("key"), office.robot("another key")
    ids = [office.posts(robot, DIGEST, f"第{number}号") for number in range(5)]
    last = office.posts(other, DIGEST, "另一个")
    sender = office.sender({ROBOT: way_out})
    assert sender.send_due() == [
        *(Outcome(one, SENT) for one in ids[:2]),
        *(Outcome(one, DUE) for one in ids[2:]),
        Outcome(last, SENT),
    ]
    office.clock.now = NINE + MINUTE - timedelta(seconds=1)
    assert {one.state for one in sender.send_due()} == {DUE}
    office.clock.now = NINE + MINUTE
    assert [one.state for one in sender.send_due()] == [SENT, SENT, DUE]
    assert office.run_dry(sender)[-1] == Outcome(ids[4], SENT)


def test_the_limit_is_of_the_chat_whatever_it_was_bound_to(office: Office) -> None:
    way_out = Scripted([], office.clock, most_a_minute=2)
    sender = office.sender({ROBOT: way_out})
    first = office.robot("key")
    assert [office.posts(first) for _ in range(2)]
    sender.send_due()
    third = office.posts(office.robot("key"))
    assert sender.send_due() == [Outcome(third, DUE)]


def test_a_clock_that_is_set_back_stops_nobody(office: Office) -> None:
    way_out = Scripted([], office.clock, most_a_minute=2)
    sender = office.sender({ROBOT: way_out})
    robot = office.robot("key")
    for _ in range(3):
        office.posts(robot)
    sender.send_due()
    office.clock.now = NINE - timedelta(hours=1)
    delivery_id = office.posts(robot)
    assert sender.send_due() == [Outcome(delivery_id, SENT)]


@pytest.mark.parametrize("attempt", range(1, MOST_ATTEMPTS))
@pytest.mark.parametrize("after", [timedelta(), timedelta(minutes=1), timedelta(minutes=10)])
def test_a_pause_grows_and_never_lets_a_row_be_tried_twice_in_what_is_counted(attempt: int, after: timedelta) -> None:
    base = max(after, MINUTE) * 2 ** (attempt - 1)
    pauses = {pause(attempt, after) for _ in range(50)}
    assert all(base <= one <= base * (1 + JITTER) for one in pauses)
    assert len(pauses) > 1
    assert LEASE >= MINUTE + EXCHANGE


def test_rows_that_cannot_be_read_hold_up_nobody_else(office: Office) -> None:
    way_out = Scripted([], office.clock)
    broken, whole = office.posts(office.robot("key")), office.posts(office.robot("another key"))
    with office.database.write() as session:
        session.execute(text("UPDATE delivery SET text = :text WHERE id = :id"), {"id": broken, "text": b"not sealed"})
    sender = office.sender({ROBOT: way_out})
    with structlog.testing.capture_logs() as logs:
        assert sender.send_due() == [Outcome(broken, DUE), Outcome(whole, SENT)]
    assert {line["event"] for line in logs} == {"cannot claim", "delivery"}
    office.clock.now += DEADLINES[DIGEST] + timedelta(seconds=1)
    assert sender.send_due() == [Outcome(broken, DEAD, DeadBecause.TOO_LATE)]


def test_logs_have_ids_only(office: Office) -> None:
    way_out = Scripted([ValueError("未报：马* key"), Refused(gone=True)], office.clock)
    robot = office.robot("key")
    for _ in range(3):
        office.posts(robot, DIGEST, "未报：马*")
    with structlog.testing.capture_logs() as logs:
        office.sender({ROBOT: way_out}).send_due()
    assert {line["event"] for line in logs} == {"unexpected", "delivery"}
    assert not [word for word in ("马", "key'", "未报") if word in f"{logs}"]


def test_a_database_that_is_away_is_told(office: Office) -> None:
    office.posts(office.robot("key"))
    sender = office.sender({ROBOT: Scripted()})
    with office.database.write() as session:
        session.execute(text("ALTER TABLE delivery RENAME TO elsewhere"))
    with pytest.raises(Exception, match="delivery"):
        sender.send_due()


def test_a_service_sends_until_it_is_stopped_and_stops_at_once(office: Office) -> None:
    went_on = threading.Event()

    class Hangs(Scripted):
        def send(self, message: Outgoing) -> Said:
            said = super().send(message)
            if message.chat == "hangs":
                went_on.wait(10)
            return said

    way_out = Hangs([], office.clock)
    hangs, others = office.robot("hangs"), [office.robot(f"key-{number}") for number in range(8)]
    sender = office.sender({ROBOT: way_out})
    sender.start()
    for _ in range(2):
        office.posts(hangs, REMINDER)
    ids = [office.posts(robot) for robot in others for _ in range(2)]
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and {office.row(one).state for one in ids} != {SENT}:
        time.sleep(0.05)
    assert {office.row(one).state for one in ids} == {SENT}
    assert [one.chat for _at, one in way_out.handed_over].count("hangs") == 1, "one at a time"
    began = time.monotonic()
    sender.stop()
    assert time.monotonic() - began < 0.1
    went_on.set()
    for thread in threading.enumerate():
        if thread.name.startswith("sender-"):
            thread.join(10)
            assert not thread.is_alive()
    assert [row.state for row in office.rows() if row.kind == REMINDER] == [SENT, DUE]


@pytest.fixture(scope="module")
def one_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(f"sqlite:///{tmp_path_factory.mktemp('office') / 'jielong.db'}") as opened:
        yield opened


SAYS = st.sampled_from(
    [Sent(), LATER, TryLater(timedelta(minutes=10)), TryLater(LATER.after, 3), Refused(), Refused(gone=True), Unknown()]
)


@settings(max_examples=60)
@given(kind=st.sampled_from(DeliveryKind), says=st.lists(SAYS, max_size=12), seconds=st.floats(0, 10))
def test_whatever_the_platform_says(one_office: Office, kind: DeliveryKind, says: list[Said], seconds: float) -> None:
    office = one_office
    way_out = Scripted(says, office.clock, takes_seconds=seconds)
    robot = office.robot(f"key-{office.clock()}-{len(office.rows())}")
    posted_at = office.clock()
    delivery_id = office.posts(robot, kind)
    office.run_dry(office.sender({ROBOT: way_out}))
    row, heard = office.row(delivery_id), [*says, *[Sent()] * 8][: len(way_out.handed_over)]
    at = [instant for instant, _message in way_out.handed_over]

    assert row.state != DUE
    assert 1 <= row.attempts == len(heard) <= MOST_ATTEMPTS
    assert all(later - earlier >= timedelta(seconds=60) for earlier, later in pairwise(at))
    assert at[-1] <= posted_at + DEADLINES[kind]
    assert (row.state == SENT) is (Sent() in heard)
    assert row.state == UNKNOWN if Unknown() in heard and Sent() not in heard else row.state != UNKNOWN
    if kind is REMINDER:
        assert all(isinstance(one, TryLater) for one in heard[:-1]), "never again after anything else"
    else:
        assert all(isinstance(one, TryLater | Unknown) for one in heard[:-1])

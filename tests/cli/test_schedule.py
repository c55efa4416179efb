"""`jielong schedule`: one look at an instant, the running role, and four of them at the same time."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot import clock
from models.delivery import Delivery
from models.slot import Slot
from models.vocabulary import DeliveryState
from tests.cli.conftest import run
from tests.clockwork.town import DAY, NAMES, MakeTown, Town, at, town_maker
from tests.delivery.robot import FakeRobot, Fault, Script, in_turn, takes_all
from tests.flow.service import settings

LOOK = ("schedule", "--once", "--at")
END_SECONDS = 2
START_SECONDS = 60


@pytest.fixture
def robot(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeRobot]:
    """The platform; the environment names it and an empty database."""
    with FakeRobot() as robot:
        settings(monkeypatch, database_url, tmp_path, WECOM_API_URL=robot.url, OPEN_DAYS="7")
        monkeypatch.chdir(tmp_path)
        yield robot


@pytest.fixture
def town(robot: FakeRobot) -> Iterator[MakeTown]:
    del robot
    with town_maker() as make:
        yield make


def test_a_day_from_look_to_look(robot: FakeRobot, town: MakeTown) -> None:
    made = town(members=2)
    looks = []
    for instant in ("08:59", "09:12", "10:00", "11:00", "11:00"):
        if instant == "10:00":
            made.arrives(0, f"1. {NAMES[0]} 36.5 正常\n2. {NAMES[1]} 36.6 正常", at(instant))
            made.reads(at(instant))
        said = run(*LOOK, f"{DAY}T{instant}")
        looks.append((said.status, said.out.splitlines()))
    assert looks == [
        (0, []),
        (0, ["09:00 提醒 演示小学1班（晚了 12 分钟）：已发"]),
        (0, []),
        (0, ["10:30 提醒 演示小学1班：没有人未报，不发", "11:00 日报 演示小学：已发", "11:00 日报 教育局：已发"]),
        (0, []),
    ]
    assert [len(robot.texts(key)) for key in ("robot-0", "robot-school", "robot-bureau")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("instant", "line"),
    [
        ("2020-02-18T09:00", "09:00 提醒 演示小学1班：已发"),
        ("2020-02-18T09:00:00+08:00", "09:00 提醒 演示小学1班：已发"),
        ("2020-02-18T01:00Z", "09:00 提醒 演示小学1班：已发"),
        ("2020-02-18 09:30", "09:00 提醒 演示小学1班（晚了 30 分钟）：已发"),
        ("2020-02-18T09:30:01", "09:00 提醒 演示小学1班：过了 30 分钟，不再发"),
    ],
)
def test_instants(instant: str, line: str, town: MakeTown) -> None:
    town(robots=("group",))
    said = run(*LOOK, instant)
    assert (said.status, said.out) == (0, line + "\n")


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (Fault.BUSY, "09:00 提醒 演示小学1班：暂时发不出去，稍后再发"),
        (Fault.LOST, "09:00 提醒 演示小学1班：没有等到平台的答复，不知道发出去没有，不再发"),
        (Fault.WRONG_PARAMETER, "09:00 提醒 演示小学1班：平台不收这条消息，不再发"),
        (Fault.GONE, "09:00 提醒 演示小学1班：平台不收这条消息，不再发"),
    ],
)
def test_what_became_of_a_message(robot: FakeRobot, fault: Fault, line: str, town: MakeTown) -> None:
    town(robots=("group",))
    robot.script = in_turn(fault)
    said = run(*LOOK, f"{DAY}T09:00")
    assert (said.status, said.out) == (0, line + "\n")


def test_what_was_left_in_the_outbox(robot: FakeRobot, town: MakeTown) -> None:
    """What another run decided, and did not come to send."""
    made = town(robots=("group", "bureau"))
    made.look(at("11:00"))
    said = run(*LOOK, f"{DAY}T11:00:30")
    assert said.out.splitlines() == ["10:30 提醒 演示小学1班：已发", "11:00 日报 教育局：已发"]
    assert len(robot.delivered) == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("schedule", "--at", "2020-02-18T09:00"), "--at 要和 --once 一起用"),
        ((*LOOK, "nine"), "--at 不是时间，请写成 2020-02-19T09:00 这样，用 jielong schedule --help 看用法"),
        ((*LOOK, "09:00"), "--at 不是时间，请写成 2020-02-19T09:00 这样，用 jielong schedule --help 看用法"),
        ((*LOOK, "0001-01-01T00:00"), "--at 的年份要在 1970 到 2999 之间，用 jielong schedule --help 看用法"),
        ((*LOOK, "9999-12-31T23:59-12:00"), "--at 的年份要在 1970 到 2999 之间，用 jielong schedule --help 看用法"),
        ((*LOOK,), "选项 --at 后面缺少值或多了值"),
    ],
)
def test_mistakes(words: tuple[str, ...], why: str, town: MakeTown) -> None:
    town()
    said = run(*words)
    assert (said.status, said.out, said.err) == (2, "", why + "\n")


@pytest.mark.usefixtures("robot")
def test_a_database_that_is_not_set_up() -> None:
    said = run("schedule", "--once")
    assert (said.status, said.err) == (2, "数据库尚未初始化或版本不符，请先运行 jielong init\n")


def jielong(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )


def test_four_processes_at_the_same_instant(robot: FakeRobot, town: MakeTown) -> None:
    """One reminder, one digest, whoever was first; the others end well and say nothing of it."""
    made = town(robots=("group", "bureau"))
    processes = [jielong(*LOOK, f"{DAY}T11:00") for _ in range(4)]
    ended = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, ended
    assert sorted(one.key for one in robot.delivered) == ["robot-0", "robot-bureau"]
    decided = sorted(line.partition("：")[0] for out, _ in ended for line in out.splitlines() if "已发" not in line)
    assert set(decided) <= {"09:00 提醒 演示小学1班", "10:30 提醒 演示小学1班（晚了 30 分钟）", "11:00 日报 教育局"}
    assert "".join(out for out, _ in ended).count("09:00 提醒 演示小学1班：过了 30 分钟，不再发") == 1
    assert outbox(made) == {DeliveryState.SENT: 2}
    with made.rooms.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Slot)) == 3


def outbox(made: Town) -> dict[str, int]:
    with made.rooms.database.read() as session:
        return dict(session.execute(select(Delivery.state, func.count()).group_by(Delivery.state)).all())


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("script", [takes_all, lambda _key: Fault.HANG], ids=["takes", "hangs"])
def test_the_role(robot: FakeRobot, script: Script, how: signal.Signals, town: MakeTown) -> None:
    """It does what is due as soon as it runs, and ends at once, also while a robot hangs."""
    robot.script = script
    made = town(robots=("group",))
    made.reminds_at(0, [f"{clock.now().astimezone(made.rooms.settings.zone):%H:%M}"])
    with jielong("schedule") as process:
        try:
            deadline = time.monotonic() + START_SECONDS
            while not robot.most_at_once:
                assert time.monotonic() < deadline
                assert process.poll() is None, process.communicate()
                time.sleep(0.05)
            process.send_signal(how)
            out, err = process.communicate(timeout=END_SECONDS)
        finally:
            process.kill()
    assert (process.returncode, out) == (0, "")
    assert '"event": "job done"' in err
    assert "robot-0" not in err
    assert len(robot.delivered) == (script is takes_all)


def test_an_instant_runs_on(robot: FakeRobot, town: MakeTown) -> None:
    """At --at the clock goes on from there: what takes time is late by it."""
    made = town(robots=("group",))
    run(*LOOK, f"{DAY}T09:00")
    with made.rooms.database.read() as session:
        sent_at = session.scalar(select(Delivery.sent_at))
    assert sent_at is not None
    assert at("09:00") < sent_at < at("09:00") + timedelta(seconds=30)
    assert len(robot.delivered) == 1

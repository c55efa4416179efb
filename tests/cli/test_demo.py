"""The made-up county: what is in it at whatever time it is made, and what somebody sees who starts it."""

import json
import os
import re
import signal
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx2
import pytest
from sqlalchemy import select

from bot.channels.protocol import Outgoing, Sent
from bot.cli import demo_morning
from bot.cli.console_robot import ConsoleRobot
from bot.cli.demo import make_county, read_all
from bot.cli.demo_county import FIRST, GROUPS, LOWER, OTHER_SCHOOL, SCHOOL, SECOND, STAFF, THIRD, roster
from bot.counts.members import MemberDay, member_days
from bot.counts.tally import tally
from bot.wiring import Rooms, migrate, open_rooms
from models.message import InboxMessage
from models.review import ReviewItem
from models.vocabulary import Basis, Flag, Reason, ReviewState, State
from tests.cli.conftest import Jielong, run
from tests.cli.roles import END_SECONDS, group_is_gone, role, wait_for
from tests.flow.cases import command

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2020, 2, 20)
LINK = re.compile(r"http://127\.0\.0\.1:\d+/enter\?t=\S+")


def at(clock: str) -> datetime:
    return datetime.combine(DAY, time.fromisoformat(clock), ZONE)


@contextmanager
def made(now: datetime) -> Iterator[Rooms]:
    """The county as it is at its first start, its messages read."""
    with open_rooms() as rooms:
        migrate(rooms.database, rooms.keyring)
        assert make_county(rooms, now)
        assert not make_county(rooms, now)
        read_all(rooms)
        yield rooms


@pytest.fixture
def rooms(jielong: Jielong) -> Iterator[Rooms]:
    del jielong
    with made(at("09:20")) as rooms:
        yield rooms


def days(rooms: Rooms, day: date) -> list[MemberDay]:
    with rooms.database.read() as session:
        return member_days(session, day)


def test_who_is_in_it() -> None:
    people = roster()
    assert len(people) == len({one.name for one in people}) == 150
    assert Counter((one.school, one.group) for one in people) == {
        (SCHOOL, FIRST): 30,
        (SCHOOL, SECOND): 40,
        (SCHOOL, THIRD): 40,
        (SCHOOL, STAFF): 20,
        (OTHER_SCHOOL, LOWER): 20,
    }


def test_this_morning(rooms: Rooms) -> None:
    """One class nearly complete, one half, one silent; half the staff; the other school complete and well."""
    today = days(rooms, DAY)
    states = Counter((one.group, one.state) for one in today)
    assert states == {
        (FIRST, State.CLEAR): 21,
        (FIRST, State.FLAGGED): 5,
        (FIRST, State.REVIEW): 1,
        (FIRST, State.MISSING): 3,
        (SECOND, State.CLEAR): 12,
        (SECOND, State.FLAGGED): 4,
        (SECOND, State.REVIEW): 1,
        (SECOND, State.MISSING): 23,
        (THIRD, State.MISSING): 40,
        (STAFF, State.CLEAR): 11,
        (STAFF, State.FLAGGED): 1,
        (STAFF, State.MISSING): 8,
        (LOWER, State.CLEAR): 20,
    }
    with rooms.database.read() as session:
        counted = tally(session, DAY)
        reasons = session.scalars(select(ReviewItem.reason).where(ReviewItem.state == ReviewState.OPEN))
        assert Counter(reasons) == {
            Reason.UNKNOWN_SENDER: 1,
            Reason.QUESTION_WITH_FACT: 1,
            Reason.IMPLAUSIBLE_TEMPERATURE: 1,
        }
    assert [(one.school, one.zero) for one in counted.schools] == [(SCHOOL, False), (OTHER_SCHOOL, True)]
    flags = Counter(flag for one in today for flag in one.flags)
    assert flags == {
        Flag.FEVER: 2,
        Flag.SYMPTOM: 2,
        Flag.FAMILY_ILL: 2,
        Flag.TRAVEL: 2,
        Flag.CONTACT_1: 1,
        Flag.CONTACT_OUTSIDER: 1,
        Flag.ISOLATION: 1,
    }
    assert {one.group for one in today if one.basis is Basis.INFERRED} == {STAFF}
    assert {place for one in today for place in one.places} == {"沈阳市", "大连市"}


def test_the_days_before(rooms: Rooms) -> None:
    with rooms.database.read() as session:
        before = [tally(session, DAY - timedelta(days=ago)).whole.people for ago in (1, 2, 3)]
    assert [(one.heard, one.flagged) for one in before] == [(146, 3), (140, 1), (0, 0)]


@pytest.mark.parametrize(
    "now", ["00:00:10", "00:30", "05:59", "06:00", "06:31", "06:59", "07:00", "08:49", "12:00", "15:00", "23:59"]
)
def test_everything_was_said_before_now_and_after_midnight(now: str) -> None:
    said = demo_morning.said(at(now).astimezone(UTC), ZONE)
    assert [one.at for one in said] == sorted(one.at for one in said)
    assert all(one.at <= at(now) for one in said)
    counts = Counter(one.at.date() for one in said)
    assert sorted(counts) == [DAY - timedelta(days=2), DAY - timedelta(days=1), DAY]
    assert counts[DAY] == Counter(one.at.date() for one in demo_morning.said(at("12:00"), ZONE))[DAY]
    assert max(one.at for one in said) <= at("08:50")


@pytest.mark.parametrize("now", ["00:00:10", "06:00", "23:59"])
@pytest.mark.usefixtures("port")
def test_the_morning_reads_the_same_whenever_it_is_made(now: str) -> None:
    with made(at(now)) as rooms, rooms.database.read() as session:
        people = tally(session, DAY).whole.people
    assert (people.heard, people.flagged, people.review) == (76, 10, 2)


@pytest.mark.usefixtures("port")
def test_fewer_open_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message of a day that is closed would only be something to look at: there is none."""
    monkeypatch.setenv("JIELONG_OPEN_DAYS", "1")
    with made(at("09:20")) as rooms, rooms.database.read() as session:
        assert set(session.scalars(select(InboxMessage.day))) == {DAY}


def test_the_robot_prints(capsys: pytest.CaptureFixture[str]) -> None:
    robot = ConsoleRobot({"key": "演示小学 一班"})
    assert [robot.send(Outgoing(chat, "早上好\n谢谢！")) for chat in ("key", "other")] == [Sent(), Sent()]
    assert capsys.readouterr().out == (
        "┌─ 会发到微信 · 演示小学 一班\n│ 早上好\n│ 谢谢！\n└─\n┌─ 会发到微信 · 未知的群\n│ 早上好\n│ 谢谢！\n└─\n"
    )


def test_a_first_and_a_second_start(port: int) -> None:
    """It prints what would go to WeChat once, and links that sign in; the second start keeps what is there."""
    outs, records = [], []
    for _ in range(2):
        with role("demo", "--port", str(port)) as child:
            wait_for(f"http://127.0.0.1:{port}/readyz")
            records.append(command("records", "--day", today()))
            child.send_signal(signal.SIGINT)
            out, err = child.communicate(timeout=END_SECONDS)
            outs.append(out)
            assert child.returncode == 0
            assert [line for line in err.splitlines() if line.startswith("{")] == []
    first, second = outs
    assert "演示：今天 09:00 这些话会发到微信" in first
    assert "会发到微信 · 演示县第一小学 三年一班\n│ 家长早上好，三年一班今天的接龙已有27位，还差3位：" in first
    assert "会发到微信 · 演示县教育局 工作群\n│ 【演示县教育局】师生健康日报 第1号" in first
    assert "会发到微信" not in second
    assert records[0] == records[1]
    links = [LINK.findall(out) for out in outs]
    assert [len(some) for some in links] == [3, 3]
    assert not set(links[0]) & set(links[1])
    outbox = json.loads(command("status", "--json"))["outbox"]
    assert (outbox["due"], outbox["dead"], outbox["unknown"]) == (0, 0, 0)
    assert outbox["sent"] == first.count("┌─")


def today() -> str:
    return datetime.now(ZONE).date().isoformat()  # noqa: TID251 - the demo's own clock is the real one


def test_its_links_open_pages(port: int) -> None:
    with role("demo", "--port", str(port)) as child:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        assert child.stdout is not None
        links: list[str] = []
        while len(links) < 3:
            links += LINK.findall(child.stdout.readline())
        pages = [opened(link) for link in links]
        os.killpg(child.pid, signal.SIGTERM)
        child.communicate(timeout=END_SECONDS)
    teacher, _, bureau = pages
    assert FIRST in teacher
    assert "演示县教育局" in bureau
    assert "确认无情况" in bureau


def opened(link: str) -> str:
    """What a link's button leads to. The cookies are for https, which a browser takes loopback for; httpx2 does not."""
    with httpx2.Client(timeout=10) as client:
        door = client.get(link)
        token = re.findall(r'name="csrf" value="([0-9a-f]+)"', door.text)[0]
        entered = client.post(
            link.partition("?")[0],
            data={"t": link.partition("t=")[2], "csrf": token},
            headers={"cookie": cookies(door)},
        )
        assert entered.status_code == 303
        where = link.partition("/enter")[0] + entered.headers["location"]
        page = client.get(where, headers={"cookie": cookies(entered)})
    return page.text


def cookies(answer: httpx2.Response) -> str:
    return "; ".join(one.partition(";")[0] for one in answer.headers.get_list("set-cookie"))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("to_group", [True, False], ids=["to the group", "to the service"])
def test_it_ends_with_its_reader(port: int, how: signal.Signals, *, to_group: bool) -> None:
    with role("demo", "--port", str(port)) as child:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        (os.killpg if to_group else os.kill)(child.pid, how)
        _, err = child.communicate(timeout=END_SECONDS)
        assert child.returncode == 0
        assert "Traceback" not in err
        assert group_is_gone(child.pid)


def test_a_set_up_that_was_cut_short_is_finished(port: int) -> None:
    with open_rooms() as rooms:
        migrate(rooms.database, rooms.keyring)
        assert make_county(rooms, datetime.now(UTC))  # noqa: TID251 - the demo's own clock is the real one
    with role("demo", "--port", str(port)) as child:
        wait_for(f"http://127.0.0.1:{port}/healthz")
        assert json.loads(command("status", "--json"))["inbox"]["waiting"] == 0
        child.terminate()
        out, _ = child.communicate(timeout=END_SECONDS)
    assert "会发到微信 · 演示县教育局" in out


def test_a_county_of_others_is_left_alone(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is added, no link is printed, and what is sent goes where it always goes."""
    served: list[object] = []
    monkeypatch.setattr("bot.cli.demo.configure_logs", lambda _: None)  # of this process
    monkeypatch.setattr("bot.cli.demo.run_service", lambda *_, outlets: served.append(outlets))
    command("init", "--county", "演示县", "--city", "演示市", "--province", "辽宁省", "--since", "2020-01-15")
    file = tmp_path / "roster.csv"
    file.write_text("学校,班级,姓名,身份\n别的小学,一班,李雷,学生\n", encoding="utf-8")
    command("roster", "import", str(file), "--yes")
    out = command("demo", "--port", str(port))
    assert served == [None]
    assert "enter?t=" not in out
    assert GROUPS[0].school not in command("records", "--day", today())


def test_a_port_that_is_taken(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.cli.demo.configure_logs", lambda _: None)  # of this process
    with socket.create_server(("127.0.0.1", port)):
        said = run("demo", "--port", str(port))
    assert (said.status, said.out) == (2, "")
    assert "端口已被占用" in said.err
    assert "名册" not in said.err

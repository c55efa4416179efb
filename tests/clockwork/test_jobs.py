"""What the clock sets off: once, in time, for whom there is something to say; later it is skipped, and said."""

from datetime import timedelta

import pytest
import time_machine
from inline_snapshot import snapshot

from bot.roster.binding import Target
from tests.clockwork.town import DAY, NAMES, NEXT_DAY, REMINDERS, MakeTown, at, embedded, slots
from tests.delivery.robot import FakeRobot


@pytest.mark.parametrize(
    ("now", "done"),
    [
        ("08:59:59", []),
        ("09:00", ["09:00 group/1 fired"]),
        ("09:30", ["09:00 group/1 fired"]),
        ("09:30:01", ["09:00 group/1 skipped"]),
        ("10:29:59", ["09:00 group/1 skipped"]),
        ("10:30", ["09:00 group/1 skipped", "10:30 group/1 fired"]),
        ("10:59:59", ["09:00 group/1 skipped", "10:30 group/1 fired"]),
        ("11:00", ["09:00 group/1 skipped", "10:30 group/1 fired", "11:00 school/1 fired", "11:00 bureau fired"]),
        (
            "23:59:59",
            ["09:00 group/1 skipped", "10:30 group/1 skipped", "11:00 school/1 skipped", "11:00 bureau skipped"],
        ),
    ],
)
def test_what_is_done_at_an_instant(now: str, done: list[str], town: MakeTown) -> None:
    made = town()
    assert made.look(at(now)) == [f"02-18 {one}" for one in done]
    assert made.look(at(now)) == []


@pytest.mark.parametrize(
    ("looks", "done"),
    [
        (["08:50", "09:10"], ["09:00 group/1 fired"]),  # F20: down for a while, one that is late
        (["08:50", "10:00"], ["09:00 group/1 skipped"]),  # F20: down for too long, none
        (["09:00", "08:00", "09:00"], ["09:00 group/1 fired"]),  # the clock was put back
        (["09:31", "08:59", "09:00"], ["09:00 group/1 skipped"]),
        (["09:00", "10:45", "11:30"], ["09:00 group/1 fired", "10:30 group/1 fired"]),
    ],
)
def test_looks_one_after_another(looks: list[str], done: list[str], town: MakeTown) -> None:
    made = town(robots=REMINDERS)
    assert [one for now in looks for one in made.look(at(now))] == [f"02-18 {one}" for one in done]


def test_nobody_is_missing(robot: FakeRobot, town: MakeTown) -> None:
    """No reminder; a digest all the same."""
    made = town(members=2)
    made.arrives(0, f"1. {NAMES[0]} 36.5 正常\n2. {NAMES[1]} 36.6 正常", at("08:00"))
    made.reads(at("08:00"))
    assert made.look(at("09:00")) == ["02-18 09:00 group/1 nothing"]
    assert made.look(at("11:00")) == [
        "02-18 10:30 group/1 nothing",
        "02-18 11:00 school/1 fired",
        "02-18 11:00 bureau fired",
    ]
    made.sender(at("11:00")).send_due()
    assert sorted(one.key for one in robot.delivered) == ["robot-bureau", "robot-school"]


def test_what_is_not_read_yet_is_waited_for(town: MakeTown) -> None:
    made = town(members=1, robots=REMINDERS)
    made.arrives(0, f"{NAMES[0]} 36.5 正常", at("08:59:50"))
    assert made.look(at("09:00")) == []
    made.reads(at("09:00:10"))
    assert made.look(at("09:00:15")) == ["02-18 09:00 group/1 nothing"]


def test_what_is_not_read_yet_is_not_waited_for_for_ever(town: MakeTown) -> None:
    made = town(members=1, robots=REMINDERS)
    made.arrives(0, f"{NAMES[0]} 36.5 正常", at("08:59:50"))
    assert made.look(at("09:05")) == []
    assert made.look(at("09:05:01")) == ["02-18 09:00 group/1 fired"]
    assert made.look(at("10:30"), patient=False) == ["02-18 10:30 group/1 fired"]  # nobody will look again


@embedded
def test_while_reports_wait_to_be_read_nobody_is_named(robot: FakeRobot, town: MakeTown) -> None:
    made = town(members=2, robots=REMINDERS)
    made.arrives(0, f"{NAMES[0]} 36.5 正常", at("08:59:50"))
    made.look(at("09:00"), patient=False)
    made.sender(at("09:00")).send_due()
    (text,) = [one.text for one in robot.delivered]
    assert text.splitlines()[0] == "家长早上好，1班今天的接龙，还没报的11点前补上就好，谢谢！"


@pytest.mark.parametrize(
    ("times", "done"),
    [
        (None, ["09:00 group/1 fired", "10:30 group/1 fired"]),
        ([], []),
        (["07:30"], ["07:30 group/1 fired"]),
        (["08:00", "09:00", "16:45"], ["08:00 group/1 fired", "09:00 group/1 fired", "16:45 group/1 fired"]),
    ],
)
@embedded
def test_a_groups_own_times(times: list[str] | None, done: list[str], town: MakeTown) -> None:
    made = town(robots=REMINDERS)
    made.reminds_at(0, times)
    quarters = [at("00:00") + timedelta(minutes=15 * number) for number in range(96)]
    assert [one for now in quarters for one in made.look(now)] == [f"02-18 {one}" for one in done]


@embedded
def test_a_time_that_is_moved_does_not_fire_again(town: MakeTown) -> None:
    made = town(robots=REMINDERS)
    assert made.look(at("09:00")) == ["02-18 09:00 group/1 fired"]
    made.reminds_at(0, ["09:15", "10:30"])
    assert made.look(at("09:15")) == []
    assert made.look(at("10:30")) == ["02-18 10:30 group/1 fired"]
    assert made.look(at("09:15", NEXT_DAY)) == ["02-19 09:15 group/1 fired"]


@pytest.mark.parametrize(
    ("bound", "now", "done"),
    [
        ("08:59", "09:31", ["09:00 group/1 skipped"]),
        ("09:10", "09:31", []),  # nobody waited for it
        ("09:10", "09:12", ["09:00 group/1 fired"]),
        ("12:00", "09:00", ["09:00 group/1 fired"]),  # a rehearsal of an instant before the set-up
        ("12:00", "09:31", ["09:00 group/1 skipped"]),
    ],
)
@embedded
def test_a_robot_that_came_later(bound: str, now: str, done: list[str], town: MakeTown) -> None:
    made = town(robots=())
    made.binds("robot-0", Target(group_id=made.groups[0]), at(bound))
    assert made.look(at(now)) == [f"02-18 {one}" for one in done]


@embedded
def test_a_robot_that_is_gone_or_another(town: MakeTown) -> None:
    made = town(groups=2, robots=REMINDERS)
    made.binds("robot-0", Target(), at("08:00"))  # from the first group to the bureau
    assert made.look(at("09:00")) == ["02-18 09:00 group/2 fired"]
    assert made.look(at("11:00"))[-1] == "02-18 11:00 bureau fired"


def test_the_first_reminder_says_how_data_is_handled(robot: FakeRobot, town: MakeTown) -> None:
    """It stands in the first one that a chat gets, and in none after it."""
    made = town(robots=REMINDERS)
    for day, clock_time in ((DAY, "09:00"), (DAY, "10:30"), (NEXT_DAY, "09:00")):
        now = at(clock_time, day)
        made.look(now)
        made.sender(now).send_due()
    assert ["/privacy" in text for text in robot.texts("robot-0")] == [True, False, False]


def test_digests_are_numbered(robot: FakeRobot, town: MakeTown) -> None:
    made = town(robots=("school", "bureau"))
    for day in (DAY, NEXT_DAY):
        made.look(at("11:00", day))
        made.sender(at("11:00", day)).send_due()
    assert slots(made) == [
        ("school/1", 1),
        ("bureau", 1),
        ("school/1", 2),
        ("bureau", 2),
    ]
    for number, text in enumerate(robot.texts("robot-bureau"), start=1):
        assert f"第{number}号" in text


@embedded
def test_a_whole_day(robot: FakeRobot, town: MakeTown) -> None:
    """Every minute of a day in which families report one after another: exactly these messages leave."""
    made = town(groups=2)
    morning = {
        "07:40": (0, f"{NAMES[0]} 36.5 正常"),
        "08:10": (1, f"{NAMES[0]} 36.4 没有不舒服"),
        "08:11": (1, f"{NAMES[1]} 36.6 一切正常"),
        "09:20": (1, f"{NAMES[2]} 36.5 正常"),
        "09:55": (0, f"{NAMES[1]} 37.6 有点咳嗽"),
    }
    with time_machine.travel(at("00:00"), tick=False) as traveller:
        for minute in range(24 * 60):
            now = at("00:00") + timedelta(minutes=minute)
            traveller.move_to(now, tick=False)
            arriving = morning.get(f"{now.astimezone(made.rooms.settings.zone):%H:%M}")
            if arriving is not None:
                made.arrives(*arriving, now)
                made.reads(now)
            if made.look(now):
                made.sender(now).send_due()
    zone = made.rooms.settings.zone
    left = sorted((f"{one.at.astimezone(zone):%H:%M}", one.key, one.text) for one in robot.delivered)
    assert left == snapshot(
        [
            (
                "09:00",
                "robot-0",
                """\
家长早上好，1班今天的接龙已有1位，还差2位：王*明、张*明。11点前补上就好，谢谢！
我们怎样处理这些信息：http://127.0.0.1:8000/privacy\
""",
            ),
            (
                "09:00",
                "robot-1",
                """\
家长早上好，2班今天的接龙已有2位，还差1位：张*明。11点前补上就好，谢谢！
我们怎样处理这些信息：http://127.0.0.1:8000/privacy\
""",
            ),
            ("10:30", "robot-0", "还差1位：张*明。11点前补一行就行，不方便就打电话给班主任。"),
            (
                "11:00",
                "robot-bureau",
                """\
【演示县教育局】师生健康日报 第1号
2月18日 周二，截至11:00

学生 5/6，83.3%
确认正常4，推断正常0，待核实0，未报1

有情况1人（学生/教职工）
发热1/0，有症状1/0
没有：家人不适、外出、接触一类人员、接触二类人员、接触三类人员、接触外来人员、隔离观察

没报齐的学校1所（学生，教职工）
演示小学 5/6，—

零报告：0所学校无情况，已确认0

不含姓名，请勿转到家长群。\
""",
            ),
            (
                "11:00",
                "robot-school",
                """\
【演示小学】师生健康日报 第1号
2月18日 周二，截至11:00

学生 5/6，83%
待核实0，未报1

没报齐或有待核实的班1个
1班 2/3
报齐的班1个：2班

不含姓名，请勿转到家长群。\
""",
            ),
        ]
    )

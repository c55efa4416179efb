"""`jielong demo`: a first look. A made-up county in an empty database, and the service.

What would go to WeChat is printed. The county is made once: whatever of it was cut short is done at the next start.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, time
from functools import partial
from pathlib import Path

import click
from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from tqdm import tqdm

from bot import clock
from bot.channels.protocol import Incoming, Kind
from bot.cli import demo_county, demo_morning
from bot.cli.chinese import Command
from bot.cli.console_robot import ConsoleRobot
from bot.cli.serve import listen, run_service
from bot.clockwork import Jobs
from bot.delivery.sender import Sender
from bot.intake.claims import claim, only_reader
from bot.logs import configure_logs
from bot.pages.links import HOLDS, link_address, make_link
from bot.pipeline import Pipeline
from bot.roster import importing
from bot.roster.binding import ROBOT, Target, bind, holds
from bot.roster.finding import group_named, school_named
from bot.roster.setting import Basis, save
from bot.settings import load_settings
from bot.wiring import Rooms, build_rooms, migrate
from models.school import School
from models.slot import Slot
from models.vocabulary import UserRole
from scheduler.days import local_day

REHEARSED = (time(9), time(10, 30), time(11))  # two reminders, the digest
MINUTES = HOLDS.seconds // 60
HELP = """演示：数据库为空时建立一个虚构的县，然后运行服务。

所有学校、班级和姓名都是编造的；数据库里已有学校时不会添加任何内容。
会发到微信群里的话只打印出来，不会真的发出去。

\b
例：
  jielong demo
  jielong demo --port 8001
"""


@click.command(cls=Command, help=HELP, short_help="虚构的演示县")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="监听端口")
def demo(host: str, port: int) -> None:
    """Make the county where there is none, and serve."""
    configure_logs(logging.WARNING)  # among what is shown to people
    rooms = _at(build_rooms(), host, port)
    listen(host, port).close()  # before anything is made: whoever must choose another port learns it now
    _say("准备数据库")
    migrate(rooms.database, rooms.keyring)
    if make_county(rooms, clock.now()):
        _say("已建立虚构的演示县")
    robot = ConsoleRobot(demo_county.robots())
    theirs = is_demo(rooms)
    if theirs:
        read_all(rooms)
        rehearse(rooms, robot, clock.now())
    else:
        _say("数据库里已有别的学校，不添加演示内容，也没有演示链接")
    for line in _welcome(rooms, clock.now(), with_links=theirs):
        click.echo(line)
    run_service(rooms, host, port, outlets={robot.name: robot} if theirs else None)


def make_county(rooms: Rooms, now: datetime) -> bool:
    """Fill an empty database with the made-up county and its messages; whether it was empty."""
    zone = rooms.settings.zone
    with rooms.database.write() as session:
        if session.scalar(select(exists().where(School.id.is_not(None)))):
            return False
        save(session, demo_county.setting(local_day(now, zone)), Basis("演示，不收集真实信息"), now)
        people = demo_county.roster()
        importing.write(session, people, rooms.keyring, now)
        _say(f"名册：{len({one.school for one in people})} 所学校，{len(demo_county.GROUPS)} 个群，{len(people)} 人")
        for group in demo_county.GROUPS:
            target = Target(group_id=group_named(session, group.name, group.school).id)
            bind(session, rooms.keyring, demo_county.GATEWAY, group.chat, target, now)
            if group.robot is not None:
                bind(session, rooms.keyring, ROBOT, group.robot, target, now)
        bind(session, rooms.keyring, ROBOT, demo_county.BUREAU_ROBOT, Target(), now)
        messages = demo_morning.said(now, zone, min(demo_morning.DAYS, rooms.settings.open_days))
        for number, said in enumerate(tqdm(messages, desc="消息", unit="条", disable=not sys.stderr.isatty())):
            rooms.inbox.store(session, _incoming(number, said), now)
    return True


def is_demo(rooms: Rooms) -> bool:
    """Whether the database holds the made-up county."""
    with rooms.database.read() as session:
        return holds(session, rooms.keyring, demo_county.GATEWAY, demo_county.GROUPS[0].chat) is not None


def read_all(rooms: Rooms) -> None:
    """Read what waits, before anybody looks at the pages."""
    settings = rooms.settings
    _say(f"读取 {len(demo_county.GROUPS)} 个群的消息")
    pipeline = Pipeline(rooms.database, rooms.keyring, settings.zone, settings.open_days)
    lock = only_reader(settings.data_dir / "reader.lock") if rooms.database.embedded else nullcontext()
    with lock, tqdm(total=len(demo_county.GROUPS), desc="读取", unit="群", disable=not sys.stderr.isatty()) as shown:
        while _read_one(rooms, pipeline):
            shown.update()


def _read_one(rooms: Rooms, pipeline: Pipeline) -> bool:
    with claim(rooms.database) as claimed:
        if claimed is None:
            return False
        pipeline.read(claimed, clock.now())
    return True


def rehearse(rooms: Rooms, robot: ConsoleRobot, now: datetime) -> None:
    """Remind and send digests as this morning would have, unless that was done before."""
    with rooms.database.read() as session:
        if session.scalar(select(exists().where(Slot.id.is_not(None)))):
            return
    zone = rooms.settings.zone
    jobs = Jobs(rooms.database, zone, rooms.settings.public_url)
    for one in REHEARSED:
        at = datetime.combine(local_day(now, zone), one, zone)
        click.echo(f"\n演示：今天 {at:%H:%M} 这些话会发到微信")
        jobs.run_due(at, patient=False)
        Sender(rooms.database, {robot.name: robot}, partial(_as_is, at)).send_due()


def _as_is(at: datetime) -> datetime:
    """A clock that stands still."""
    return at


def _welcome(rooms: Rooms, now: datetime, *, with_links: bool) -> Iterator[str]:
    """Where the service is, and fresh links."""
    url = rooms.settings.public_url
    yield f"\n服务  {url}/healthz"
    if with_links:
        yield f"\n登录链接（{MINUTES} 分钟内有效，每个只能用一次）"
        with rooms.database.write() as session:
            units = _units(session)
            secrets = [make_link(session, rooms.keyring, role, *unit, now) for role, _, _, unit in units]
        for (_, name, _, _), secret in zip(units, secrets, strict=True):
            yield f"  {name}\n    {link_address(url, secret)}"
        yield "过期了，另开一个终端取新的："
        yield from (f"  {_command(url)} {words}" for _, _, words, _ in units)
    yield "按 Ctrl-C 结束\n"


def _units(session: Session) -> list[tuple[UserRole, str, str, tuple[int | None, int | None]]]:
    """Who may sign in: role, name, what asks for a link, and the ids of school and group."""
    group = group_named(session, demo_county.FIRST, demo_county.SCHOOL)
    school = school_named(session, demo_county.SCHOOL)
    return [
        (
            UserRole.TEACHER,
            f"班主任：{school.name}{group.name}",
            f"link --role teacher --school {school.name} --group {group.name}",
            (None, group.id),
        ),
        (UserRole.SCHOOL, f"学校：{school.name}", f"link --role school --school {school.name}", (school.id, None)),
        (UserRole.BUREAU, f"教育局：{demo_county.COUNTY}", "link --role bureau", (None, None)),
    ]


def _command(url: str) -> str:
    """How the commands of this very installation are called, so that their links lead here."""
    typed = Path(sys.argv[0])
    name = sys.argv[0] if typed.name == "jielong" else "jielong"
    return name if url == load_settings().public_url else f"JIELONG_PUBLIC_URL={url} {name}"


def _at(rooms: Rooms, host: str, port: int) -> Rooms:
    """The rooms of a service that is reached where it listens, unless a setting says where."""
    if "public_url" in rooms.settings.model_fields_set:
        return rooms
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - any address includes this one
    url = f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"
    return replace(rooms, settings=rooms.settings.model_copy(update={"public_url": url}))


def _say(words: str) -> None:
    """What the set-up is at."""
    click.echo(words, err=True)


def _incoming(number: int, said: demo_morning.Said) -> Incoming:
    return Incoming(
        channel=demo_county.GATEWAY,
        chat=next(group.chat for group in demo_county.GROUPS if group.name == said.group),
        platform_id=f"demo-{number}",
        sender=f"demo:{said.group}:{said.sender}",
        sender_name=said.sender,
        sent_at=said.at,
        kind=Kind.TEXT,
        text=said.text,
        quoted=None,
        stale=False,
    )

"""`jielong demo`: a first look. A made-up county in an empty database, and the service."""

from datetime import datetime

import click
from sqlalchemy import exists, select

from bot import clock
from bot.channels.protocol import Incoming, Kind
from bot.cli import demo_county
from bot.cli.chinese import Command
from bot.cli.serve import run_service
from bot.roster import importing
from bot.roster.binding import Target, bind
from bot.roster.finding import group_named
from bot.roster.setting import Basis, save
from bot.wiring import Rooms, build_rooms, migrate
from models.school import School
from scheduler.days import local_day

HELP = """演示：数据库为空时建立一个虚构的县，然后运行服务。

所有学校、班级和姓名都是编造的；数据库里已有学校时不会添加任何内容。

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
    rooms = build_rooms()
    migrate(rooms.database, rooms.keyring)
    day = local_day(clock.now(), rooms.settings.zone)
    if make_county(rooms, clock.now()):
        click.echo(f"已建立虚构的演示县：{demo_county.SCHOOL}，{len(demo_county.CHATS)} 个群，今天的消息正在读取")
    click.echo(f"服务  http://{host}:{port}/healthz")
    click.echo(f"记录  jielong records --day {day}")
    click.echo(f"未报  jielong missing --day {day} --group {demo_county.FIRST}")
    click.echo("按 Ctrl-C 结束")
    run_service(rooms, host, port)


def make_county(rooms: Rooms, now: datetime) -> bool:
    """Fill an empty database with the made-up county and its messages of today; whether it was empty."""
    day = local_day(now, rooms.settings.zone)
    with rooms.database.write() as session:
        if session.scalar(select(exists().where(School.id.is_not(None)))):
            return False
        save(session, demo_county.setting(day), Basis("演示，不收集真实信息"), now)
        importing.write(session, demo_county.roster(), rooms.keyring, now)
        for group, chat in demo_county.CHATS.items():
            target = Target(group_id=group_named(session, group, demo_county.SCHOOL).id)
            bind(session, rooms.keyring, demo_county.GATEWAY, chat, target, now)
        for number, said in enumerate(demo_county.morning(day, rooms.settings.zone)):
            rooms.inbox.store(session, _incoming(number, said), now)
    return True


def _incoming(number: int, said: demo_county.Said) -> Incoming:
    return Incoming(
        channel=demo_county.GATEWAY,
        chat=demo_county.CHATS[said.group],
        platform_id=f"demo-{number}",
        sender=f"demo:{said.group}:{said.sender}",
        sender_name=said.sender,
        sent_at=said.at,
        kind=Kind.TEXT,
        text=said.text,
        quoted=None,
        stale=False,
    )

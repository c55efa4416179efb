"""`jielong digest`: the text of a day's digest, as it would be sent."""

from datetime import date

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import clock
from bot.cli.chinese import Command, Day, Name
from bot.cli.rooms import ready_rooms
from bot.counts.digest import bureau_day, school_day
from bot.messages import digest as messages
from bot.roster.finding import school_named
from models.slot import Slot
from models.vocabulary import JobKind
from scheduler.slots import BUREAU, next_serial, school_unit

HELP = """一天的日报，就是会发出去的那段文字；这里只显示，不发送。

不写 --school 是教育局的日报，写了是这所学校的。编号是当天已经发出的，还没有发就是下一个。

\b
例：
  jielong digest --day 2020-02-19
  jielong digest --day 2020-02-19 --school 演示县第一小学
"""


@click.command(cls=Command, help=HELP, short_help="一天的日报文字")
@click.option("--day", required=True, type=Day(), help="哪一天")
@click.option("--school", type=Name(), help="这所学校的日报，默认是教育局的")
def digest(day: date, school: str | None) -> None:
    """Print the text."""
    with ready_rooms() as rooms, rooms.database.read() as session:
        as_of = clock.now().astimezone(rooms.settings.zone)
        if school is None:
            text = messages.bureau(
                bureau_day(session, day), _serial(session, JobKind.BUREAU_DIGEST, BUREAU, day), as_of
            )
        else:
            school_id = school_named(session, school).id
            serial = _serial(session, JobKind.SCHOOL_DIGEST, school_unit(school_id), day)
            text = messages.school(school_day(session, day, school_id), serial, as_of)
    click.echo(text)


def _serial(session: Session, kind: JobKind, unit: str, day: date) -> int:
    """The number of the digest that was decided for the day, else the one that the next would get."""
    decided = session.scalar(
        select(Slot.serial).where(Slot.kind == kind, Slot.unit == unit, Slot.day == day).order_by(Slot.ordinal.desc())
    )
    return decided or next_serial(session, kind, unit)

"""`jielong records`: a row a member of what is known on a day."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from bot.cli.chinese import Command, Day, Name
from bot.cli.rooms import ready_rooms
from bot.cli.tables import Format, Value, write_table
from bot.counts.members import MemberDay, member_days
from bot.roster.finding import group_named, school_named

TITLES = (
    "day",
    "school",
    "group",
    "member",
    "role",
    "state",
    "basis",
    "temperature",
    "flags",
    "places",
    "messages",
)

HELP = """一天的健康记录，每名成员一行；没有消息的一天也每人一行（未报）。

state：flagged 有情况，review 待核实，clear 正常，missing 未报。

\b
例：
  jielong records --day 2020-02-19 --format jsonl
  jielong records --day 2020-02-19 --school 演示县第一小学 --format xlsx --output 记录.xlsx
"""


@click.command(cls=Command, help=HELP, short_help="一天的健康记录，每名成员一行")
@click.option("--day", required=True, type=Day(), help="哪一天")
@click.option("--school", type=Name(), help="只要这所学校，默认全部")
@click.option("--group", type=Name(), help="只要这个班级或教职工群")
@click.option(
    "--format",
    "kind",
    type=click.Choice([kind.value for kind in Format]),
    default=Format.JSONL.value,
    show_default=True,
    help="格式",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="写到文件，默认写到标准输出")
def records(day: date, school: str | None, group: str | None, kind: str, output: Path | None) -> None:
    """Print a row a member."""
    with ready_rooms() as rooms, rooms.database.read() as session:
        school_id = school_named(session, school).id if school else None
        group_id = group_named(session, group, school).id if group else None
        days = member_days(session, day, school_id=school_id, group_id=group_id)
    write_table(Format(kind), TITLES, _rows(days), output)


def _rows(days: list[MemberDay]) -> Iterator[tuple[Value, ...]]:
    for one in days:
        yield (
            one.day.isoformat(),
            one.school,
            one.group,
            one.name,
            one.role,
            one.state,
            one.basis,
            one.temperature,
            one.flags,
            one.places,
            one.messages,
        )

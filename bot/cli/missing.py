"""`jielong missing`: who of a group has not reported."""

from datetime import date

import click

from bot.cli.chinese import Command, Day, Name
from bot.cli.rooms import ready_rooms
from bot.counts.members import member_days, missing as names_missing
from bot.roster.finding import group_named

HELP = """一个群当天未报的成员，一行一个姓名；都报了就没有输出。

待核实的成员不算未报。

\b
例：
  jielong missing --day 2020-02-19 --group 三年二班
  jielong missing --day 2020-02-19 --group 三年二班 --school 演示县第一小学
"""


@click.command(cls=Command, help=HELP, short_help="一个群当天未报的成员")
@click.option("--day", required=True, type=Day(), help="哪一天")
@click.option("--group", required=True, type=Name(), help="班级或教职工群")
@click.option("--school", type=Name(), help="学校；几所学校有同名的群时要写")
def missing(day: date, group: str, school: str | None) -> None:
    """Print names, one a line."""
    with ready_rooms() as rooms, rooms.database.read() as session:
        days = member_days(session, day, group_id=group_named(session, group, school).id)
    for name in names_missing(days):
        click.echo(name)

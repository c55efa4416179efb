"""`jielong school`: how people are named in a school's chats."""

import click

from bot.cli.chinese import Command, Name
from bot.cli.rooms import ready_rooms
from bot.roster.finding import school_named
from bot.roster.speaking import name_in_full

FULL, MASKED = "full", "masked"
WAYS = {True: "写全名", False: "只写首尾的字，像 王*明"}

HELP = """学校的群里提醒未报时，姓名怎么写。不写 --names 就显示现在的设置。

masked 只写首尾的字（王*明），是默认的；full 写全名，要先征得学校和家长同意。

\b
例：
  jielong school 演示县第一小学
  jielong school 演示县第一小学 --names full
"""


@click.command(cls=Command, help=HELP, short_help="学校的群里姓名怎么写")
@click.argument("name", type=Name(), metavar="NAME")
@click.option("--names", type=click.Choice([MASKED, FULL]), help="masked 王*明，full 全名")
def school(name: str, names: str | None) -> None:
    """Print the setting, or change it."""
    with ready_rooms() as rooms, rooms.database.write() as session:
        found = school_named(session, name)
        changed = names is not None and name_in_full(session, found, full=names == FULL)
        way = WAYS[found.full_names]
    if names is None:
        click.echo(f"群里的姓名{way}")
        return
    click.echo(f"已改：群里的姓名{way}" if changed else f"没有变化：群里的姓名{way}")
    if names == FULL:
        click.echo("提醒：群里会写出未报的人的全名，请确认学校和家长都同意", err=True)

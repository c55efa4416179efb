"""`jielong remind`: when a group is reminded."""

from datetime import datetime, time

import click

from bot.cli.chinese import Command, Name
from bot.cli.rooms import ready_rooms
from bot.errors import NotPossible
from bot.roster.finding import group_named
from bot.roster.speaking import MOST_REMINDERS, remind_at
from scheduler.timetable import USUAL_REMINDERS

HELP = f"""一个群每天几点提醒未报。不写选项就显示现在的设置。

最多 {MOST_REMINDERS} 次；都报了的时候不发。提醒发到这个群绑定的群机器人。

\b
例：
  jielong remind --school 演示县第一小学 --group 三年二班
  jielong remind --school 演示县第一小学 --group 三年二班 --at 08:30 --at 10:00
  jielong remind --group 三年二班 --never
"""


class Clock(click.ParamType[time]):
    """A local time of day to the minute."""

    name = "TIME"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> time:
        """The time; a mistake is explained in Chinese."""
        if isinstance(value, time):
            return value
        try:
            return datetime.strptime(str(value), "%H:%M").time()  # noqa: DTZ007 - of any day, in the school's zone
        except ValueError:
            self.fail("不是时间，请写成 08:30 这样", param, ctx)


@click.command(cls=Command, help=HELP, short_help="一个群几点提醒")
@click.option("--group", required=True, type=Name(), help="班级或教职工群")
@click.option("--school", type=Name(), help="学校；几所学校有同名的群时要写")
@click.option("--at", "times", multiple=True, type=Clock(), help="几点，可以写多次")
@click.option("--never", is_flag=True, help="不提醒")
@click.option("--usual", is_flag=True, help="恢复默认的时间")
def remind(group: str, school: str | None, times: tuple[time, ...], *, never: bool, usual: bool) -> None:
    """Print the times, or change them."""
    if bool(times) + never + usual > 1:
        raise NotPossible("--at、--never、--usual 只能用一种")
    with ready_rooms() as rooms, rooms.database.write() as session:
        found = group_named(session, group, school)
        asked = bool(times) or never or usual
        changed = asked and remind_at(session, found, None if usual else times)
        said = _said(found.remind_at)
    if asked:
        said = f"{'已改' if changed else '没有变化'}：{said}"
    click.echo(said)


def _said(times: list[str] | None) -> str:
    if times is None:
        return f"{'、'.join(f'{one:%H:%M}' for one in USUAL_REMINDERS.times)} 提醒（默认）"
    return f"{'、'.join(times)} 提醒" if times else "不提醒"

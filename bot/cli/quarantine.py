"""`jielong quarantine`: messages whose signature is right and whose clock is wrong, looked at and let in."""

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from bot import clock
from bot.cli.chinese import Command, Group
from bot.cli.rooms import ready_rooms
from bot.errors import NotPossible
from bot.intake import quarantine as intake

HELP = """隔离的消息：签名正确而时间相差太多，等人看过再放行。

\b
例：
  jielong quarantine list
  jielong quarantine release 12 13
"""
LIST_HELP = """列出隔离的消息：编号、渠道、到达时间、消息自己的时间。

\b
例：
  jielong quarantine list
"""
RELEASE_HELP = """放行隔离的消息，之后照常读取。

\b
例：
  jielong quarantine release 12 13
  jielong quarantine release --all
"""


@click.group(cls=Group, help=HELP, short_help="查看和放行时间不对的消息")
def quarantine() -> None:
    """The commands of the quarantine."""


@quarantine.command("list", cls=Command, help=LIST_HELP, short_help="列出隔离的消息")
def list_messages() -> None:
    """Print a line a message, separated by tabs."""
    with ready_rooms() as rooms, rooms.database.read() as session:
        found = intake.listed(session)
    for one in found:
        times = (_shown(one.arrived_at, rooms.settings.zone), _shown(one.sent_at, rooms.settings.zone))
        click.echo("\t".join((str(one.id), one.channel, *times)))


@quarantine.command(cls=Command, help=RELEASE_HELP, short_help="放行隔离的消息")
@click.argument("ids", metavar="[编号 …]", nargs=-1, type=click.IntRange(min=1))
@click.option("--all", "everything", is_flag=True, help="放行全部")
def release(ids: tuple[int, ...], *, everything: bool) -> None:
    """Let messages in."""
    if bool(ids) == everything:
        raise NotPossible("请写要放行的编号，或用 --all 放行全部")
    with ready_rooms() as rooms, rooms.database.write() as session:
        waiting = {one.id for one in intake.listed(session)}
        unknown = sorted(set(ids) - waiting)
        if unknown:
            raise NotPossible(f"没有这样的隔离消息：{'、'.join(map(str, unknown))}")
        count = rooms.inbox.release(session, sorted(waiting) if everything else sorted(set(ids)), clock.now())
    click.echo(f"已放行 {count} 条")


def _shown(instant: datetime | None, zone: ZoneInfo) -> str:
    return "没有" if instant is None else instant.astimezone(zone).isoformat(timespec="seconds")

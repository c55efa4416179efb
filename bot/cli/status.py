"""`jielong status`: what came in, what waits, what goes out."""

import json

import click

from bot import clock
from bot.cli.chinese import Command
from bot.cli.rooms import ready_rooms
from bot.counts.status import Status, status as status_now

HELP = """运行情况：收到、等待、已读、搁置、隔离、未绑定的消息数，以及待发消息数。

\b
例：
  jielong status
  jielong status --json
"""


@click.command(cls=Command, help=HELP, short_help="运行情况")
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 对象")
def status(*, as_json: bool) -> None:
    """Print the counts."""
    with ready_rooms() as rooms, rooms.database.read() as session:
        found = status_now(session, clock.now())
    click.echo(json.dumps(found.as_json(), ensure_ascii=False) if as_json else _readable(found))


def _readable(found: Status) -> str:
    inbox, outbox = found.inbox, found.outbox
    return (
        f"收到 {inbox.received} 条：等待 {inbox.waiting}，已读 {inbox.done}，搁置 {inbox.parked}\n"
        f"隔离 {inbox.quarantined} 条（时间不对，用 jielong quarantine list 查看）\n"
        f"未绑定的群聊 {inbox.unbound} 条（只计数）\n"
        f"待发 {outbox.due} 条，已发 {outbox.sent}，不明 {outbox.unknown}，放弃 {outbox.dead}\n"
        f"最久的一条已等 {found.oldest_waiting_s:.0f} 秒，数据库版本 {found.schema}"
    )

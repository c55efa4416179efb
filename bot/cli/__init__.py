"""The command line: `jielong COMMAND`. Every command is one file of this folder."""

import os

import click

from bot.cli.bind import bind
from bot.cli.chinese import Group
from bot.cli.demo import demo
from bot.cli.init import init
from bot.cli.missing import missing
from bot.cli.quarantine import quarantine
from bot.cli.records import records
from bot.cli.replay import replay
from bot.cli.roster import roster
from bot.cli.serve import serve, work
from bot.cli.status import status
from bot.logs import configure_logs
from bot.wiring import PRIVATE_UMASK

HELP = """接龙报平安：把班级群的健康接龙读成每人每天一条健康记录，找出未报的和要看一看的。

\b
例：
  jielong init --county 本溪县 --city 本溪市 --province 辽宁省 --since 2020-01-15 --risk-area 武汉市
  jielong roster import 名册.xlsx
  jielong serve
"""


@click.group(cls=Group, help=HELP)
def main() -> None:
    """The commands: what they log is JSON lines, what they make is their user's alone."""
    os.umask(PRIVATE_UMASK)
    configure_logs()


for command in (init, roster, bind, serve, work, records, missing, status, quarantine, replay, demo):
    main.add_command(command)

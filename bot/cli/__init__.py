"""The command line: `jielong COMMAND`. Every command stands in one file of this folder."""

import os
from importlib import import_module

import click

from bot.cli.chinese import Group
from bot.logs import configure_logs

PRIVATE_UMASK = 0o077  # files that this product makes are its own user's alone
COMMANDS = {  # name -> the file of this folder that has it
    "init": "init",
    "roster": "roster",
    "bind": "bind",
    "school": "school",
    "remind": "remind",
    "link": "link",
    "serve": "serve",
    "work": "serve",
    "schedule": "schedule",
    "records": "records",
    "missing": "missing",
    "digest": "digest",
    "status": "status",
    "quarantine": "quarantine",
    "replay": "replay",
    "demo": "demo",
}
HELP = """接龙报平安：把班级群的健康接龙读成每人每天一条健康记录，找出未报的和要看一看的。

\b
例：
  jielong init --county 本溪县 --city 本溪市 --province 辽宁省 --since 2020-01-15 --risk-area 武汉市
  jielong roster import 名册.xlsx
  jielong serve
"""


class Commands(Group):
    """The commands by name; a file is loaded when its command is asked for, so that a service is back sooner."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click has it
        """Their names, in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as click has it
        """The command of a name, None where there is none."""
        file = COMMANDS.get(cmd_name)
        if file is None:
            return None
        command = getattr(import_module(f"bot.cli.{file}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Commands, help=HELP)
def main() -> None:
    """The commands: what they log is JSON lines, what they make is their user's alone."""
    os.umask(PRIVATE_UMASK)
    configure_logs()

"""The command line: `jielong COMMAND`."""

import click

from bot.cli.replay import replay


@click.group(help="接龙报平安:把班级群的健康接龙读成每人每天一条记录。")
def main() -> None:
    """Every command is one file of this folder."""


main.add_command(replay)

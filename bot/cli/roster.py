"""`jielong roster`: a roster file is previewed, and written once somebody has confirmed it; the template for it."""

import sys
from pathlib import Path

import click
from tqdm import tqdm

from bot import clock
from bot.cli.chinese import Command, Group
from bot.cli.rooms import ready_rooms
from bot.cli.tables import Format, write_table
from bot.errors import NotPossible
from bot.roster import importing
from bot.roster.columns import COLUMNS, TITLES
from bot.roster.importing import ImportPlan, RosterFile
from bot.roster.remarks import Remark
from bot.roster.sheet import NOTES
from bot.wiring import Rooms

MANY_REMARKS = 50  # of each kind that are shown; a wrong column makes one a row

HELP = """导入和维护名册。

\b
例：
  jielong roster template --output 名册.xlsx
  jielong roster import 名册.xlsx
"""
IMPORT_HELP = """导入名册（.xlsx 或 UTF-8 的 .csv）：先预览，确认后才写入。

有错误时整个文件都不写入，并逐行说明原因；提醒不妨碍写入。
导入只增加和修改：文件里没有的成员不动，空格子不改动原来的值。同一个文件可以重复导入。

\b
例：
  jielong roster import 名册.xlsx
  jielong roster import 名册.csv --yes
"""
TEMPLATE_HELP = """给出名册模板。

\b
例：
  jielong roster template --output 名册.xlsx
  jielong roster template > 名册.csv
"""


@click.group(cls=Group, help=HELP, short_help="导入名册，取得模板")
def roster() -> None:
    """The commands of the roster."""


@roster.command("import", cls=Command, help=IMPORT_HELP, short_help="导入名册")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="不再询问，预览没有错误就写入")
def import_file(file: Path, *, yes: bool) -> None:
    """Preview a file and write it where that is confirmed."""
    read = importing.read_file(file)
    with ready_rooms() as rooms:
        _import(rooms, read, yes=yes)


def _import(rooms: Rooms, read: RosterFile, *, yes: bool) -> None:
    with rooms.database.read() as session:
        plan = importing.preview(session, read, rooms.keyring)
    _show(plan)
    if plan.errors:
        raise NotPossible(f"名册有 {len(plan.errors)} 处错误，什么也没有写入")
    if not plan.new and not plan.changed and not plan.new_groups:
        click.echo("名册没有变化，不用写入")
        return
    if not yes and not _confirmed():
        click.echo("没有写入；确认无误后请加 --yes 再运行")
        return
    _write(rooms, read)
    click.echo("已写入")


@roster.command("template", cls=Command, help=TEMPLATE_HELP, short_help="取得名册模板")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="写到这个文件（.xlsx 或 .csv）")
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx"]), help="格式；默认按文件名，没有文件名时为 csv")
def template(output: Path | None, kind: str | None) -> None:
    """Write the header, and in a workbook what each column means."""
    kind = kind or ("xlsx" if output and output.suffix.lower() == ".xlsx" else "csv")
    notes = [("列", "必填", "说明", "例子")] + [
        (column.title, "是" if column.needed else "", column.meaning, column.example) for column in COLUMNS
    ]
    write_table(Format(kind), TITLES, [], output, notes=(NOTES, notes), for_excel=True)


def _show(plan: ImportPlan) -> None:
    click.echo(
        f"预览：新增 {plan.new} 人，修改 {plan.changed} 人，不变 {plan.unchanged} 人；"
        f"新学校 {plan.new_schools} 所，新群 {plan.new_groups} 个"
    )
    if plan.untouched:
        click.echo(f"这些群里另有 {plan.untouched} 人不在文件中，保持不动")
    _show_remarks("提醒", plan.warnings)
    _show_remarks("错误", plan.errors)


def _show_remarks(kind: str, remarks: tuple[Remark, ...]) -> None:
    for remark in remarks[:MANY_REMARKS]:
        click.echo(f"{kind}：{remark.sentence}", err=True)
    if len(remarks) > MANY_REMARKS:
        click.echo(f"{kind}：另有 {len(remarks) - MANY_REMARKS} 处，没有列出", err=True)


def _confirmed() -> bool:
    """Whether somebody at a terminal says yes; without a terminal nobody does."""
    return sys.stdin.isatty() and click.confirm("写入吗？", prompt_suffix=" ")


def _write(rooms: Rooms, file: RosterFile) -> None:
    with tqdm(total=len(file.rows), desc="写入", unit="人", file=sys.stderr, disable=not sys.stderr.isatty()) as bar:
        for part in importing.by_school(file.rows):
            with rooms.database.write() as session:
                importing.write(session, part, rooms.keyring, clock.now())
            bar.update(len(part))

"""Commands that speak Chinese: help, and every error as one sentence on standard error with exit status 2."""

import difflib
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any, NoReturn

import click
import structlog

from bot.errors import Explained
from bot.logs import described
from models.database import is_contention, is_unavailable

log = structlog.get_logger()

ERROR = 2
BROKEN = 1
INTERRUPTED = 130  # 128 + SIGINT, as shells have it


class Command(click.Command):
    """A command whose help is Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """One line of usage."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="用法：")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What may follow the command's name."""
        return [piece.replace("[OPTIONS]", "[选项]") for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, each with its meaning."""
        rows = [row for row in (param.get_help_record(ctx) for param in self.get_params(ctx)) if row is not None]
        with formatter.section("选项"):
            formatter.write_dl([(option, _translated(words)) for option, words in rows])

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """--help, explained in Chinese."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示这段说明"
        return option


class Group(Command, click.Group):
    """Commands that have one name in common."""

    command_class = Command
    group_class = type  # groups within groups speak Chinese too

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the commands."""
        Command.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """What may follow the group's name."""
        return [piece.replace("COMMAND [ARGS]...", "命令 …") for piece in Command.collect_usage_pieces(self, ctx)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands, each with its short meaning."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("命令"):
            formatter.write_dl([(name, command.get_short_help_str(60)) for name, command in commands if command])

    def main(self, *args: Any, **extra: Any) -> NoReturn:  # noqa: ANN401 - as click has it
        """Run a command and end the process: 0, or 2 after one sentence that says what was wrong."""
        extra["standalone_mode"] = False
        try:
            status = super().main(*args, **extra)
        except click.Abort:
            click.echo("已中断", err=True)
            status = INTERRUPTED
        except click.ClickException as error:
            click.echo(sentence(error), err=True)
            status = ERROR
        except Explained as error:
            click.echo(str(error), err=True)
            status = ERROR
        except BrokenPipeError:  # who reads has seen enough: | head
            sys.stderr.close()
            status = 0
        except Exception as error:  # noqa: BLE001 - its words may hold what a family wrote
            if is_unavailable(error) or is_contention(error):
                click.echo("数据库现在打不开或正忙，请检查 JIELONG_DATABASE_URL 和磁盘空间，稍后再试", err=True)
                status = ERROR
            else:
                log.critical("unexpected", **described(error))
                click.echo("程序出错了，请把上一行日志交给维护人员", err=True)
                status = BROKEN
        sys.exit(status if isinstance(status, int) else 0)


def sentence(error: click.ClickException) -> str:
    """What the operator reads of a mistake on the command line."""
    match error:
        case click.NoSuchOption():
            words = f"没有选项 {error.option_name}{_nearest(error.possibilities)}"
        case click.NoSuchCommand():
            words = f"没有命令 {error.command_name}{_nearest(_commands_like(error))}"
        case click.MissingParameter():
            words = f"缺少 {_parameter(error)}"
        case click.BadParameter():
            words = f"{_parameter(error)} {_why(error)}"
        case click.BadOptionUsage():
            words = f"选项 {error.option_name} 后面缺少值或多了值"
        case click.exceptions.NoArgsIsHelpError():
            words = "缺少命令"
        case click.UsageError():
            words = "多了或少了参数"
        case click.FileError():
            return f"打不开文件 {error.ui_filename}"
        case _:
            return error.message  # one of ours, Chinese already
    return f"{words}，用 {error.ctx.command_path} --help 看用法" if error.ctx else words


def _commands_like(error: click.NoSuchCommand) -> Sequence[str]:
    """The names nearest to what was asked for, nearest first."""
    known = (
        error.ctx.command.list_commands(error.ctx) if error.ctx and isinstance(error.ctx.command, click.Group) else ()
    )
    return difflib.get_close_matches(error.command_name, known)


def _nearest(possibilities: Sequence[str] | None) -> str:
    return f"，最接近的是 {possibilities[0]}" if possibilities else ""


def _parameter(error: click.BadParameter) -> str:
    if error.param is None or error.ctx is None:
        return "参数"
    return error.param.opts[0] if isinstance(error.param, click.Option) else error.param.make_metavar(error.ctx)


def _why(error: click.BadParameter) -> str:
    match error.param and error.param.type:
        case click.Choice(choices=choices):
            return f"只能是 {'、'.join(choices)}"
        case click.IntRange(min=least, max=most):
            return f"要是 {least} 到 {most} 的整数" if most is not None else f"要是不小于 {least} 的整数"
        case click.types.IntParamType():
            return "要是整数"
        case click.Path():
            return "不存在，或不能读写"
        case _:
            return error.message  # of the types below, Chinese already


class Day(click.ParamType[date]):
    """A school-local date as ISO 8601 writes it."""

    name = "DATE"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date; a mistake is explained in Chinese."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail("不是日期，请写成 2020-02-19 这样", param, ctx)


class Name(click.ParamType[str]):
    """A name of a place, a school, a group: not blank, not longer than a column takes."""

    name = "TEXT"
    most_characters = 200

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name without blanks around it; a mistake is explained in Chinese."""
        text = str(value).strip()
        if not text or len(text) > self.most_characters or not text.isprintable():
            self.fail(f"不能为空，不能有控制字符，最长 {self.most_characters} 个字", param, ctx)
        return text


_WORDS = (("[required]", "[必填]"), ("; required]", "；必填]"), ("[default: ", "[默认 "))


def _translated(words: str) -> str:
    for english, chinese in _WORDS:
        words = words.replace(english, chinese)
    return words

"""How the command line speaks: help with an example, and every mistake as one Chinese sentence with exit status 2."""

import re
from collections.abc import Iterator

import click
import pytest

from bot.cli import main
from tests.cli.conftest import run


def commands(command: click.Command = main, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from commands(inner, (*path, name))


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    said = run(*path, "--help")
    assert (said.status, said.err) == (0, "")
    assert re.search(rf"例：\s*jielong {' '.join(path)}", said.out), said.out
    assert not re.search("Usage|Options|Commands|Show this|default:|required", said.out), said.out


MISTAKES = (
    ("", "缺少命令"),
    ("recrods", "没有命令 recrods，最接近的是 records"),
    ("roster improt", "没有命令 improt，最接近的是 import"),
    ("records", "缺少 --day"),
    ("records --day", "选项 --day 后面缺少值"),
    ("records --day 2020-13-01", "--day 不是日期，请写成 2020-02-19 这样"),
    ("records --day 昨天", "--day 不是日期"),
    ("records --day 2020-02-19 --format pdf", "--format 只能是 jsonl、csv、xlsx"),
    ("records --day 2020-02-19 --shcool x", "没有选项 --shcool，最接近的是 --school"),
    ("records --day 2020-02-19 多余", "多了或少了参数"),
    ("missing --day 2020-02-19", "缺少 --group"),
    ("bind", "缺少 CHANNEL"),
    ("bind wecom-robot KEY", "请说明群机器人发给谁"),
    ("bind wecom-robot KEY --bureau --school x", "--bureau 不能和"),
    ("roster import /absent.csv", "FILE 不存在"),
    ("quarantine release", "请写要放行的编号"),
    ("quarantine release 1 --all", "请写要放行的编号"),
    ("quarantine release x", "要是不小于 1 的整数"),
    ("init --county 演示县", "缺少 --city"),
    ("serve --port x", "--port 要是 1 到 65535 的整数"),
)


@pytest.mark.parametrize(("words", "sentence"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_a_mistake_is_one_sentence(words: str, sentence: str) -> None:
    said = run(*words.split())
    assert (said.status, said.out) == (2, "")
    assert sentence in said.err
    assert len(said.err.splitlines()) == 1
    assert not re.search("Error|Invalid|No such|Missing|Try ", said.err)

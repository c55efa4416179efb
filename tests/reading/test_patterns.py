"""No pattern of the reader costs much more than the length of what it reads, whatever somebody writes."""

import ast
import importlib
import pkgutil
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import pytest

import bot.reading
from bot.reading.rules import Rules

LONG = 2_000  # letters: the longest line that is read; compared with a quarter of it
GROWTH = 10  # how much more four times the text may take: 4 where the work is linear, 16 where it is quadratic
TOO_SHORT_TO_COMPARE = 0.003  # seconds of the processor: what others do on the machine does not count
LONGEST = 0.05  # seconds of the processor for one line
ROUNDS = 5
USES = frozenset(["search", "match", "fullmatch", "finditer", "findall", "split", "sub"])
FROM_THE_START = frozenset(["match", "fullmatch"])
UNITS = (
    " ", "\n", ",", "-", "(", "「", "《", "@", "1", "36.5 ", "1 月", "2月18日", "一", "李一王二",
    "无发热咳嗽、", "没有", "正常扣", "几个孩子", "嗓子有点", "体温:", "是否发热 ", "跟", "有无是否",
    "接触", "①", "a", "补报", "[(", "/ ", "名字=", "在家", "、 ",
)  # fmt: skip


def modules() -> list[str]:
    return [f"bot.reading.{module.name}" for module in pkgutil.iter_modules(bot.reading.__path__) if not module.ispkg]


def trees() -> dict[str, ast.Module]:
    """The room's modules as syntax trees."""
    folder = Path(bot.reading.__path__[0])
    return {name: ast.parse((folder / f"{name.split('.')[-1]}.py").read_text(encoding="utf-8")) for name in modules()}


def calls(tree: ast.Module) -> Iterator[tuple[str, str, ast.Call]]:
    """The calls `NAME.use(...)` of a module: name, use, the call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in USES:
            owner = node.func.value
            yield owner.id if isinstance(owner, ast.Name) else "", node.func.attr, node


@dataclass(frozen=True)
class Used:
    """A pattern, and whether it is looked for everywhere or at one place."""

    pattern: re.Pattern[str]
    everywhere: bool


def patterns() -> dict[str, Used]:
    """Every pattern of the room, by where it stands."""
    found: dict[str, Used] = {}
    everywhere: dict[str, bool] = {}
    for name, tree in trees().items():
        for owner, use, call in calls(tree):
            first = call.args[0] if call.args else None
            if owner != "re":
                everywhere[owner] = everywhere.get(owner, False) or use not in FROM_THE_START
            elif isinstance(first, ast.Constant) and isinstance(first.value, str):
                found[f"{name}:{call.lineno}"] = Used(re.compile(first.value), use not in FROM_THE_START)
    for name in modules():
        for attribute, value in vars(importlib.import_module(name)).items():
            for number, one in enumerate(value if isinstance(value, tuple) else (value,)):
                pattern = one._pattern if isinstance(one, Rules) else one
                if isinstance(pattern, re.Pattern):
                    found[f"{name}.{attribute}.{number}"] = Used(pattern, everywhere.get(attribute, True))
    return found


PATTERNS = patterns()


def seconds(used: Used, text: str) -> float:
    """The least time of some rounds in which the pattern is looked for in a text as the reader does."""
    times = []
    for _ in range(ROUNDS):
        began = process_time()
        if used.everywhere:
            deque(used.pattern.finditer(text), maxlen=0)
        else:
            used.pattern.fullmatch(text)
        times.append(process_time() - began)
        if times[0] < TOO_SHORT_TO_COMPARE:
            break
    return min(times)


def too_dear(used: Used, length: int = LONG) -> list[str]:
    """The units whose repetition costs a pattern more than their length allows."""
    found = []
    for unit in UNITS:
        short, long = (unit * length)[: length // 4], (unit * length)[:length]
        took = seconds(used, long)
        if took > LONGEST or (took > TOO_SHORT_TO_COMPARE and took > GROWTH * seconds(used, short)):
            found.append(unit)
    return found


def test_the_patterns_are_found() -> None:
    rooms = {name.removeprefix("bot.reading.").split(".")[0].split(":")[0] for name in PATTERNS}
    assert {"piece", "answer", "subject", "symptom", "temperature", "travel", "contact", "heading", "member"} <= rooms


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_costs_no_more_than_its_text(name: str) -> None:
    assert too_dear(PATTERNS[name]) == []


@pytest.mark.parametrize(
    ("hostile", "everywhere"), [(r"(?:\s+)+b", False), (r"\s*\(?\s*:", False), (r"[1b]*1*b\b", True), (r"\s*b", True)]
)
def test_a_pattern_that_costs_more_is_found(hostile: str, everywhere: bool) -> None:  # noqa: FBT001 -- a column
    assert too_dear(Used(re.compile(hostile), everywhere), length=22 if "+)+" in hostile else LONG)

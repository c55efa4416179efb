"""The fold over a group's log: (state, input) -> (state, what is new).

Pure; the worker and `jielong replay` share it.
"""

from collections.abc import Iterable, Set as AbstractSet
from dataclasses import dataclass

from bot.reading.line import lines_of
from bot.reading.normalise import Text
from bot.reading.reader import Reader
from bot.reading.scene import Message, Scene
from bot.reading.state import GroupState, Step, forget, read_order
from bot.reading.statement import Reading, Unclear

__all__ = ["GroupState", "Step", "Told", "fold", "read_order", "step"]


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that a sequence of messages says."""

    state: GroupState
    readings: tuple[Reading, ...]
    unclear: tuple[Unclear, ...]  # those that still wait
    settled: AbstractSet[str] = frozenset()  # keys of Unclear from before the sequence that it answers


MOST_LINES = 500
"""Numbered lines of a message that is read, and as many others: a WeChat group holds 500 people (Tencent's limit), and
a chain gives each a line, below its heading."""
LONGEST_LINE = 2_000
"""Letters of a line that is read: this project's own bound, ten times what anybody writes of a person on a day, and
still read in some hundredths of a second."""


def step(state: GroupState, message: Message, scene: Scene) -> Step:
    """Read one message after all earlier ones; one beyond the bounds is for a person, and nothing is read from it."""
    reader = Reader(forget(state, message.at), message, scene)
    return reader.refuse() if _is_beyond_bounds(reader.text) else reader.step()


def _is_beyond_bounds(text: Text) -> bool:
    lines = text.norm.split("\n")
    if max(map(len, lines)) > LONGEST_LINE:
        return True
    count = len(lines) - text.raw.count("\r\n")  # each of these became two line ends
    if count <= MOST_LINES:
        return False
    numbered = sum(bool(line.number) for line in lines_of(text.norm, 0, len(text.norm)))
    return max(numbered, count - numbered) > MOST_LINES


def fold(messages: Iterable[Message], scene: Scene, state: GroupState | None = None) -> Told:
    """Read messages, given in any order, from `state` or from nothing.

    All of them must come after those that `state` has read (`state.last`); else start again from nothing.
    """
    state = GroupState() if state is None else state
    readings: list[Reading] = []
    waiting: dict[str, Unclear] = {}
    settled: set[str] = set()
    for message in sorted(messages, key=read_order):
        done = step(state, message, scene)
        state = done.state
        readings.extend(done.readings)
        for key in done.settled:
            if waiting.pop(key, None) is None:
                settled.add(key)
        waiting.update((unclear.key, unclear) for unclear in done.unclear)
    return Told(state, tuple(readings), tuple(waiting.values()), frozenset(settled))

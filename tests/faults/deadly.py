"""A reader that some texts kill or hold, as a text might that reaches a fault in the interpreter or a library."""

import os
import re

from bot import pipeline, worker
from bot.reading.fold import GroupState, Step, step
from bot.reading.scene import Message, Scene

ABORTS = "致命"
RAISES = "出错"
HOLDS = "不放"  # the interpreter itself, so that no other thread of the reader runs


def deadly_step(state: GroupState, message: Message, scene: Scene) -> Step:
    """Read a message, unless it is one of those."""
    if ABORTS in message.text:
        os.abort()
    if RAISES in message.text:
        raise RecursionError(message.text)
    if HOLDS in message.text:
        re.match(r"(a+)+b", "a" * 60)
    return step(state, message, scene)


if __name__ == "__main__":
    pipeline.step = deadly_step  # type: ignore[attr-defined]
    worker.main()

"""What is too much to be read is for a person, whole; and what is just not too much is read in seconds."""

from time import process_time

import pytest

from bot.reading.fold import LONGEST_LINE, MOST_LINES, GroupState, Step, step
from bot.reading.scene import Message
from bot.reading.statement import Span
from models.vocabulary import Reason
from tests.reading.scenes import CLASS, MORNING

CHAIN = "#接龙\n2月20日体温\n"
LARGEST = 256 * 1024  # bytes of a request: no message is larger
SECONDS = 6  # of the processor, for the largest message; about 1.5 as a rule


def read(text: str) -> Step:
    return step(GroupState(), Message("m1", MORNING, "李雷妈妈", None, text), CLASS)


@pytest.mark.parametrize(
    "text",
    [
        CHAIN + "\n".join(["1. 李雷 36.5"] * (MOST_LINES + 1)),
        CHAIN + "1. 李雷 38.2 " + "好" * LONGEST_LINE,
        "李雷 36.5\r\n" * MOST_LINES,
        "\ufdfa" * LONGEST_LINE * 2,
        "\n" * LARGEST,
        "李雷 38.2\n" + "\u0301" * LARGEST + "好" * (LONGEST_LINE + 1),
    ],
    ids=["lines", "letters", "pairs of line ends", "signs that unfold", "blank lines", "marks"],
)
def test_a_message_beyond_the_bounds_is_one_question_over_its_whole_text(text: str) -> None:
    found = read(text)
    assert [(one.reason, one.span, set(one.members)) for one in found.unclear] == [
        (Reason.UNREADABLE, Span(0, len(text)), {0})
    ]
    assert found.readings == ()
    assert found.state.documents == ()


@pytest.mark.parametrize(
    "text",
    [
        CHAIN + "\n".join(["1. 李雷 36.5"] * MOST_LINES),
        "1. 李雷 36.5" + "\r\n" * (MOST_LINES - 1),
        "李雷 36.5" + " " * (LONGEST_LINE - 7),
        "李雷 36.5" + "\u0301" * LARGEST,
    ],
    ids=["lines", "pairs of line ends", "letters", "marks"],
)
def test_a_message_within_the_bounds_is_read(text: str) -> None:
    found = read(text)
    assert found.unclear == ()
    assert [reading.member for reading in found.readings] == [0]


def filled(unit: str) -> str:
    """A chain as large as a request may be, each entry a whole line of one thing said over and over."""
    line = (unit * LONGEST_LINE)[: LONGEST_LINE - 20]
    entries = LARGEST // len(line.encode())
    return CHAIN + "\n".join(f"{number}. 李雷{line}{number}" for number in range(1, entries))


@pytest.mark.parametrize("unit", ["36.5 ", "咳嗽", "没", "「", "1 月", "确诊"])
def test_the_largest_message_is_read_in_seconds(unit: str) -> None:
    began = process_time()
    read(filled(unit))
    assert process_time() - began < SECONDS

"""One way of writing, and the way back."""

import time

import pytest
from hypothesis import given, strategies as st

from bot.reading.normalise import normalise


@pytest.mark.parametrize(
    ("raw", "norm"),
    [
        ("３６．５℃", "36.5°C"),
        ("張三，體溫", "张三,体温"),
        ("李\u200b雷\ufeff", "李雷"),
        ("无\u202e热", "无热"),
        ("①36.5②无", "①36.5②无"),
        ("李雷　36.5\t好", "李雷 36.5 好"),
        ("á̖", "á"),
        ("ﷺ", "ﷺ"),
        ("a\ud800b", "a\ufffdb"),
        ("一\r\n二", "一\n\n二"),
    ],
)
def test_one_form_for_many(raw: str, norm: str) -> None:
    assert normalise(raw).norm == norm


@given(st.text(alphabet=st.characters(), max_size=200))
def test_every_character_knows_where_it_came_from(raw: str) -> None:
    text = normalise(raw)
    assert len(text.origin) == len(text.norm) + 1
    assert list(text.origin) == sorted(text.origin)
    assert text.origin[-1] == len(raw)
    for position in range(len(text.norm)):
        span = text.span(position, position + 1)
        assert 0 <= span.start < span.end <= len(raw)


def test_a_bomb_of_marks_is_linear() -> None:
    began = time.process_time()
    normalise("a\u0301\u0316" * 70_000)
    assert time.process_time() - began < 3

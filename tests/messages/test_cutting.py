"""Lists that must fit."""

from collections.abc import Sequence

import pytest
from hypothesis import given, strategies as st

from bot.messages.cutting import cut, shares, text_bytes

TABLE: Sequence[tuple[list[str], int, str]] = (
    (["甲校", "、乙校"], 15, "甲校、乙校"),
    (["甲校", "、乙校"], 14, "甲校等2所"),
    (["甲校", "、乙校"], 13, "甲校等2所"),
    (["甲校", "、乙校"], 12, "等2所"),
    ([], 0, ""),
)


@pytest.mark.parametrize(("entries", "most", "text"), TABLE)
def test_cut(entries: list[str], most: int, text: str) -> None:
    assert cut(entries, most, of_all="等2所") == text


@given(st.lists(st.text(min_size=1, max_size=8), max_size=20), st.integers(10, 200))
def test_what_is_cut_ends_between_entries(entries: list[str], most: int) -> None:
    text = cut(entries, most, of_all="等9所")
    assert text_bytes(text) <= max(most, text_bytes("等9所"))
    starts = ["".join(entries[:kept]) for kept in range(len(entries) + 1)]
    assert text in {starts[-1], *(f"{start}等9所" for start in starts)}


@given(st.lists(st.integers(0, 500), max_size=6), st.integers(-10, 900))
def test_shares(wanted: list[int], most: int) -> None:
    given_ = shares(wanted, most)
    assert sum(given_) <= max(most, 0)
    assert all(got <= want for got, want in zip(given_, wanted, strict=True))
    if sum(wanted) <= max(most, 0):
        assert given_ == wanted
    else:
        hungry = [got for got, want in zip(given_, wanted, strict=True) if got < want]
        assert max(given_) - min(hungry) <= 1

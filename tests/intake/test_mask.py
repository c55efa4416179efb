"""ID-card and phone numbers are hidden, character for character; nothing else is."""

import pytest
from hypothesis import given, strategies as st

from bot.intake.mask import masked


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("电话13900000000", "电话***********"),
        ("139 0000 0000 妈妈", "*** **** **** 妈妈"),
        ("139-0000-0000", "***-****-****"),
        ("１３９００００００００", "***********"),
        ("身份证210000200001010011", "身份证******************"),
        ("21000020000101001X", "******************"),
        ("21000020000101001x。", "******************。"),
        ("李雷 36.5 12月3日", "李雷 36.5 12月3日"),  # no number of a person
        ("+8613900000000", "+*************"),
        ("008613900000000 妈妈", "*************** 妈妈"),
        ("139.0000.0000", "***.****.****"),
        ("139—0000—0000", "***—****—****"),
        ("210000 20000101 0011", "****** ******** ****"),
        ("1 李雷 2020-04-14 2020-04-15 36.5", "1 李雷 2020-04-14 2020-04-15 36.5"),
        ("36-5 36-6 36-7 36-8 36-5 36-6", "36-5 36-6 36-7 36-8 36-5 36-6"),
        ("13 36.5 14 36.6 15 36.7", "13 36.5 14 36.6 15 36.7"),
        ("学号2020021812345", "学号2020021812345"),  # thirteen digits are neither
        ("12345678901", "12345678901"),  # no mobile number begins with 12
        ("36.5,36.6,36.7,36.8,36.9", "36.5,36.6,36.7,36.8,36.9"),
    ],
)
def test_numbers_of_people_are_hidden(text: str, stored: str) -> None:
    assert masked(text) == stored


@given(st.text())
def test_offsets_stay(text: str) -> None:
    stored = masked(text)
    assert len(stored) == len(text)
    assert all(new in (old, "*") for old, new in zip(text, stored, strict=True))


@given(st.from_regex(r"[^0-9０-９]1[3-9][0-9]{9}[^0-9０-９]", fullmatch=True))
def test_no_mobile_number_is_stored(text: str) -> None:
    assert not any(character.isdecimal() for character in masked(text)[1:-1])

"""A stolen file names nobody; a changed or foreign value is noticed."""

import pytest
from hypothesis import given, strategies as st

from models.sealing import CannotOpen, Keyring

SECRET = b"a made-up secret of the tests, 32 bytes and more"
RING = Keyring.of(SECRET)


@given(st.text())
def test_what_is_sealed_can_be_opened(text: str) -> None:
    text = text.encode("utf-8", "replace").decode()
    sealed = RING.seal(text)
    assert RING.open(sealed) == text
    assert sealed != RING.seal(text), "equal texts are not seen to be equal"


def test_the_words_are_not_in_it() -> None:
    assert "卡纳丽".encode() not in RING.seal("卡纳丽测试甲 36.5")


@pytest.mark.parametrize("place", [0, 4, 16, -1], ids=["key id", "nonce", "text", "tag"])
def test_a_changed_value_is_noticed(place: int) -> None:
    sealed = bytearray(RING.seal("李雷"))
    sealed[place] ^= 1
    with pytest.raises(CannotOpen):
        RING.open(bytes(sealed))


def test_values_of_a_retired_key_can_be_opened() -> None:
    old = RING.seal("李雷")
    new = Keyring.of(b"another made-up secret of the tests, long", retired=[SECRET])
    assert new.open(old) == "李雷"
    assert new.seal("李雷")[:4] != old[:4]
    with pytest.raises(CannotOpen):
        Keyring.of(b"another made-up secret of the tests, long").open(old)


def test_digests_find_without_telling() -> None:
    assert RING.digest("name", "李雷") == RING.digest("name", "李雷")
    assert RING.digest("name", "李雷") != RING.digest("number", "李雷")
    assert RING.digest("a", "bc") != RING.digest("ab", "c"), "parts cannot run into one another"
    assert RING.digest("a") != Keyring.of(b"x" * 32).digest("a"), "nobody without the key can try names"


def test_keys_are_not_shown() -> None:
    assert "AESGCM" not in repr(RING)
    assert RING.lookup.hex() not in repr(RING)
    assert repr(RING.lookup) not in repr(RING)

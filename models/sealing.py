"""Sealing at rest: values that name people are stored encrypted, and are looked up by a keyed digest.

AES-256-GCM; a sealed value is key id (4 bytes) + nonce (12) + ciphertext and tag. The key id is the beginning of the
key's own SHA-256, so that a value tells which key opens it and a wrong key is noticed before anything is decrypted.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

KEY_ID_BYTES = 4
NONCE_BYTES = 12
DIGEST_BYTES = 16


class CannotOpen(Exception):
    """A sealed value belongs to another key, or was changed."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys that open the database; the current one seals, all open."""

    sealing: Mapping[bytes, AESGCM] = field(repr=False)
    current: bytes
    lookup: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes, retired: Sequence[bytes] = ()) -> "Keyring":
        """The keys derived from the deployment's secret; values sealed under `retired` secrets can still be opened."""
        keys = [_derive(one, b"jielong sealing") for one in (secret, *retired)]
        ids = [hashlib.sha256(key).digest()[:KEY_ID_BYTES] for key in keys]
        sealing = {key_id: AESGCM(key) for key_id, key in zip(ids, keys, strict=True)}
        return cls(sealing=sealing, current=ids[0], lookup=_derive(secret, b"jielong lookup"))

    def seal(self, text: str) -> bytes:
        """The text, readable only with the current key."""
        nonce = os.urandom(NONCE_BYTES)
        return self.current + nonce + self.sealing[self.current].encrypt(nonce, text.encode(), None)

    def open(self, sealed: bytes) -> str:
        """The text of a sealed value; raises CannotOpen."""
        key = self.sealing.get(bytes(sealed[:KEY_ID_BYTES]))
        if key is None:
            raise CannotOpen("sealed with a key that is not on the ring")
        nonce = sealed[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES]
        try:
            return key.decrypt(nonce, sealed[KEY_ID_BYTES + NONCE_BYTES :], None).decode()
        except InvalidTag:
            raise CannotOpen("the sealed value was changed") from None

    def digest(self, *parts: str) -> bytes:
        """A keyed digest to look a value up by; the parts cannot run into one another."""
        mac = hmac.new(self.lookup, digestmod=hashlib.sha256)
        for part in parts:
            encoded = part.encode()
            mac.update(len(encoded).to_bytes(4, "big"))
            mac.update(encoded)
        return mac.digest()[:DIGEST_BYTES]


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret)


_rings: WeakKeyDictionary[Dialect, Keyring] = WeakKeyDictionary()


def give_keys(dialect: Dialect, keyring: Keyring) -> None:
    """Let the sealed columns of one opened database use these keys."""
    _rings[dialect] = keyring


class SealedText(TypeDecorator[str]):
    """A text that names somebody: str in Python, AES-GCM bytes in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal on the way in."""
        return None if value is None else _rings[dialect].seal(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open on the way out."""
        return None if value is None else _rings[dialect].open(value)

"""WeChat's encrypted callbacks, opened behind our own guard.

wechatpy 1.8.18 knows cipher and signature but does not guard: it compares signatures with `!=`, sets no time window,
leaves the padding unchecked and raises eight kinds of exceptions on bad input. So its cipher and its signer are used,
and the checks are made here, in this order: shape of the parameters, size and one Encrypt (`body.py`), signature, time
window, decryption, padding, receiver. Replays are refused by the unique insert of `intake`.

The signature is sha1 of token, timestamp, nonce and Encrypt, sorted and joined without separators: one signature fits
several splits into timestamp and nonce. The shapes leave no more than the two swapped, hence a replay is known
by the message that it holds, never by timestamp and nonce.
Format: developer.work.weixin.qq.com, document 90968 (加解密方案说明).
"""

import base64
import binascii
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from wechatpy.enterprise.crypto import PrpCrypto, WeChatCrypto
from wechatpy.utils import WeChatSigner

from bot.channels.protocol import Pairs
from bot.errors import Malformed, NotAuthentic

WINDOW = timedelta(seconds=300)
BLOCK_BYTES = 32  # the padding is of 32-byte blocks, not of the 16 of AES
RANDOM_BYTES = 16  # stand before the message
LENGTH_BYTES = 4  # then its length, big-endian; after the message comes the receiver's id
MAX_ECHO_CHARS = 256

_TIMESTAMP = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"[0-9A-Za-z_-]{1,64}")
_SIGNATURE = re.compile(r"[0-9a-f]{40}")
_MESSAGE = re.compile(r"[\s\ufeff]*(?:<\s*(?:xml|[?!])|\{)")  # how the plain text of a message may begin

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Opened(Generic[T]):
    """What a callback held, and whether its signature is fresh."""

    content: T = field(repr=False)
    stale: bool
    """The signature's timestamp lies outside the window; the content is authentic all the same."""


class Envelope:
    """Opens the callbacks of one WeChat application: its token, its EncodingAESKey, and its own id as the receiver."""

    def __init__(self, token: str, aes_key: str, receiver: str) -> None:
        """`receiver`: the corp id; empty for a WeCom bot. The settings have checked that token and key are strong."""
        if not token:
            raise ValueError("an empty token would let anybody sign")
        self._token = token
        self._receiver = receiver.encode()
        self._cipher = PrpCrypto(WeChatCrypto(token, aes_key, receiver).key).cipher

    def open(self, query: Pairs, encrypted: Callable[[], str], read: Callable[[str], T], now: datetime) -> Opened[T]:
        """What `read` makes of the decrypted text.

        `encrypted` takes the one Encrypt out of the body and may raise Malformed; it is asked after the parameters have
        been looked at. Where `read` raises Malformed, NotAuthentic is raised: who may alter a ciphertext must not learn
        how far it got.
        """
        signed = _Signed.of(query)
        sealed = encrypted()
        self._check(signed, sealed)
        try:
            content = read(self._decrypt(sealed))
        except Malformed:
            raise NotAuthentic from None
        return Opened(content, stale=is_stale(signed.timestamp, now))

    def echo(self, query: Pairs) -> str:
        """The plain text of the echostr that the platform asks for when it checks the address; raises NotAuthentic.

        The signature is made as that of a message, so that a captured message would be decrypted for whoever asks:
        plain texts that look like one are refused. No time window: a wrong clock must not hinder the setting up.
        """
        signed = _Signed.of(query)
        sealed = one(query, "echostr")
        self._check(signed, sealed)
        plain = self._decrypt(sealed)
        if len(plain) > MAX_ECHO_CHARS or _MESSAGE.match(plain):
            raise NotAuthentic
        return plain

    def _check(self, signed: "_Signed", sealed: str) -> None:
        signer = WeChatSigner()
        signer.add_data(self._token, signed.timestamp, signed.nonce, sealed.encode(errors="replace"))
        if not hmac.compare_digest(signer.signature.encode(), signed.signature.encode()):
            raise NotAuthentic

    def _decrypt(self, sealed: str) -> str:
        try:
            ciphertext = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):  # ValueError: not ASCII
            raise NotAuthentic from None
        if not ciphertext or len(ciphertext) % BLOCK_BYTES:
            raise NotAuthentic
        padded: bytes = self._cipher.decrypt(ciphertext)
        padding = padded[-1]
        if not 1 <= padding <= BLOCK_BYTES or padded[-padding:] != bytes([padding]) * padding:
            raise NotAuthentic
        plain = padded[RANDOM_BYTES:-padding]
        length = int.from_bytes(plain[:LENGTH_BYTES], "big")
        message, receiver = plain[LENGTH_BYTES : LENGTH_BYTES + length], plain[LENGTH_BYTES + length :]
        if len(plain) < LENGTH_BYTES or len(message) != length or receiver != self._receiver:
            raise NotAuthentic
        try:
            return message.decode()
        except UnicodeDecodeError:
            raise NotAuthentic from None


def one(pairs: Pairs, name: str) -> str:
    """The value of a name that stands exactly once; raises NotAuthentic."""
    values = [value for key, value in pairs if key == name]
    if len(values) != 1:
        raise NotAuthentic
    return values[0]


def shaped(value: str, shape: re.Pattern[str]) -> str:
    """The value, if the whole of it has the shape; raises NotAuthentic."""
    if not shape.fullmatch(value):
        raise NotAuthentic
    return value


def timestamp(value: str) -> str:
    """The value, if it is a timestamp in seconds: ten digits; raises NotAuthentic."""
    return shaped(value, _TIMESTAMP)


def is_stale(seconds: str, now: datetime) -> bool:
    """Whether a signature's timestamp is further from now than the window, before or after."""
    return abs(now - datetime.fromtimestamp(int(seconds), UTC)) > WINDOW


@dataclass(frozen=True, slots=True)
class _Signed:
    """The parameters of a callback, each there once and in its shape."""

    timestamp: str
    nonce: str
    signature: str

    @classmethod
    def of(cls, query: Pairs) -> "_Signed":
        return cls(
            timestamp=timestamp(one(query, "timestamp")),
            nonce=shaped(one(query, "nonce"), _NONCE),
            signature=shaped(one(query, "msg_signature"), _SIGNATURE),
        )

"""WeChat's encrypted callbacks, opened behind our own guard.

wechatpy 1.8.18 knows the ciphers but does not guard: it compares signatures with `!=`, sets no time window, leaves the
padding unchecked and raises eight kinds of exceptions on bad input. So its cipher and its signer are used, and the checks
are made here, in this order: size and one Encrypt (`body.py`), shape of the parameters, signature, time window,
decryption, padding, receiver. The unique insert of `intake` refuses replays, by the message's identity.

The signature is sha1(sorted(token, timestamp, nonce, encrypt) joined without separators): one signature therefore fits
several splits into timestamp and nonce. The shapes leave only both swapped; the key of replays is the signature itself.
Format: developer.work.weixin.qq.com, document 90968 (加解密方案说明).
"""

import base64
import binascii
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.utils import WeChatSigner

from bot.channels.protocol import Pairs
from bot.errors import NotAuthentic

WINDOW = timedelta(seconds=300)
MAX_ECHO_CHARS = 256
BLOCK_BYTES = 32  # PKCS#7 here pads to 32, not to the 16 of AES
RANDOM_BYTES = 16  # before the message, to make equal messages differ
LENGTH_BYTES = 4  # big-endian

TIMESTAMP = re.compile(r"[0-9]{10}")
_NONCE = re.compile(r"[0-9A-Za-z_-]{1,64}")
_SIGNATURE = re.compile(r"[0-9a-f]{40}")

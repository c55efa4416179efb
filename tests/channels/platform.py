"""The other side: what WeChat and a gateway send, signed and encrypted as they do it."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook
from wechatpy.crypto.base import WeChatCipher
from wechatpy.utils import WeChatSigner

from bot.channels.guard import Envelope
from bot.channels.wecom_app import WecomApp
from bot.channels.wecom_bot import WecomBot

WIRE = Path(__file__).parents[1] / "wire"
SIGNED_AT = 1581984065  # of every sample: 2020-02-18 08:01:05 +08:00
NOW = datetime.fromtimestamp(SIGNED_AT, UTC)
NONCE = "1597212914"

TOKEN = "SanNianErBan2020"
AES_KEY = "Wd8/GjF8Edd941zqoUZtSN3KpPhZU1BMf8MwkBHBJpo"
CORP_ID = "wwd0c0ffee00000001"
GATEWAY_SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()

Pairs = list[tuple[str, str]]


def sample(name: str) -> Any:  # noqa: ANN401 - whatever the file holds
    """A sample of the wire."""
    return json.loads((WIRE / name).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Callback:
    """The parameters and the body of one request."""

    query: Pairs
    body: bytes

    def value(self, name: str) -> str:
        """A parameter."""
        return dict(self.query)[name]

    def but(self, **changed: str | None) -> "Callback":
        """The same with other parameters; None leaves one out."""
        query = dict(self.query) | changed
        return Callback([(name, value) for name, value in query.items() if value is not None], self.body)


@dataclass(frozen=True, slots=True)
class WeChat:
    """One WeChat application as its platform knows it."""

    token: str = TOKEN
    aes_key: str = AES_KEY
    receiver: str = CORP_ID
    key: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", base64.b64decode(self.aes_key + "="))

    @property
    def envelope(self) -> Envelope:
        """What the product makes of the same settings."""
        return Envelope(self.token, self.aes_key, self.receiver)

    def padded(self, message: bytes, receiver: str | None = None, length: int | None = None) -> bytes:
        """The plain text before encryption; `length` may lie."""
        told = len(message) if length is None else length
        plain = secrets.token_bytes(16) + told.to_bytes(4, "big") + message
        plain += (self.receiver if receiver is None else receiver).encode()
        padding = 32 - len(plain) % 32
        return plain + bytes([padding]) * padding

    def sealed(self, message: str, receiver: str | None = None) -> str:
        """The Encrypt of a message."""
        return self.encrypted(self.padded(message.encode(), receiver))

    def encrypted(self, padded: bytes) -> str:
        """The Encrypt of a plain text that is padded already."""
        return base64.b64encode(WeChatCipher(self.key).encrypt(padded)).decode()

    def signed(self, sealed: str, timestamp: int | str = SIGNED_AT, nonce: str = NONCE) -> Pairs:
        """The parameters that sign an Encrypt."""
        signer = WeChatSigner()
        signer.add_data(self.token, str(timestamp), nonce, sealed)
        return [("msg_signature", signer.signature), ("timestamp", str(timestamp)), ("nonce", nonce)]

    def xml(self, message: str, timestamp: int = SIGNED_AT) -> Callback:
        """A callback of a self-built app."""
        return self.xml_of(self.sealed(message), timestamp)

    def xml_of(self, sealed: str, timestamp: int = SIGNED_AT) -> Callback:
        """A callback of a self-built app with this very Encrypt, rightly signed."""
        body = f"<xml><ToUserName><![CDATA[{self.receiver}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return Callback(self.signed(sealed, timestamp), body.encode())

    def json(self, message: Mapping[str, object], timestamp: int = SIGNED_AT) -> Callback:
        """A callback of a bot."""
        sealed = self.sealed(json.dumps(message))
        return Callback(self.signed(sealed, timestamp), json.dumps({"encrypt": sealed}).encode())


APP = WeChat()
BOT = WeChat("aibotToken2020", "36NIXrmmfCP54T4UEO0cKk2WrRFD1g5YTOtu34dsbEY", "")
THE_APP = WecomApp(APP.envelope)
THE_BOT = WecomBot(BOT.envelope)


def text_xml(content: str = "李雷 36.5", sender: str = "linxt", extra: str = "") -> str:
    """A text message to the app, before encryption."""
    return (
        f"<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>1581984062</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{content}]]></Content>"
        f"<MsgId>7308412345678901234</MsgId><AgentID>1000002</AgentID>{extra}</xml>"
    )


def gateway_headers(
    body: bytes, secret: str = GATEWAY_SECRET, timestamp: int = SIGNED_AT, webhook_id: str = "msg-1"
) -> Pairs:
    """The headers that sign a gateway's body."""
    signature = Webhook(secret).sign(webhook_id, datetime.fromtimestamp(timestamp, UTC), body.decode())
    return [("webhook-id", webhook_id), ("webhook-timestamp", str(timestamp)), ("webhook-signature", signature)]

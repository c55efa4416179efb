"""The project's own JSON, signed by Standard Webhooks: for gateways that bring messages of personal WeChat.

One secret a gateway; the channel's name holds the gateway's, so a gateway can speak only for the chats bound to it.
Body: `{"id", "chat_id", "sender_id", "sender_name", "sent_at" (ISO 8601), "kind": "text", "text"}`.
Signature: standardwebhooks.com, specification 1.0.0. The library's own check refuses old timestamps, and so
cannot tell a wrong clock from a wrong signature: here it signs, and what it signs is compared.
"""

import hmac
import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from standardwebhooks import Webhook

from bot.channels.body import json_object, storable, text_of
from bot.channels.guard import is_stale, one, shaped, timestamp
from bot.channels.protocol import Channel, Decoded, Incoming, Kind, Pairs
from bot.errors import Malformed, NotAuthentic
from bot.settings import Settings

MAX_ID_CHARS = 256
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)  # beyond: seconds and milliseconds taken for one another

_WEBHOOK_ID = re.compile(r"[\x21-\x7e]{1,256}")
_SIGNATURES = re.compile(r"[\x20-\x7e]{1,1024}")  # one or more, divided by spaces, while a secret is changed
_KINDS = {"text": Kind.TEXT, "image": Kind.IMAGE, "event": Kind.EVENT}


def build(settings: Settings) -> list[Channel]:
    """A channel for each gateway that has a secret."""
    return [Gateway(name, secret.get_secret_value()) for name, secret in settings.gateway_secrets.items()]


def _instant(value: object) -> datetime:
    at = datetime.fromisoformat(value if isinstance(value, str) else "")
    if at.tzinfo is None or not EARLIEST <= at < LATEST:
        raise ValueError("no offset, or no time of this century")
    return at.astimezone(UTC)


_Id = Annotated[str, Field(min_length=1, max_length=MAX_ID_CHARS)]


class _Message(BaseModel):
    """The body; names that it does not know are left unread."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    id: _Id
    chat_id: _Id
    sender_id: _Id
    sender_name: Annotated[str, Field(max_length=MAX_ID_CHARS)] | None = Field(default=None, repr=False)
    sent_at: Annotated[datetime, BeforeValidator(_instant)]
    kind: _Id
    text: str | None = Field(default=None, repr=False)


class Gateway:
    """The callback of one gateway."""

    def __init__(self, name: str, secret: str) -> None:
        """`secret`: whsec_ and base64."""
        self.name = f"gateway/{name}"
        self._webhook = Webhook(secret)

    def decode(self, headers: Pairs, query: Pairs, body: bytes, now: datetime) -> Decoded:  # noqa: ARG002 - other channels sign in the query
        """The message of a callback."""
        text = text_of(body)
        stale = self._checked(headers, text, now)
        message = _read(text)
        kind = _KINDS.get(message.kind, Kind.OTHER)
        incoming = Incoming(
            channel=self.name,
            chat=message.chat_id,
            platform_id=message.id,
            sender=message.sender_id,
            sender_name=message.sender_name or None,
            sent_at=message.sent_at,
            kind=kind,
            text=(message.text or "") if kind is Kind.TEXT else "",
            quoted=None,
            stale=stale,
        )
        return Decoded((incoming,))

    def _checked(self, headers: Pairs, text: str, now: datetime) -> bool:
        """Whether the request, rightly signed, is stale; raises NotAuthentic."""
        lower = [(name.lower(), value) for name, value in headers]
        webhook_id = shaped(one(lower, "webhook-id"), _WEBHOOK_ID)
        seconds = timestamp(one(lower, "webhook-timestamp"))
        given = shaped(one(lower, "webhook-signature"), _SIGNATURES)
        right = self._webhook.sign(webhook_id, datetime.fromtimestamp(int(seconds), UTC), text)
        matches = [hmac.compare_digest(right.encode(), candidate.encode()) for candidate in given.split(" ")]
        if not any(matches):
            raise NotAuthentic
        return is_stale(seconds, now)


def _read(text: str) -> _Message:
    fields = {name: storable(value) if isinstance(value, str) else value for name, value in json_object(text).items()}
    try:
        message = _Message.model_validate(fields)
    except ValidationError:
        raise Malformed("body is not the gateway's JSON") from None
    if message.kind == Kind.TEXT and message.text is None:
        raise Malformed("a text without text")
    return message

"""企业微信自建应用: a member writes to the app, one to one. Encrypted XML; groups never arrive here.

Formats: developer.work.weixin.qq.com, documents 90238 (回调), 90239 (消息), 90240 (事件).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.channels.body import storable, text_of, xml_fields
from bot.channels.guard import Envelope, Opened
from bot.channels.protocol import Channel, Decoded, Incoming, Kind, Pairs, userid
from bot.errors import Malformed
from bot.settings import Settings

NAME = "wecom-app"

_SECONDS = re.compile(r"[0-9]{1,10}")
_KINDS = {"text": Kind.TEXT, "image": Kind.IMAGE, "event": Kind.EVENT}
_EVENT_FIELDS = ("CreateTime", "FromUserName", "Event", "TaskId", "EventKey")  # two clicks fit in one second


def build(settings: Settings) -> list[Channel]:
    """The channel, if its secrets are set."""
    if not (settings.wecom_corp_id and settings.wecom_app_token and settings.wecom_app_aes_key):
        return []
    token, aes_key = settings.wecom_app_token.get_secret_value(), settings.wecom_app_aes_key.get_secret_value()
    return [WecomApp(Envelope(token, aes_key, settings.wecom_corp_id))]


class WecomApp:
    """The callback of one self-built app."""

    name = NAME

    def __init__(self, envelope: Envelope) -> None:
        self._envelope = envelope

    def verify(self, query: Pairs) -> str:
        """The plain echostr."""
        return self._envelope.echo(query)

    def decode(self, headers: Pairs, query: Pairs, body: bytes, now: datetime) -> Decoded:  # noqa: ARG002 - other channels sign in headers
        """The message or event of a callback; an empty answer means that no reply follows."""
        opened = self._envelope.open(query, lambda: _encrypted(body), _message, now)
        return Decoded((_incoming(opened),))


def _encrypted(body: bytes) -> str:
    fields = xml_fields(text_of(body))
    if "Encrypt" not in fields:
        raise Malformed("no Encrypt")
    return fields["Encrypt"]


def _message(plain: str) -> Mapping[str, str]:
    fields = {name: storable(value) for name, value in xml_fields(plain).items()}
    if not (fields.get("FromUserName") and fields.get("MsgType")):
        raise Malformed("no message of a member")
    if not _SECONDS.fullmatch(fields.get("CreateTime", "")):
        raise Malformed("no time")
    return fields


def _incoming(opened: Opened[Mapping[str, str]]) -> Incoming:
    fields = opened.content
    sender = userid(fields["FromUserName"])
    kind = _KINDS.get(fields["MsgType"], Kind.OTHER)
    return Incoming(
        channel=NAME,
        chat=sender,
        platform_id=_platform_id(fields),
        sender=sender,
        sender_name=None,
        sent_at=datetime.fromtimestamp(int(fields["CreateTime"]), UTC),
        kind=kind,
        text=fields.get("Content", "") if kind is Kind.TEXT else "",
        quoted=None,
        stale=opened.stale,
    )


def _platform_id(fields: Mapping[str, str]) -> str:
    """MsgId; events have none and are told apart by who, when and what (documents 90238, 90240)."""
    return fields.get("MsgId") or "|".join(fields.get(name, "") for name in _EVENT_FIELDS)

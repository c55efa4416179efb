"""企业微信智能机器人: group messages that mention the bot, and single chats. Encrypted JSON; the receiver's id is "".

Messages carry neither a time nor a name. Formats: developer.work.weixin.qq.com, documents 101039 (加解密),
100719 (接收消息), 101027 (接收事件), 101031 (被动回复).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from bot.channels.body import child, json_object, string, text_of
from bot.channels.guard import Envelope, Opened
from bot.channels.protocol import Channel, Decoded, Incoming, Kind, Pairs, userid
from bot.errors import Malformed
from bot.settings import Settings

NAME = "wecom-bot"

_KINDS = {"text": Kind.TEXT, "image": Kind.IMAGE, "event": Kind.EVENT}
_REFRESH = "stream"  # the platform asks for more of an answer that is being written; nobody said anything
_MENTION = re.compile(r"\s*@[^\s@]{1,32}(?:\s+|$)")  # \s has U+2005, which the clients write after a mention
_MAX_SECONDS = 10**10


def build(settings: Settings) -> list[Channel]:
    """The channel, if the secrets of its callback are set."""
    if not (settings.wecom_bot_token and settings.wecom_bot_aes_key):
        return []
    token, aes_key = settings.wecom_bot_token.get_secret_value(), settings.wecom_bot_aes_key.get_secret_value()
    return [WecomBot(Envelope(token, aes_key, receiver=""))]


class WecomBot:
    """The callback of one bot."""

    name = NAME

    def __init__(self, envelope: Envelope) -> None:
        self._envelope = envelope

    def verify(self, query: Pairs) -> str:
        """The plain echostr."""
        return self._envelope.echo(query)

    def decode(self, headers: Pairs, query: Pairs, body: bytes, now: datetime) -> Decoded:  # noqa: ARG002 - other channels sign in headers
        """The message or event of a callback; an empty answer means that no reply follows."""
        opened = self._envelope.open(query, lambda: _encrypted(body), _message, now)
        if opened.content["msgtype"] == _REFRESH:
            return Decoded(())
        return Decoded((_incoming(opened),))


def _encrypted(body: bytes) -> str:
    sealed = json_object(text_of(body)).get("encrypt")
    if not isinstance(sealed, str):
        raise Malformed("no encrypt")
    return sealed


def _message(plain: str) -> Mapping[str, object]:
    fields = json_object(plain)
    if not (string(fields, "msgtype") and string(child(fields, "from"), "userid")):
        raise Malformed("no message of a member")
    return fields


def _incoming(opened: Opened[Mapping[str, object]]) -> Incoming:
    fields = opened.content
    sender = userid(string(child(fields, "from"), "userid"))
    room = string(fields, "chatid")
    kind, text = _said(fields)
    return Incoming(
        channel=NAME,
        chat=room or sender,
        platform_id=_platform_id(fields),
        sender=sender,
        sender_name=None,
        sent_at=_sent_at(fields),
        kind=kind,
        text=_MENTION.sub("", text, count=1) if room and _MENTION.match(text) else text,
        quoted=_said(child(fields, "quote"))[1] or None,
        stale=opened.stale,
    )


def _said(fields: Mapping[str, object]) -> tuple[Kind, str]:
    """What a message or a quote is, and the text in it; the texts of a mixed one are lines."""
    msgtype = string(fields, "msgtype")
    if msgtype == "text":
        return Kind.TEXT, string(child(fields, "text"), "content")
    if msgtype == "mixed":
        items = child(fields, "mixed").get("msg_item")
        parts = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        texts = [string(child(part, "text"), "content") for part in parts if string(part, "msgtype") == "text"]
        return (Kind.TEXT, "\n".join(texts)) if texts else (Kind.IMAGE, "")
    return _KINDS.get(msgtype, Kind.OTHER), ""


def _sent_at(fields: Mapping[str, object]) -> datetime | None:
    """The time of an event; messages have none."""
    seconds = fields.get("create_time")
    if isinstance(seconds, int) and 0 < seconds < _MAX_SECONDS:
        return datetime.fromtimestamp(seconds, UTC)
    return None


def _platform_id(fields: Mapping[str, object]) -> str:
    """msgid, which every documented callback has; else what tells events apart."""
    event = child(fields, "event")
    return string(fields, "msgid") or "|".join(
        (str(fields.get("create_time", "")), string(child(fields, "from"), "userid"), string(event, "eventtype"))
    )

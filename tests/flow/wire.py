"""Requests as WeChat's servers make them: encrypted and signed with a deployment's secrets."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import defusedxml.ElementTree
from wechatpy.enterprise.crypto import WeChatCrypto

TOKEN = "made-up-token-of-the-tests"
AES_KEY = base64.b64encode(b"a made-up AES key of 32 bytes...").decode().rstrip("=")
CORP_ID = "wwd0c0ffee00000001"
NONCE = "1583042957"

SECRETS = {
    "WECOM_CORP_ID": CORP_ID,
    "WECOM_APP_TOKEN": TOKEN,
    "WECOM_APP_AES_KEY": AES_KEY,
    "WECOM_BOT_TOKEN": TOKEN,
    "WECOM_BOT_AES_KEY": AES_KEY,
}


@dataclass(frozen=True)
class Signed:
    """A request: the query as it stands in the address, and the body."""

    query: str
    body: str
    headers: dict[str, str]


def bot_request(payload: object, at: datetime, key: str = AES_KEY, receiver: str = "") -> Signed:
    """A WeCom bot's callback: encrypted JSON, whose receiver is empty."""
    query, encrypt = _sealed(json.dumps(payload, ensure_ascii=False), at, key, receiver)
    return Signed(query, json.dumps({"encrypt": encrypt}), {"content-type": "application/json"})


def app_request(inner: str, at: datetime, key: str = AES_KEY, receiver: str = CORP_ID) -> Signed:
    """A WeCom app's callback: encrypted XML."""
    query, encrypt = _sealed(inner, at, key, receiver)
    body = f"<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>"
    return Signed(query, body, {"content-type": "text/xml"})


def bot_text(message_id: str, chat: str, user: str, text: str) -> dict[str, object]:
    """A text that mentions the bot in a group."""
    return {
        "msgid": message_id,
        "aibotid": "bot-1",
        "chatid": chat,
        "chattype": "group",
        "from": {"userid": user},
        "msgtype": "text",
        "text": {"content": f"@小健 {text}"},
    }


def app_text(message_id: int, user: str, text: str, at: datetime) -> str:
    """A text that a member sends to the app."""
    return (
        f"<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName><FromUserName><![CDATA[{user}]]></FromUserName>"
        f"<CreateTime>{int(at.timestamp())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{text}]]></Content><MsgId>{message_id}</MsgId><AgentID>1000002</AgentID></xml>"
    )


def _sealed(plain: str, at: datetime, key: str, receiver: str) -> tuple[str, str]:
    """The query that signs a text, and the text encrypted."""
    timestamp = str(int(at.timestamp()))
    sealed = WeChatCrypto(TOKEN, key, receiver).encrypt_message(plain, NONCE, timestamp)
    found = defusedxml.ElementTree.fromstring(sealed)
    signature = found.findtext("MsgSignature")
    query = urlencode({"msg_signature": signature, "timestamp": timestamp, "nonce": NONCE})
    return query, found.findtext("Encrypt") or ""

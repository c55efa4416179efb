"""Every sample of the wire decodes to what it says; none of the bad ones ends in anything but a refusal."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.guard import Envelope
from bot.channels.protocol import Kind
from bot.channels.wecom_app import WecomApp
from bot.channels.wecom_bot import WecomBot
from bot.errors import Malformed, NotAuthentic
from tests.channels.platform import NOW, WIRE, sample

APP_CHAIN = (
    "#接龙\n2月18日三年二班体温健康接龙\n例 姓名 体温 家人情况\n\n"
    "1. 周一诺 36.5 全家健康\n2. 吴子墨 36.7 全家健康\n3. 郑雨桐 36.4 妈妈轻微咳嗽"
)
BOT_CHAIN = "#接龙\n2月18日体温\n\n1. 周一诺 36.5 全家健康\n2. 吴子墨 36.7 全家健康"
ROOM = "wrMadeUpGroup00000000000000001"
CARD = "1581984125|linxt|template_card_event|report-2020-02-18@3-2|confirm_report"

# sample, chat, kind, text, quoted, platform id, time in seconds
MESSAGES = [
    ("app-text", "linxt", Kind.TEXT, APP_CHAIN, None, "7308412345678901234", 1581984062),
    ("app-image", "linxt", Kind.IMAGE, "", None, "7308412345678901235", 1581984122),
    ("app-event-subscribe", "linxt", Kind.EVENT, "", None, "1581984123|linxt|subscribe||", 1581984123),
    ("app-event-enter_agent", "linxt", Kind.EVENT, "", None, "1581984124|linxt|enter_agent||", 1581984124),
    ("app-event-template_card", "linxt", Kind.EVENT, "", None, CARD, 1581984125),
    ("aibot-text-group", ROOM, Kind.TEXT, BOT_CHAIN, None, "CAIQmadeup0000000000000000000001=", None),
    ("aibot-mixed-group", ROOM, Kind.TEXT, "冯天佑今天请假，附病历", None, "CAIQmadeup0000000000000000000002=", None),
    (
        "aibot-quote-group",
        ROOM,
        Kind.TEXT,
        "登记这个",
        "蒋可欣 36.6 全家健康 未外出",
        "CAIQmadeup0000000000000000000003=",
        None,
    ),
    ("aibot-event-card", ROOM, Kind.EVENT, "", None, "CAIQmadeup0000000000000000000005=", 1581984062),
    ("aibot-event-enter", "linxt", Kind.EVENT, "", None, "CAIQmadeup0000000000000000000006=", 1581984062),
]
VERIFICATIONS = ["app-verify", "aibot-verify"]
SILENT = ["aibot-stream-refresh"]


def channel(name: str, config: dict[str, str]) -> WecomApp | WecomBot:
    receiver = config["corp_id"] if "corp_id" in config else config["receive_id"]
    envelope = Envelope(config["token"], config["encoding_aes_key"], receiver)
    return WecomBot(envelope) if name.startswith("aibot") else WecomApp(envelope)


def request(name: str) -> tuple[WecomApp | WecomBot, list[tuple[str, str]], bytes]:
    """The channel of a sample, and the query and body sent to it."""
    read = sample(f"wecom-{name}.request.json")
    return channel(name, read["config"]), list(read["request"]["query"].items()), read["request"]["body"].encode()


def test_every_sample_of_a_request_is_named_here() -> None:
    named = {f"wecom-{name}.request.json" for name in (*VERIFICATIONS, *SILENT, *(row[0] for row in MESSAGES))}
    assert named == {path.name for path in WIRE.glob("wecom-*.request.json")}


@pytest.mark.parametrize(("name", "chat", "kind", "text", "quoted", "platform_id", "seconds"), MESSAGES)
def test_a_sample_decodes_to_what_was_sent(
    name: str, chat: str, kind: Kind, text: str, quoted: str | None, platform_id: str, seconds: int | None
) -> None:
    receiver, query, body = request(name)
    decoded = receiver.decode([], query, body, NOW)
    (message,) = decoded.messages
    assert (message.channel, message.chat, message.sender, message.sender_name) == (receiver.name, chat, "linxt", None)
    assert (message.kind, message.text, message.quoted, message.platform_id) == (kind, text, quoted, platform_id)
    assert message.sent_at == (None if seconds is None else datetime.fromtimestamp(seconds, UTC))
    assert not message.stale
    assert decoded.answer.body == b""


@pytest.mark.parametrize("name", SILENT)
def test_a_refresh_of_an_answer_is_no_message(name: str) -> None:
    receiver, query, body = request(name)
    decoded = receiver.decode([], query, body, NOW)
    assert (decoded.messages, decoded.answer.body) == ((), b"")


@pytest.mark.parametrize("name", VERIFICATIONS)
def test_the_address_is_verified_with_the_plain_echostr(name: str) -> None:
    receiver, query, _ = request(name)
    expected: str = sample(f"wecom-{name}.request.json")["decrypted_echostr"]
    assert receiver.verify(query) == expected


def test_the_published_vector_of_the_platform() -> None:
    vector = sample("wecom-official-vector.json")
    app = channel("app", vector["config"])
    assert app.verify(list(vector["verify"]["request"]["query"].items())) == "1616140317555161061"
    message = vector["message"]["request"]
    now = datetime.fromtimestamp(1409659813, UTC)
    (incoming,) = app.decode([], list(message["query"].items()), message["body"].encode(), now).messages
    assert (incoming.text, incoming.sender, incoming.platform_id) == ("hello", "mycreate", "4561255354251345929")


BAD_INPUT = sample("wecom-app-bad-input.json")
REFUSED_AS = {
    "wrong signature": NotAuthentic,
    "upper-case signature": NotAuthentic,
    "signature missing": NotAuthentic,
    "empty body": Malformed,
    "body is JSON": Malformed,
    "broken XML": Malformed,
    "other root element": Malformed,
    "empty root": Malformed,
    "root holds only text": Malformed,
    "no Encrypt element": Malformed,
    "empty Encrypt, right signature": NotAuthentic,
    "Encrypt not base64, right signature": NotAuthentic,
    "ciphertext of 10 bytes, right signature": NotAuthentic,
    "ciphertext of 64 junk bytes, right signature": NotAuthentic,
    "other corp id, right signature and key": NotAuthentic,
    "other AES key, right signature": NotAuthentic,
    "entity declaration": Malformed,
}


def test_every_bad_input_is_named_here() -> None:
    assert {case["case"] for case in BAD_INPUT["cases"]} == REFUSED_AS.keys() | {"good"}


@pytest.mark.parametrize("case", BAD_INPUT["cases"], ids=lambda case: case["case"])
def test_bad_input_is_refused(case: dict[str, Any]) -> None:
    app = channel("app", BAD_INPUT["config"])
    query, body = list(case["query"].items()), case["body"].encode()
    if case["case"] == "good":
        assert app.decode([], query, body, NOW).messages[0].text
        return
    with pytest.raises(REFUSED_AS[case["case"]]):
        app.decode([], query, body, NOW)

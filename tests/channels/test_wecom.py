"""What the WeCom channels make of the forms that the samples do not show."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given, strategies as st

from bot.channels.protocol import Incoming, Kind
from bot.errors import NotAuthentic
from tests.channels.platform import APP, BOT, NOW, THE_APP, THE_BOT, text_xml

ROOM = "wrMadeUpGroup00000000000000001"
TEXT = {
    "msgid": "m1",
    "aibotid": "aib1",
    "chatid": ROOM,
    "chattype": "group",
    "from": {"userid": "LinXT"},
    "msgtype": "text",
    "text": {"content": "李雷 36.5"},
}


def from_app(xml: str) -> Incoming:
    callback = APP.xml(xml)
    (message,) = THE_APP.decode([], callback.query, callback.body, NOW).messages
    return message


def from_bot(fields: Mapping[str, object]) -> Incoming:
    callback = BOT.json(fields)
    (message,) = THE_BOT.decode([], callback.query, callback.body, NOW).messages
    return message


def said(content: str, **more: object) -> Incoming:
    return from_bot({**TEXT, "text": {"content": content}, **more})


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("@小健 李雷 36.5", "李雷 36.5"),
        ("@小健\u2005李雷 36.5", "李雷 36.5"),  # the blank that the clients write
        ("@小健\u3000李雷 36.5", "李雷 36.5"),
        ("@小健\n#接龙\n1. 李雷 36.5", "#接龙\n1. 李雷 36.5"),
        (" @小健 李雷 36.5", "李雷 36.5"),
        ("@小健", ""),
        ("@小健 ", ""),
        ("@小健 @王老师 李雷 36.5", "@王老师 李雷 36.5"),  # only the bot is what everybody must mention
        ("李雷 36.5 @小健", "李雷 36.5 @小健"),
        ("李雷@小健 36.5", "李雷@小健 36.5"),
        ("@@ 36.5", "@@ 36.5"),
        ("@" + "长" * 33 + " 36.5", "@" + "长" * 33 + " 36.5"),  # no name is as long
        ("李雷 36.5", "李雷 36.5"),
        ("", ""),
    ],
)
def test_the_mention_of_the_bot_is_no_part_of_what_is_said(content: str, text: str) -> None:
    assert said(content).text == text


def test_in_a_single_chat_nobody_must_mention_the_bot() -> None:
    fields = {name: value for name, value in TEXT.items() if name != "chatid"}
    message = from_bot({**fields, "chattype": "single", "text": {"content": "@李雷 36.5"}})
    assert (message.chat, message.sender, message.text) == ("linxt", "linxt", "@李雷 36.5")


def test_the_room_is_written_as_the_platform_writes_it_and_a_userid_without_case() -> None:
    message = said("李雷 36.5")
    assert (message.chat, message.sender) == (ROOM, "linxt")
    assert from_app(text_xml(sender="LinXT")).chat == "linxt"


def item(kind: str, content: str = "") -> dict[str, object]:
    return {"msgtype": kind, kind: {"content": content} if kind == "text" else {"url": "https://example.com/1"}}


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [
        ({"msgtype": "mixed", "mixed": {"msg_item": [item("text", "@小健 甲"), item("image"), item("text", "乙")]}},
         Kind.TEXT, "甲\n乙"),
        ({"msgtype": "mixed", "mixed": {"msg_item": [item("image")]}}, Kind.IMAGE, ""),
        ({"msgtype": "mixed", "mixed": {"msg_item": "x"}}, Kind.IMAGE, ""),
        ({"msgtype": "image", "image": {"url": "https://example.com/1"}}, Kind.IMAGE, ""),
        ({"msgtype": "event", "event": {"eventtype": "feedback_event"}}, Kind.EVENT, ""),
        ({"msgtype": "voice", "voice": {"content": "三十六度五"}}, Kind.OTHER, ""),
        ({"msgtype": "text", "text": "x"}, Kind.TEXT, ""),
    ],
)  # fmt: skip
def test_kinds_of_messages_to_the_bot(fields: dict[str, object], kind: Kind, text: str) -> None:
    message = from_bot({**TEXT, **fields})
    assert (message.kind, message.text) == (kind, text)


@pytest.mark.parametrize(
    ("quote", "quoted"),
    [
        ({"msgtype": "text", "text": {"content": "@小健 李雷 36.5"}}, "@小健 李雷 36.5"),
        ({"msgtype": "mixed", "mixed": {"msg_item": [item("text", "甲"), item("image")]}}, "甲"),
        ({"msgtype": "image", "image": {"url": "https://example.com/1"}}, None),
        ({}, None),
        ("x", None),
    ],
)
def test_a_quote_is_kept_apart_from_what_the_sender_says(quote: object, quoted: str | None) -> None:
    message = said("@小健 登记", quote=quote)
    assert (message.text, message.quoted) == ("登记", quoted)


@pytest.mark.parametrize(
    ("create_time", "sent_at"),
    [
        (1581984062, datetime(2020, 2, 18, 0, 1, 2, tzinfo=UTC)),
        (None, None), ("1581984062", None), (-1, None), (0, None), (10**10, None), (1e300, None),
    ],
)  # fmt: skip
def test_the_time_of_an_event(create_time: object, sent_at: datetime | None) -> None:
    assert from_bot({**TEXT, "msgtype": "event", "create_time": create_time}).sent_at == sent_at


def test_events_of_the_bot_without_an_id_are_told_apart_by_time_person_and_kind() -> None:
    event = {"from": {"userid": "linxt"}, "msgtype": "event", "create_time": 1, "event": {"eventtype": "enter_chat"}}
    others = [{**event, "create_time": 2}, {**event, "from": {"userid": "b"}}, {**event, "event": {"eventtype": "x"}}]
    ids = [from_bot(one).platform_id for one in (event, *others)]
    assert len(set(ids)) == len(ids)
    assert from_bot(event).platform_id == ids[0]


@pytest.mark.parametrize("name", ["msgtype", "from"])
def test_what_comes_from_nobody_is_no_message_of_the_platform(name: str) -> None:
    callback = BOT.json({key: value for key, value in TEXT.items() if key != name})
    with pytest.raises(NotAuthentic):
        THE_BOT.decode([], callback.query, callback.body, NOW)


def event_xml(time: int = 1, sender: str = "linxt", event: str = "click", **more: str) -> str:
    rest = "".join(f"<{name}>{value}</{name}>" for name, value in more.items())
    return (
        f"<xml><FromUserName>{sender}</FromUserName><CreateTime>{time}</CreateTime><MsgType>event</MsgType>"
        f"<Event>{event}</Event>{rest}</xml>"
    )


def test_events_of_the_app_are_told_apart_by_time_person_kind_task_and_key() -> None:
    events = [
        event_xml(),
        event_xml(time=2),
        event_xml(sender="b"),
        event_xml(event="view"),
        event_xml(TaskId="t"),
        event_xml(EventKey="t"),
    ]
    assert len({from_app(event).platform_id for event in events}) == len(events)


@pytest.mark.parametrize(
    ("msgtype", "kind"), [("image", Kind.IMAGE), ("voice", Kind.OTHER), ("location", Kind.OTHER), ("new", Kind.OTHER)]
)
def test_what_is_no_text_brings_no_text(msgtype: str, kind: Kind) -> None:
    message = from_app(text_xml().replace("<MsgType><![CDATA[text]]>", f"<MsgType><![CDATA[{msgtype}]]>"))
    assert (message.kind, message.text) == (kind, "")


@pytest.mark.parametrize("seconds", ["", "x", "1e9", "-1", "12345678901", "１５８１９８４０６２"])
def test_a_message_of_the_app_without_a_time_is_none_of_the_platform(seconds: str) -> None:
    callback = APP.xml(text_xml().replace("1581984062", seconds))
    with pytest.raises(NotAuthentic):
        THE_APP.decode([], callback.query, callback.body, NOW)


@given(st.text(st.characters(exclude_categories=[], exclude_characters="@"), max_size=200))
def test_any_text_arrives_at_the_bot_as_it_was_written(text: str) -> None:
    """Lone surrogates, which JSON can carry, and NUL are replaced one for one."""
    arrived = said("@小健 |" + text).text
    assert arrived.removeprefix("|") == "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in text)


def test_neither_names_nor_texts_are_in_the_repr() -> None:
    for message in (
        said("卡纳丽测试甲 39.5", quote={"msgtype": "text", "text": {"content": "卡纳丽测试甲"}}),
        from_app(text_xml()),
    ):
        assert not [word for word in ("卡纳丽", "39.5", "linxt", "李雷", "36.5", ROOM) if word in repr(message)]

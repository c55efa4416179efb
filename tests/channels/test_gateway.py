"""The gateway: our own JSON under Standard Webhooks, a secret each, a wrong clock told from a wrong signature."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from bot.channels.gateway import Gateway
from bot.channels.protocol import Incoming, Kind
from bot.errors import Malformed, NotAuthentic, TooLarge
from tests.channels.platform import GATEWAY_SECRET, NOW, SIGNED_AT, Pairs, gateway_headers

OTHER_SECRET = "whsec_" + base64.b64encode(b"x" * 24).decode()
GATEWAY = Gateway("home", GATEWAY_SECRET)
MESSAGE: dict[str, object] = {
    "id": "m-1",
    "chat_id": "49000000001@chatroom",
    "sender_id": "wxid_Made_Up",
    "sender_name": "周一诺妈妈",
    "sent_at": "2020-02-18T08:01:02+08:00",
    "kind": "text",
    "text": "周一诺 36.5",
}


def body(**changed: object) -> bytes:
    return json.dumps({**MESSAGE, **changed}).encode()


def without(name: str) -> bytes:
    return json.dumps({key: value for key, value in MESSAGE.items() if key != name}).encode()


def arrived(sent: bytes) -> Incoming:
    (message,) = GATEWAY.decode(gateway_headers(sent), [], sent, NOW).messages
    return message


def test_a_message_arrives_as_the_gateway_says_it() -> None:
    decoded = GATEWAY.decode(gateway_headers(body()), [], body(), NOW)
    assert decoded.answer.body == b""
    assert decoded.messages == (
        Incoming(
            channel="gateway/home",
            chat="49000000001@chatroom",
            platform_id="m-1",
            sender="wxid_Made_Up",
            sender_name="周一诺妈妈",
            sent_at=datetime(2020, 2, 18, 0, 1, 2, tzinfo=UTC),
            kind=Kind.TEXT,
            text="周一诺 36.5",
            quoted=None,
            stale=False,
        ),
    )


def test_the_published_example_of_standard_webhooks_is_verified() -> None:
    """github.com/standard-webhooks, spec/standard-webhooks.md, "Example signatures"; its body is no message of ours."""
    sent = b'{"test": 2432232314}'
    headers = [
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
        ("webhook-timestamp", "1614265330"),
        ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
    ]
    with pytest.raises(Malformed):
        Gateway("home", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").decode(headers, [], sent, NOW)


def replaced(name: str, value: str) -> Callable[[Pairs], Pairs]:
    return lambda headers: [(key, value if key == name else old) for key, old in headers]


def left_out(name: str) -> Callable[[Pairs], Pairs]:
    return lambda headers: [pair for pair in headers if pair[0] != name]


def doubled(name: str) -> Callable[[Pairs], Pairs]:
    return lambda headers: [*headers, (name.upper(), dict(headers)[name])]


RIGHT = dict(gateway_headers(body()))["webhook-signature"]
BENT: dict[str, Callable[[Pairs], Pairs]] = {
    **{f"no {name}": left_out(name) for name, _ in gateway_headers(body())},
    **{f"two of {name}": doubled(name) for name, _ in gateway_headers(body())},
    **{f"empty {name}": replaced(name, "") for name, _ in gateway_headers(body())},
    "another id": replaced("webhook-id", "msg-2"),
    "an id with a space": replaced("webhook-id", "msg 1"),
    "an id of other letters": replaced("webhook-id", "é"),
    "an id of 257 characters": replaced("webhook-id", "a" * 257),
    "another timestamp": replaced("webhook-timestamp", str(SIGNED_AT + 1)),
    "a timestamp with a fraction": replaced("webhook-timestamp", f"{SIGNED_AT}.0"),
    "a timestamp in milliseconds": replaced("webhook-timestamp", f"{SIGNED_AT}000"),
    "no number": replaced("webhook-timestamp", "inf"),
    "other digits": replaced("webhook-timestamp", "１５８１９８４０６５"),
    "no version": replaced("webhook-signature", RIGHT.removeprefix("v1,")),
    "another version": replaced("webhook-signature", RIGHT.replace("v1,", "v1a,")),
    "no base64": replaced("webhook-signature", "v1,é"),
    "one letter less": replaced("webhook-signature", RIGHT[:-1]),
    "a comma too many": replaced("webhook-signature", "v1,a,b v1"),
    "1,025 characters": replaced("webhook-signature", RIGHT + " v1,x" * 200),
    "two lines": replaced("webhook-signature", f"{RIGHT}\n"),
}


@pytest.mark.parametrize("bend", BENT.values(), ids=BENT)
def test_headers_that_do_not_prove_the_gateway_are_refused_alike(bend: Callable[[Pairs], Pairs]) -> None:
    with pytest.raises(NotAuthentic) as caught:
        GATEWAY.decode(bend(gateway_headers(body())), [], body(), NOW)
    assert (str(caught.value), caught.value.__cause__) == ("not authentic", None)


@pytest.mark.parametrize("sent", [body(text="周一诺 39.5"), body() + b" ", b"no JSON", b""])
def test_a_body_that_was_not_signed_is_refused(sent: bytes) -> None:
    with pytest.raises(NotAuthentic):
        GATEWAY.decode(gateway_headers(body()), [], sent, NOW)


def test_the_secret_of_another_gateway_opens_nothing() -> None:
    headers = gateway_headers(body(), OTHER_SECRET)
    with pytest.raises(NotAuthentic):
        GATEWAY.decode(headers, [], body(), NOW)
    assert Gateway("other", OTHER_SECRET).decode(headers, [], body(), NOW).messages[0].channel == "gateway/other"


def test_one_of_several_signatures_is_enough_while_a_secret_is_changed() -> None:
    other = dict(gateway_headers(body(), OTHER_SECRET))["webhook-signature"]
    for given_signatures in (f"{other} {RIGHT}", f"{RIGHT} {other}", f"v1a,x {RIGHT}"):
        headers = replaced("webhook-signature", given_signatures)(gateway_headers(body()))
        assert len(GATEWAY.decode(headers, [], body(), NOW).messages) == 1


def test_names_of_headers_have_no_case() -> None:
    headers = [(name.title(), value) for name, value in gateway_headers(body())]
    assert GATEWAY.decode(headers, [], body(), NOW).messages


@pytest.mark.parametrize(("seconds", "stale"), [(-301, True), (-300, False), (300, False), (301, True)])
def test_a_wrong_clock_is_told_and_not_refused(seconds: int, stale: bool) -> None:  # noqa: FBT001 - a column
    headers = gateway_headers(body(), timestamp=SIGNED_AT + seconds)
    (message,) = GATEWAY.decode(headers, [], body(), NOW).messages
    assert (message.stale, message.text) == (stale, "周一诺 36.5")


def test_an_old_message_under_a_new_signature_is_not_stale() -> None:
    """A gateway that was offline: the window is of the signature, the day is of the message."""
    message = arrived(body(sent_at="2020-01-20T08:00:00+08:00"))
    assert (message.stale, message.sent_at) == (False, datetime(2020, 1, 20, tzinfo=UTC))


MALFORMED = {
    **{f"no {name}": without(name) for name in ("id", "chat_id", "sender_id", "sent_at", "kind", "text")},
    **{f"{name} is empty": body(**{name: ""}) for name in ("id", "chat_id", "sender_id", "kind")},
    **{
        f"{name} is too long": body(**{name: "x" * 257})
        for name in ("id", "chat_id", "sender_id", "sender_name", "kind")
    },
    **{f"{name} is a number": body(**{name: 1}) for name in MESSAGE},
    **{f"{name} is an object": body(**{name: {}}) for name in MESSAGE},
    **{f"{name} is null": body(**{name: None}) for name in MESSAGE if name != "sender_name"},
    "time without offset": body(sent_at="2020-02-18T08:01:02"),
    "a day": body(sent_at="2020-02-18"),
    "seconds": body(sent_at="1581984062"),
    "a day that is none": body(sent_at="2020-02-30T08:01:02+08:00"),
    "the year 1": body(sent_at="0001-01-01T00:00:00+14:00"),
    "the year 9999": body(sent_at="9999-12-31T23:59:59-14:00"),
    "milliseconds taken for seconds": body(sent_at="52101-01-01T00:00:00Z"),
    "an array": b"[]",
    "no JSON": b"text",
    "a name twice": body()[:-1] + b', "id": "m-2"}',
    "deep": b'{"id": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
}


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
def test_a_signed_body_that_is_no_message_is_malformed(sent: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        GATEWAY.decode(gateway_headers(sent), [], sent, NOW)
    assert "周一诺" not in str(caught.value)


def test_a_body_that_is_too_large_or_no_utf_8_is_refused_first() -> None:
    with pytest.raises(TooLarge):
        GATEWAY.decode([], [], b" " * (256 * 1024 + 1), NOW)
    with pytest.raises(Malformed):
        GATEWAY.decode([], [], b"\xff", NOW)


@pytest.mark.parametrize(
    ("sent", "kind", "text", "sender_name"),
    [
        (body(text=""), Kind.TEXT, "", "周一诺妈妈"),
        (body(sender_name=None), Kind.TEXT, "周一诺 36.5", None),
        (body(sender_name=""), Kind.TEXT, "周一诺 36.5", None),
        (without("sender_name"), Kind.TEXT, "周一诺 36.5", None),
        (body(kind="image", text=None), Kind.IMAGE, "", "周一诺妈妈"),
        (body(kind="event", text=None), Kind.EVENT, "", "周一诺妈妈"),
        (body(kind="voice", text="周一诺 36.5"), Kind.OTHER, "", "周一诺妈妈"),
        (body(kind="TEXT"), Kind.OTHER, "", "周一诺妈妈"),
        (body(room={"members": [1, None]}, more="\0"), Kind.TEXT, "周一诺 36.5", "周一诺妈妈"),
    ],
)
def test_forms_of_a_message(sent: bytes, kind: Kind, text: str, sender_name: str | None) -> None:
    message = arrived(sent)
    assert (message.kind, message.text, message.sender_name) == (kind, text, sender_name)


@pytest.mark.parametrize(
    "sent_at", ["2020-02-18T00:01:02Z", "2020-02-18T08:01:02.000+08:00", "2020-02-17T19:01:02-05:00"]
)
def test_forms_of_the_time(sent_at: str) -> None:
    message = arrived(body(sent_at=sent_at))
    assert message.sent_at == datetime(2020, 2, 18, 0, 1, 2, tzinfo=UTC)
    assert message.sent_at.utcoffset() == timedelta(0)


ANY_TEXT = st.text(st.characters(exclude_categories=[]), min_size=1, max_size=100)


@given(text=ANY_TEXT, name=ANY_TEXT, sender=ANY_TEXT)
def test_any_text_arrives_as_it_was_written(text: str, name: str, sender: str) -> None:
    """NUL and lone surrogates, which JSON can carry and databases cannot, are replaced one for one."""
    message = arrived(body(text=text, sender_name=name, sender_id=sender))
    shown = [
        "".join("\ufffd" if c == "\0" or "\ud800" <= c <= "\udfff" else c for c in each)
        for each in (text, name, sender)
    ]
    assert [message.text, message.sender_name, message.sender] == shown


@given(st.dictionaries(st.sampled_from([*MESSAGE, "\ud800"]), st.none() | st.integers() | st.floats() | ANY_TEXT))
def test_any_signed_json_is_a_message_or_malformed(fields: dict[str, object]) -> None:
    try:
        assert arrived(body(**fields)).chat
    except Malformed:
        return

"""The guard before WeChat's cipher: who cannot prove to be the platform learns nothing, whatever they send."""

import ast
import base64
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

import bot.channels
from bot.channels.guard import Envelope
from bot.channels.protocol import Incoming
from bot.errors import Malformed, NotAuthentic
from tests.channels.platform import (
    AES_KEY,
    APP,
    BOT,
    CORP_ID,
    NONCE,
    NOW,
    SIGNED_AT,
    THE_APP,
    THE_BOT,
    Callback,
    Pairs,
    text_xml,
)

GOOD = APP.xml(text_xml())
SIGNATURE = GOOD.value("msg_signature")
OTHER = "0" * 40


def refused(callback: Callback) -> NotAuthentic:
    with pytest.raises(NotAuthentic) as caught:
        THE_APP.decode([], callback.query, callback.body, NOW)
    return caught.value


NAMES = {
    "msg_signature": (
        None, "", OTHER, "{upper}", "{right}0", "{short}", " {right}", "{right}\n", "{backwards}", "0x{short}",
        "é" * 40, "é{short}", "\ud800" * 40, "g" * 40, "0", "\0" * 40,
    ),
    "timestamp": (
        None, "", "0", "1581984064", "15819840650", "1581984065.0", "+158198406", "-158198406", "1581984065\n",
        " 1581984065", "١٥٨١٩٨٤٠٦٥", "１５８１９８４０６５", "1_58198406", "now", "NaN", "1e9",
    ),
    "nonce": (None, "", "0" * 65, "a b", "é", "$nonce", "1597212914\n", "1597212914&"),
}  # fmt: skip
BENT = [(name, value) for name, values in NAMES.items() for value in values]


def written(value: str | None) -> str | None:
    """A value of the table with the right signature put in."""
    forms = {"right": SIGNATURE, "upper": SIGNATURE.upper(), "short": SIGNATURE[:-1], "backwards": SIGNATURE[::-1]}
    return None if value is None else value.format_map(forms)


def test_the_request_that_is_bent_below_is_good_itself() -> None:
    (message,) = THE_APP.decode([], GOOD.query, GOOD.body, NOW).messages
    assert message.text == "李雷 36.5"


@pytest.mark.parametrize(("name", "value"), BENT, ids=[f"{name}={value!a}" for name, value in BENT])
def test_a_malformed_parameter_is_refused_like_any_other(name: str, value: str | None) -> None:
    error = refused(GOOD.but(**{name: written(value)}))
    assert (str(error), error.__cause__) == ("not authentic", None)


@pytest.mark.parametrize("name", NAMES)
def test_a_parameter_that_stands_twice_is_refused(name: str) -> None:
    refused(Callback([*GOOD.query, (name, GOOD.value(name))], GOOD.body))
    refused(Callback([(name, OTHER), *GOOD.query], GOOD.body))


def test_no_parameters_or_others_are_refused() -> None:
    refused(Callback([], GOOD.body))
    refused(Callback([(name.upper(), value) for name, value in GOOD.query], GOOD.body))


def test_a_nonce_may_have_the_letters_of_base64_for_addresses() -> None:
    sealed = APP.sealed(text_xml())
    body = APP.xml_of(sealed).body
    callback = Callback(APP.signed(sealed, nonce="Aa0-_" + "x" * 59), body)
    assert THE_APP.decode([], callback.query, callback.body, NOW).messages


def joined_otherwise() -> list[Pairs]:
    """Every way to cut timestamp and nonce out of the same signed text, and both swapped."""
    both = f"{SIGNED_AT}{NONCE}"
    cuts = [(both[:at], both[at:]) for at in range(len(both) + 1)]
    swapped = [(nonce, timestamp) for timestamp, nonce in cuts]
    return [
        [("msg_signature", SIGNATURE), ("timestamp", timestamp), ("nonce", nonce)]
        for timestamp, nonce in (*cuts, *swapped)
        if (timestamp, nonce) != (str(SIGNED_AT), NONCE)
    ]


def test_one_signature_for_other_timestamps_and_nonces_is_refused_or_known_by_its_message() -> None:
    let_in: list[Incoming] = []
    for query in joined_otherwise():
        try:
            let_in += THE_APP.decode([], query, GOOD.body, NOW).messages
        except NotAuthentic:
            continue
    assert [(message.stale, message.platform_id) for message in let_in] == [
        (True, "7308412345678901234")  # swapped: quarantined at most, and known already
    ]


def test_letters_cannot_move_between_nonce_and_encrypt() -> None:
    sealed = next(text for text in (APP.sealed(text_xml()) for _ in range(2000)) if text[0] in "56789ABCDEFGHIJKLMNOP")
    signature = APP.signed(sealed)[0]
    for moved in range(1, 60):
        query = [signature, ("timestamp", str(SIGNED_AT)), ("nonce", NONCE + sealed[:moved])]
        with pytest.raises(NotAuthentic):
            THE_APP.decode([], query, APP.xml_of(sealed[moved:]).body, NOW)


@pytest.mark.parametrize(
    ("seconds", "stale"),
    [(-301, True), (-300, False), (0, False), (300, False), (301, True), (86_400, True), (-86_400 * 365, True)],
)
def test_a_wrong_clock_is_told_and_not_refused(seconds: int, stale: bool) -> None:  # noqa: FBT001 - a column
    callback = APP.xml(text_xml(), SIGNED_AT + seconds)
    (message,) = THE_APP.decode([], callback.query, callback.body, NOW).messages
    assert (message.stale, message.text) == (stale, "李雷 36.5")


def test_a_wrong_signature_in_a_wrong_time_is_refused() -> None:
    callback = APP.xml(text_xml(), SIGNED_AT - 301).but(msg_signature=OTHER)
    refused(callback)


MESSAGE = text_xml().encode()
RIGHT = APP.padded(MESSAGE)
PLAIN = RIGHT[: -RIGHT[-1]]
BAD_PLAIN_TEXTS = [
    ("padding of 0", PLAIN + bytes(32 - len(PLAIN) % 32)),
    ("padding longer than a block", RIGHT[:-1] + b"\x21"),
    ("padding whose other bytes differ", RIGHT[:-2] + bytes([RIGHT[-2] ^ 1, RIGHT[-1]])),
    ("padding of more than a block", PLAIN + bytes([64 - len(PLAIN) % 32]) * (64 - len(PLAIN) % 32)),
    ("padding longer than the text", b"\x20" * 31 + b"\xff"),
    ("nothing but padding", b"\x20" * 32),
    ("length beyond the end", APP.padded(MESSAGE, length=len(MESSAGE) + 1000)),
    ("length of 4 GiB", APP.padded(MESSAGE, length=2**32 - 1)),
    ("length too short, so that the receiver begins early", APP.padded(MESSAGE, length=len(MESSAGE) - 1)),
    ("length 0", APP.padded(MESSAGE, length=0)),
    ("another receiver", APP.padded(MESSAGE, receiver="wwd0c0ffee00000002")),
    ("a receiver that begins like ours", APP.padded(MESSAGE, receiver=CORP_ID + "0")),
    ("no receiver", APP.padded(MESSAGE, receiver="")),
    ("no UTF-8", APP.padded(b"\xff" + MESSAGE)),
    ("no XML", APP.padded(b"hello")),
    ("an entity inside", APP.padded(b'<!DOCTYPE x [<!ENTITY a "a">]>' + MESSAGE)),
    ("a sender twice", APP.padded(text_xml(extra="<FromUserName>other</FromUserName>").encode())),
    ("a message without a sender", APP.padded(b"<xml><MsgType>text</MsgType></xml>")),
    ("an empty message", APP.padded(b"")),
]


@pytest.mark.parametrize("padded", [row[1] for row in BAD_PLAIN_TEXTS], ids=[row[0] for row in BAD_PLAIN_TEXTS])
def test_a_rightly_signed_ciphertext_with_a_bad_plain_text_is_refused_like_any_other(padded: bytes) -> None:
    callback = APP.xml_of(APP.encrypted(padded))
    assert str(refused(callback)) == "not authentic"


@pytest.mark.parametrize(
    "sealed",
    [
        "",
        "=",
        "abc",
        "!" * 44,
        "é" * 44,
        f"{APP.sealed(text_xml())}\n",
        f"!{APP.sealed(text_xml())}",
        base64.b64encode(bytes(16)).decode(),
        base64.b64encode(bytes(48)).decode(),
    ],
)
def test_a_rightly_signed_encrypt_that_is_no_ciphertext_is_refused_like_any_other(sealed: str) -> None:
    refused(APP.xml_of(sealed))


@pytest.mark.parametrize(
    "padded",
    [
        BOT.padded(b"7710243319", length=11),
        BOT.padded(b"7710243319", length=9),
        bytes(12) + b"\x14" * 20,
        bytes(31) + b"\1",
    ],
    ids=[
        "length beyond the end",
        "length too short",
        "no room for a length",
        "bytes behind the message",
    ],
)
def test_without_an_own_id_the_length_must_be_that_of_the_message(padded: bytes) -> None:
    """A bot's receiver is empty, so nothing else tells where the message ends."""
    sealed = BOT.encrypted(padded)
    with pytest.raises(NotAuthentic):
        THE_BOT.verify([*BOT.signed(sealed), ("echostr", sealed)])


@pytest.mark.parametrize("nonce", ["x" * 65, "", "a b", "a\n", "é"])
def test_a_rightly_signed_nonce_of_another_shape_is_refused(nonce: str) -> None:
    sealed = APP.sealed(text_xml())
    refused(Callback(APP.signed(sealed, nonce=nonce), APP.xml_of(sealed).body))


@pytest.mark.parametrize("timestamp", ["158198406", "01581984065", "1581984065 ", "１５８１９８４０６５"])
def test_a_rightly_signed_timestamp_of_another_shape_is_refused(timestamp: str) -> None:
    sealed = APP.sealed(text_xml())
    refused(Callback(APP.signed(sealed, timestamp), APP.xml_of(sealed).body))


CIPHERTEXT = base64.b64decode(APP.sealed(text_xml("李雷 36.5 " * 20)))


@settings(max_examples=300)
@given(
    flips=st.dictionaries(st.integers(0, len(CIPHERTEXT) - 1), st.integers(1, 255), max_size=3),
    cut=st.integers(0, len(CIPHERTEXT)) | st.sampled_from(range(0, len(CIPHERTEXT), 32)),
    more=st.binary(max_size=64) | st.binary(min_size=32, max_size=32),
)
def test_a_mutated_ciphertext_is_refused_or_read_and_nothing_else(flips: dict[int, int], cut: int, more: bytes) -> None:
    """Whatever the bytes, even rightly signed: a message or the one refusal, so that no answer tells how far it got.

    Every NotAuthentic is the same (its words are fixed in its class); any other exception fails this test.
    """
    changed = bytearray(CIPHERTEXT)
    for at, bits in flips.items():
        changed[at] ^= bits
    callback = APP.xml_of(base64.b64encode(bytes(changed[: len(changed) - cut]) + more).decode())
    try:
        (message,) = THE_APP.decode([], callback.query, callback.body, NOW).messages
    except NotAuthentic:
        return
    assert message.sender


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_that_the_platform_might_encrypt_for_the_bot(message: bytes) -> None:
    sealed = BOT.encrypted(BOT.padded(message))
    body = b'{"encrypt": "%s"}' % sealed.encode()
    with pytest.raises(NotAuthentic):
        THE_BOT.decode([], BOT.signed(sealed), body, NOW)


def test_parameters_are_looked_at_before_the_body() -> None:
    with pytest.raises(NotAuthentic):
        THE_APP.decode([], [], b"no XML", NOW)
    with pytest.raises(Malformed):
        THE_APP.decode([], GOOD.query, b"no XML", NOW)


class TestEcho:
    """The GET by which a platform checks the address."""

    @staticmethod
    def query(plain: str, timestamp: int = SIGNED_AT) -> Pairs:
        sealed = APP.sealed(plain)
        return [*APP.signed(sealed, timestamp), ("echostr", sealed)]

    @pytest.mark.parametrize("plain", ["3726180211541993642", "<script>alert(1)</script>", "x" * 256])
    def test_is_answered_with_what_it_says(self, plain: str) -> None:
        assert THE_APP.verify(self.query(plain)) == plain

    def test_is_answered_with_a_wrong_clock_too(self) -> None:
        assert THE_APP.verify(self.query("3726180211541993642", SIGNED_AT - 86_400)) == "3726180211541993642"

    @pytest.mark.parametrize("plain", ["x" * 257, text_xml("36.5"), '{"msgid": "1"}', ' \n{ "msgid": "1"}'])
    def test_does_not_decrypt_what_is_no_echo(self, plain: str) -> None:
        with pytest.raises(NotAuthentic):
            THE_APP.verify(self.query(plain))

    @pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce", "echostr"])
    def test_needs_each_parameter_once(self, name: str) -> None:
        query = self.query("3726180211541993642")
        for bent in (
            [pair for pair in query if pair[0] != name],
            [*query, *(pair for pair in query if pair[0] == name)],
        ):
            with pytest.raises(NotAuthentic):
                THE_APP.verify(bent)

    def test_of_somebody_else_is_refused(self) -> None:
        query = [(name, OTHER if name == "msg_signature" else value) for name, value in self.query("<script>")]
        with pytest.raises(NotAuthentic):
            THE_APP.verify(query)


def test_an_empty_token_is_not_taken() -> None:
    with pytest.raises(ValueError, match="token"):
        Envelope("", AES_KEY, CORP_ID)


def compared(tree: ast.AST) -> list[str]:
    """What stands on either side of == and != in a module."""
    return [
        ast.unparse(side)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
        for side in (node.left, *node.comparators)
    ]


def test_no_signature_is_compared_in_a_time_that_tells_where_it_differs() -> None:
    sources = sorted(Path(bot.channels.__path__[0]).glob("*.py"))
    assert "self.signature" in compared(ast.parse("x == self.signature"))
    for source in sources:
        sides = compared(ast.parse(source.read_text(encoding="utf-8")))
        assert not [side for side in sides if any(word in side for word in ("signature", "right", "digest", "secret"))]

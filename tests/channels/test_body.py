"""Bodies before anything is authenticated: what costs much or reads in two ways is refused, and nothing is fetched."""

import json
import re
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given, strategies as st

from bot.channels.body import MAX_ELEMENTS, MAX_LEVELS, json_object, storable, string, text_of, xml_fields
from bot.channels.protocol import MAX_BODY_BYTES
from bot.errors import Malformed, TooLarge
from tests.channels.platform import APP, BOT, NOW, THE_APP, THE_BOT, text_xml

GOOD = APP.xml(text_xml())
SEALED = APP.sealed(text_xml())


def laughs(levels: int) -> str:
    """Entities that grow tenfold a level."""
    entities = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, levels))
    return f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><xml><Encrypt>&l{levels - 1};</Encrypt></xml>'


def external(declaration: str) -> str:
    return f"<!DOCTYPE x [{declaration}]><xml><Encrypt>&e;</Encrypt></xml>"


XML = f"<xml><Encrypt>{SEALED}</Encrypt></xml>"
PAYLOADS: dict[str, bytes] = {
    "6 levels of laughs": laughs(6).encode(),
    "9 levels of laughs": laughs(9).encode(),
    "quadratic": f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]><xml><Encrypt>{"&a;" * 50_000}</Encrypt></xml>'.encode(),
    "entity of a file": external('<!ENTITY e SYSTEM "file:///etc/hostname">').encode(),
    "parameter entity": external('<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;').encode(),
    "document type alone": f"<!DOCTYPE xml>{XML}".encode(),
    "undeclared entity": b"<xml><Encrypt>&e;</Encrypt></xml>",
    "20,000 levels": b"<xml>" * 20_000,
    "20,000 levels, closed": b"<xml>" * 20_000 + b"</xml>" * 20_000,
    "20,000 siblings": f"<xml><Encrypt>{SEALED}</Encrypt><a>{'<b/>' * 20_000}</a></xml>".encode(),
    "a level too many": f"<xml><Encrypt>{SEALED}</Encrypt>{'<a>' * MAX_LEVELS}{'</a>' * MAX_LEVELS}</xml>".encode(),
    "an element too many": f"<xml><Encrypt>{SEALED}</Encrypt><a>{'<b/>' * (MAX_ELEMENTS - 2)}</a></xml>".encode(),
    "UTF-16": XML.encode("utf-16"),
    "UTF-16 that says so": f'<?xml version="1.0" encoding="UTF-16"?>{XML}'.encode("utf-16"),
    "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADw-xml+AD4APA-Encrypt+AD4-a+ADw-/Encrypt+AD4APA-/xml+AD4-',
    "Latin-1": '<?xml version="1.0" encoding="ISO-8859-1"?><xml><Encrypt>é</Encrypt></xml>'.encode("latin-1"),
    "two Encrypts": f"<xml><Encrypt>{SEALED}</Encrypt><Encrypt>{SEALED}</Encrypt></xml>".encode(),
    "Encrypt deeper only": f"<xml><a><Encrypt>{SEALED}</Encrypt></a></xml>".encode(),
    "Encrypt as an attribute": f'<xml Encrypt="{SEALED}"/>'.encode(),
    "another root": f"<root><xml><Encrypt>{SEALED}</Encrypt></xml></root>".encode(),
    "two roots": f"{XML}{XML}".encode(),
    "NUL": XML.replace("<Encrypt>", "<Encrypt>\0").encode(),
    "NUL at the end": XML.encode() + b"\0",
    "truncated": XML[:-7].encode(),
    "empty": b"",
    "white space": b" \n",
}


@pytest.mark.parametrize("body", PAYLOADS.values(), ids=PAYLOADS)
def test_a_hostile_body_is_refused_before_its_signature_is_looked_at(body: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        THE_APP.decode([], GOOD.query, body, NOW)
    assert not re.search("lol|aaa|root:", str(caught.value))


@pytest.mark.parametrize(
    "body",
    [
        b"<xml><Encrypt>" + b"a" * MAX_BODY_BYTES + b"</Encrypt></xml>",
        b'<xml a="' + b"a" * 1_000_000 + b'"/>',
        b"<xml>" * 200_000,
        b"\xff" * (MAX_BODY_BYTES + 1),
    ],
    ids=["long Encrypt", "attribute of 1 MB", "200,000 levels", "no text"],
)
def test_a_body_that_is_too_large_is_not_parsed(body: bytes) -> None:
    for channel in (THE_APP, THE_BOT):
        with pytest.raises(TooLarge):
            channel.decode([], GOOD.query, body, NOW)


def test_a_body_of_just_the_size_is_parsed() -> None:
    frame = len(b"<xml><Encrypt></Encrypt></xml>")
    body = b"<xml><Encrypt>" + b"a" * (MAX_BODY_BYTES - frame) + b"</Encrypt></xml>"
    assert len(body) == MAX_BODY_BYTES
    assert len(xml_fields(text_of(body))["Encrypt"]) == MAX_BODY_BYTES - frame


def test_a_body_of_just_the_levels_and_elements_is_parsed() -> None:
    for inner in ("<a>" * (MAX_LEVELS - 1) + "</a>" * (MAX_LEVELS - 1), f"<a>{'<b/>' * (MAX_ELEMENTS - 2)}</a>"):
        assert xml_fields(f"<xml>{inner}</xml>") == {"a": ""}


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server


@pytest.mark.parametrize(
    "declaration",
    ['<!ENTITY e SYSTEM "{url}">', '<!ENTITY % p SYSTEM "{url}"> %p;', '<!ENTITY e PUBLIC "x" "{url}">'],
)
def test_no_address_in_a_body_is_fetched(listener: socket.socket, declaration: str) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/e.dtd"
    bodies = [external(declaration.format(url=url)), f'<!DOCTYPE xml SYSTEM "{url}">{XML}']
    for body in bodies:
        with pytest.raises(Malformed):
            THE_APP.decode([], GOOD.query, body.encode(), NOW)
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_plain_fields_beside_encrypt_say_nothing() -> None:
    """兼容模式 sends both; the plain copy is not authenticated."""
    forged = text_xml("韩梅梅 39.5", sender="somebody").removeprefix("<xml>")
    sealed = APP.sealed(text_xml("李雷 36.5"))
    body = f"<xml><Encrypt>{sealed}</Encrypt>{forged}"
    (message,) = THE_APP.decode([], APP.signed(sealed), body.encode(), NOW).messages
    assert (message.sender, message.text) == ("linxt", "李雷 36.5")


JSON = BOT.sealed("{}")
JSON_BODIES: dict[str, bytes] = {
    "XML": XML.encode(),
    "empty": b"",
    "an array": json.dumps([{"encrypt": JSON}]).encode(),
    "a text": json.dumps(JSON).encode(),
    "null": b"null",
    "no encrypt": b'{"Encrypt": "a"}',
    "encrypt is no text": b'{"encrypt": {"a": 1}}',
    "encrypt is null": b'{"encrypt": null}',
    "two encrypts": f'{{"encrypt": "{JSON}", "encrypt": "{JSON}"}}'.encode(),
    "a name twice further in": f'{{"encrypt": "{JSON}", "a": {{"b": 1, "b": 2}}}}'.encode(),
    "100,000 levels": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a number of 5,000 digits": b'{"a": ' + b"9" * 5000 + b"}",
    "NaN": f'{{"encrypt": "{JSON}", "a": NaN}}'.encode(),
    "UTF-16": f'{{"encrypt": "{JSON}"}}'.encode("utf-16"),
    "byte order mark": f'{{"encrypt": "{JSON}"}}'.encode("utf-8-sig"),
    "truncated": f'{{"encrypt": "{JSON}"'.encode(),
    "more behind": f'{{"encrypt": "{JSON}"}} {{}}'.encode(),
}


@pytest.mark.parametrize("body", JSON_BODIES.values(), ids=JSON_BODIES)
def test_a_body_that_is_no_plain_json_object_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        THE_BOT.decode([], BOT.signed(JSON), body, NOW)


@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: f"<xml>{text}</xml>".encode("utf-8", "ignore")))
def test_any_bytes_are_fields_or_malformed(body: bytes) -> None:
    for read in (xml_fields, json_object):
        try:
            assert isinstance(read(text_of(body)), dict)
        except Malformed:
            continue


@given(st.text(st.characters(exclude_categories=[]) | st.sampled_from("\0\ud800\udfff")))
def test_what_is_stored_is_utf_8_without_nul_and_as_long_as_what_was_said(text: str) -> None:
    kept = storable(text)
    assert "\0" not in kept
    assert len(kept) == len(text)
    assert kept.encode().decode() == kept
    assert [a for a, b in zip(text, kept, strict=True) if a != b] == re.findall("[\0\ud800-\udfff]", text)


def test_the_text_of_a_field_keeps_its_white_space_and_its_characters() -> None:
    assert xml_fields("<xml><A><![CDATA[ \n1. 甲 <36.5> &amp;\n ]]></A><B>&lt;&#x4e59;</B><C/></xml>") == {
        "A": " \n1. 甲 <36.5> &amp;\n ",
        "B": "<乙",
        "C": "",
    }


def test_a_field_that_is_no_text_reads_as_empty() -> None:
    assert [string({"a": value}, "a") for value in (None, 1, ["x"], {"b": "c"}, "x\0")] == ["", "", "", "", "x\ufffd"]

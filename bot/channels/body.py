"""Bodies of callbacks → plain fields. Refuses what costs much or reads in two ways, before anything is authenticated.

Both formats: UTF-8 only, a name at most once. XML moreover: no document type, so no entity; few elements, few levels.
"""

import json
import re
from collections.abc import Mapping
from typing import NoReturn

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from bot.channels.protocol import MAX_BODY_BYTES
from bot.errors import Malformed, TooLarge

MAX_LEVELS = 8  # the deepest message of the platforms (a card's selected items) has 5
MAX_ELEMENTS = 256
_FIELD_LEVEL = 2  # below the root

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def text_of(body: bytes) -> str:
    """The body as text; raises TooLarge, Malformed."""
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge("body is too large")
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Malformed("body is not UTF-8") from None


def storable(text: str) -> str:
    """The text with U+FFFD for each NUL (refused by PostgreSQL) and lone surrogate (by all); as long as before."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def xml_fields(text: str) -> dict[str, str]:
    """The children of the root `<xml>` by name, each with the text directly in it; raises Malformed."""
    target = _Fields()
    parser = XMLParser(target=target, forbid_dtd=True)
    try:
        parser.feed(text)  # as str: an encoding that the declaration names is not followed
        parser.close()
    except (ParseError, DefusedXmlException, ValueError):
        raise Malformed("body is not the XML of a message") from None
    return target.fields


def json_object(text: str) -> dict[str, object]:
    """The JSON object that the text is, with every name at most once; raises Malformed."""
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Malformed("body is not JSON") from None
    if not isinstance(value, dict):
        raise Malformed("body is no JSON object")
    return value


def child(fields: Mapping[str, object], name: str) -> Mapping[str, object]:
    """The object under a name; empty where there is none."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def string(fields: Mapping[str, object], name: str) -> str:
    """The text under a name, fit to be stored; "" where there is none."""
    value = fields.get(name)
    return storable(value) if isinstance(value, str) else ""


class _Fields:
    """Collects the root's children while the parser runs, and stops it at the first thing that no platform sends."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._open: list[str] = []
        self._elements = 0

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._open.append(tag)
        self._elements += 1
        if len(self._open) > MAX_LEVELS or self._elements > MAX_ELEMENTS:
            raise Malformed("too many elements")
        if self._open[0] != "xml":
            raise Malformed("another root element")
        if len(self._open) == _FIELD_LEVEL:
            if tag in self.fields:
                raise Malformed("a field stands twice")
            self.fields[tag] = ""

    def end(self, _tag: str) -> None:
        """An element ends."""
        self._open.pop()

    def data(self, text: str) -> None:
        """A piece of text."""
        if len(self._open) == _FIELD_LEVEL:
            self.fields[self._open[-1]] += text

    def close(self) -> None:
        """The document ends."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError("a name stands twice")
    return fields


def _no_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")

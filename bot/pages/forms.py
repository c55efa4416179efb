"""What a request brings along, read strictly: a form of ours is urlencoded, small, UTF-8 and without NUL.

Field names and values are pairs of strings; of a name that occurs twice the first value counts.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.errors import Malformed, TooLarge
from bot.pages.errors import NotAForm, TooLong, Unreadable
from bot.request_body import read_body

MOST_FIELDS = 200
URLENCODED = "application/x-www-form-urlencoded"


async def read_form_body(request: Request, most_bytes: int) -> bytes:
    """The body of a form; raises NotShown. Without a body there is no kind of it: it is the form without fields."""
    declared = request.headers.get("content-length", "")
    if declared in {"", "0"} and "transfer-encoding" not in request.headers:
        return b""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != URLENCODED:
        raise NotAForm
    try:
        return await read_body(request, most_bytes)
    except TooLarge:
        raise TooLong from None
    except Malformed:
        raise Unreadable from None


def read_form(body: bytes) -> Mapping[str, str]:
    """The fields of a form; raises Unreadable."""
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError:
        raise Unreadable from None
    return _fields(text, strict=True)


def read_query(text: str) -> Mapping[str, str]:
    """The fields of an address; what messengers append to it is let be. Raises Unreadable."""
    return _fields(text, strict=False)


def _fields(text: str, *, strict: bool) -> Mapping[str, str]:
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=strict, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:  # of UnicodeDecodeError too: a lone surrogate is no UTF-8
        raise Unreadable from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        if "\0" in name or "\0" in value:
            raise Unreadable
        fields.setdefault(name, value)
    return fields

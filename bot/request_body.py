"""The body of a request, counted while it streams: a Content-Length proves nothing."""

import asyncio

from starlette.requests import Request

from bot.errors import Malformed, TooLarge

BODY_SECONDS = 10.0  # whoever sends slower is no platform and no browser


async def read_body(request: Request, most_bytes: int) -> bytes:
    """All of it; raises TooLarge, and Malformed where it takes too long."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:12]) > most_bytes:
        raise TooLarge
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > most_bytes:
                    raise TooLarge
    except TimeoutError:
        raise Malformed from None
    return bytes(body)

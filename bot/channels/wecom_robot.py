"""WeCom's group robots, one way: texts for the chat of a group, a school, the bureau. The key is the chat's id.

Documents 91770 and 99110 of developer.work.weixin.qq.com. The HTTP status is 200 also where a message was not taken:
only `errcode` 0 is sent. There is no key of idempotency, so nothing is repeated here; each message has a connection of
its own, since one that was kept open may be gone, and then nobody knows whether the message went with it.
"""

import contextlib
import logging
import socket
import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol, Self, runtime_checkable
from urllib.parse import quote

import httpx2

from bot.channels.body import json_object
from bot.channels.protocol import Outgoing, Refused, Said, Sends, Sent, TryLater, Unknown
from bot.errors import Malformed
from bot.roster.binding import ROBOT
from bot.settings import Settings

PATH = "/cgi-bin/webhook/send"
MOST_BYTES = 2048  # document 91770, of `content` in UTF-8
MOST_A_MINUTE = 20  # document 91770
CONNECT_SECONDS = 3.0
EXCHANGE_SECONDS = 10.0  # all of it, from the first look for the host to the last byte of the answer
MOST_ANSWER_BYTES = 64 * 1024

SOON = timedelta(seconds=60)  # the window in which the platform counts
LATER = timedelta(minutes=10)
ERRORS: Mapping[int, Said] = {  # the errcodes of document 90313 that do not mean: never
    0: Sent(),
    -1: TryLater(SOON, most_tries=3),  # busy; to be repeated at most three times
    45009: TryLater(SOON),  # more than the platform takes in a minute
    130101: TryLater(LATER),  # over the limit
    93000: Refused(gone=True),  # the robot was removed, or the key is wrong
}
TOO_MANY = 429
AWAY = 503

# At INFO it writes the address of every request, and that of a robot holds its key.
logging.getLogger("httpx2").setLevel(logging.WARNING)


def outlet(settings: Settings) -> Sends:
    """The way out to all group robots."""
    return WecomRobot(settings.wecom_api_url)


class WecomRobot:
    """Posts texts as group robots. Safe to be called by several threads at once."""

    name = ROBOT
    most_bytes = MOST_BYTES
    most_a_minute = MOST_A_MINUTE

    def __init__(self, origin: str, exchange_seconds: float = EXCHANGE_SECONDS) -> None:
        """`origin`: of the platform's interface, without a path. `exchange_seconds`: the longest for one message."""
        self._address = f"{origin}{PATH}?key="
        self._exchange_seconds = exchange_seconds
        self._client = httpx2.Client(
            headers={"Accept-Encoding": "identity", "Connection": "close"},
            timeout=httpx2.Timeout(exchange_seconds, connect=CONNECT_SECONDS),
            limits=httpx2.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=False,
        )

    def send(self, message: Outgoing) -> Said:
        """Post a text, at most once. One that is too long is refused before anything is sent: it is not cut here."""
        if len(message.text.encode()) > self.most_bytes:
            return Refused()
        address = self._address + quote(message.chat, safe="")
        try:
            with (
                _Watch(self._exchange_seconds) as watch,
                self._client.stream("POST", address, json=_body(message), extensions={"trace": watch.see}) as response,
            ):
                return _said(response)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout):
            return TryLater(SOON)
        except httpx2.RequestError:
            return Unknown()


def _body(message: Outgoing) -> dict[str, object]:
    text: dict[str, object] = {"content": message.text}
    if message.mentions:
        text["mentioned_list"] = list(message.mentions)
    return {"msgtype": "text", "text": text}


def _said(response: httpx2.Response) -> Said:
    """What an answer means; redirects are not followed, so that the key goes to no other host."""
    if response.status_code in {TOO_MANY, AWAY}:
        return TryLater(SOON)
    if response.is_redirect or response.is_client_error:
        return Refused()
    code = _errcode(response) if response.is_success else None
    return Unknown() if code is None else ERRORS.get(code, Refused())


def _errcode(response: httpx2.Response) -> int | None:
    """The number that says what became of the message; None where there is none."""
    body = b""
    for part in response.iter_raw():
        body += part
        if len(body) > MOST_ANSWER_BYTES:
            return None
    try:
        code = json_object(body.decode()).get("errcode")
    except (UnicodeDecodeError, Malformed):
        return None
    return code if isinstance(code, int) and not isinstance(code, bool) else None


@runtime_checkable
class _Connection(Protocol):
    """What httpx's extension `trace` hands out when a connection is there."""

    def get_extra_info(self, info: str, /) -> object:
        """Its socket, by the name "socket"."""
        ...


class _Watch:
    """Ends an exchange that takes too long: each of its parts has a limit, and a slow drip keeps within them all."""

    def __init__(self, seconds: float) -> None:
        self._socket: socket.socket | None = None
        self._over = False
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def see(self, _event: str, info: Mapping[str, object]) -> None:
        """Remember the connection when there is one: first in the clear, then, over it, encrypted."""
        connection = info.get("return_value")
        if isinstance(connection, _Connection):
            found = connection.get_extra_info("socket")
            self._socket = found if isinstance(found, socket.socket) else None
            if self._over:
                self._cut()

    def _cut(self) -> None:
        self._over = True
        if self._socket is not None:
            with contextlib.suppress(OSError):  # it has ended by itself
                self._socket.shutdown(socket.SHUT_RDWR)

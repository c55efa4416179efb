"""A fake of WeCom's group robots on loopback: takes messages, counts them as the platform does, and fails as told.

    with FakeRobot() as robot:
        ...  # JIELONG_WECOM_API_URL=robot.url
        assert [(one.key, one.text) for one in robot.delivered] == [("key", "…")]

What it answers is what wire/README.md and its samples say of the platform (documents 91770, 99110).
"""

import json
import socket
import struct
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

from bot import clock

PATH = "/cgi-bin/webhook/send"
MOST_A_MINUTE = 20
MINUTE = timedelta(seconds=60)
MOST_BYTES = 2048
DRIP_SECONDS = 0.05


class Fault(StrEnum):
    """What a robot does instead of taking a message. Only LOST delivers it."""

    BUSY = "busy"
    TOO_OFTEN = "too often"
    OVER_THE_LIMIT = "over the limit"
    GONE = "gone"
    WRONG_PARAMETER = "wrong parameter"
    NO_ERRCODE = "no errcode"
    ERRCODE_IS_TEXT = "errcode is text"
    NO_JSON = "no JSON"
    NO_OBJECT = "no object"
    NO_UTF8 = "no UTF-8"
    TOO_LONG = "too long an answer"
    HTTP_301 = "301"
    HTTP_302 = "302"
    HTTP_400 = "400"
    HTTP_403 = "403"
    HTTP_404 = "404"
    HTTP_429 = "429"
    HTTP_500 = "500"
    HTTP_502 = "502"
    HTTP_503 = "503"
    RESET_UNREAD = "reset before it was read"
    RESET_READ = "reset after it was read"
    LOST = "delivered, and the answer is lost"
    DRIP = "a byte now and then, for ever"
    DRIP_HEAD = "a byte of the headers now and then, for ever"
    HANG = "nothing, for ever"


ERRORS: Mapping[Fault, tuple[int, str]] = {
    Fault.BUSY: (-1, "system busy"),
    Fault.TOO_OFTEN: (45009, "api freq out of limit"),
    Fault.OVER_THE_LIMIT: (130101, "over the limit"),
    Fault.GONE: (93000, "invalid webhook url"),
    Fault.WRONG_PARAMETER: (40058, "text.content exceed max length 2048. invalid Request Parameter"),
}
BODIES: Mapping[Fault, bytes] = {
    Fault.NO_ERRCODE: b'{"errmsg":"ok"}',
    Fault.ERRCODE_IS_TEXT: b'{"errcode":"0","errmsg":"ok"}',
    Fault.NO_JSON: b"<html>errcode: 0</html>",
    Fault.NO_OBJECT: b"[0]",
    Fault.NO_UTF8: b'{"errcode":0,"errmsg":"\xff"}',
    Fault.TOO_LONG: b'{"errcode":0,"errmsg":"' + b"x" * 70_000 + b'"}',
}


@dataclass(frozen=True)
class Posted:
    """One message that a robot was asked to post."""

    key: str
    text: str
    mentions: tuple[str, ...]
    at: datetime
    fault: Fault | None  # None: it was taken
    address: str = ""  # path and query
    body: bytes = b""


Script = Callable[[str], Fault | None]
"""From a robot's key to what it does with the next message; None: takes it, unless there are too many."""


def in_turn(*faults: Fault | None) -> Script:
    """These, one after another, whatever is posted; then everything is taken."""
    left: Iterator[Fault | None] = iter(faults)
    lock = threading.Lock()

    def next_one(_key: str) -> Fault | None:
        with lock:
            return next(left, None)

    return next_one


def takes_all(_key: str) -> Fault | None:
    """No faults."""
    return None


@dataclass
class FakeRobot:
    """The platform's server with all its robots."""

    script: Script = takes_all
    now: Callable[[], datetime] = clock.now  # of the limit of 20 a minute; a test may turn it on
    keys: frozenset[str] | None = None  # None: every key is known
    redirects_to: str = ""  # where HTTP_301 and HTTP_302 point
    posted: list[Posted] = field(default_factory=list)  # in the order in which they were decided
    most_at_once: int = 0  # messages of one robot that were under way at the same time
    _taken_at: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    _under_way: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ended: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        robot = self

        class Handler(_Handler):
            """Knows its robot."""

            fake: FakeRobot = robot

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Its origin: the value of JIELONG_WECOM_API_URL."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def delivered(self) -> list[Posted]:
        """What stands in the chats, in order."""
        return [one for one in self.posted if one.fault in {None, Fault.LOST}]

    @property
    def refused(self) -> list[Posted]:
        """What was refused for being too many: the platform's own limit, not the script's."""
        return [one for one in self.posted if one.fault is Fault.TOO_OFTEN]

    def texts(self, key: str) -> list[str]:
        """What stands in a robot's chat, in order."""
        return [one.text for one in self.delivered if one.key == key]

    def take(self, address: str, key: str, body: bytes, fault: Fault | None) -> Fault | None:
        """Take a message unless there is a fault, or what the platform would say against it; and remember it."""
        content = json.loads(body)["text"] if body else {"content": ""}
        text, mentions = content["content"], tuple(content.get("mentioned_list", ()))
        with self._lock:
            now = self.now()
            if fault is None or fault is Fault.LOST:
                recent = [at for at in self._taken_at[key] if now - at < MINUTE]
                self._taken_at[key] = [*recent, now]
                if self.keys is not None and key not in self.keys:
                    fault = Fault.GONE
                elif len(text.encode()) > MOST_BYTES:
                    fault = Fault.WRONG_PARAMETER
                elif len(recent) >= MOST_A_MINUTE:
                    fault = Fault.TOO_OFTEN
            self.posted.append(Posted(key, text, mentions, now, fault, address, body))
        return fault

    def begins(self, key: str) -> None:
        """A message of a robot is under way."""
        with self._lock:
            self._under_way[key] += 1
            self.most_at_once = max(self.most_at_once, self._under_way[key])

    def ends(self, key: str) -> None:
        """It is not any more."""
        with self._lock:
            self._under_way[key] -= 1

    def wait(self, seconds: float) -> bool:
        """Wait; whether the test has ended meanwhile."""
        return self._ended.wait(seconds)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # of hanging answers

    def handle_error(self, *_: object) -> None:
        """A client that went away is no error of the test."""


class _Handler(BaseHTTPRequestHandler):
    fake: FakeRobot
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """One message."""
        address = urlsplit(self.path)
        key = parse_qs(address.query).get("key", [""])[0]
        self.fake.begins(key)
        try:
            fault = self.fake.script(key)
            if fault is Fault.RESET_UNREAD:
                self.fake.take(self.path, key, b"", fault)
                self._reset()
                return
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if address.path != PATH or json.loads(body)["msgtype"] != "text":
                self._answer(404, b"")
                return
            self._do(self.fake.take(self.path, key, body, fault))
        finally:
            self.fake.ends(key)

    def _do(self, fault: Fault | None) -> None:
        match fault:
            case None:
                self._answer(200, b'{"errcode":0,"errmsg":"ok"}')
            case Fault.LOST | Fault.RESET_READ:
                self._reset()
            case Fault.HANG:
                self.fake.wait(3600)
            case Fault.DRIP:
                self._drip(b"\r\n")
            case Fault.DRIP_HEAD:
                self._drip(b"")
            case _ if fault in ERRORS:
                code, message = ERRORS[fault]
                self._answer(200, json.dumps({"errcode": code, "errmsg": message}).encode())
            case _ if fault in BODIES:
                self._answer(200, BODIES[fault])
            case _:
                self._answer(int(fault), b'{"errcode":0,"errmsg":"ok"}')

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if self.fake.redirects_to:
            self.send_header("Location", self.fake.redirects_to)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, end_of_head: bytes) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\nX-Drip: " + end_of_head)
        while not self.fake.wait(DRIP_SECONDS):
            self.wfile.write(b"x")

    def _reset(self) -> None:
        """Close at once, with RST."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

"""The service's routes. They decide nothing: a channel says what is authentic, intake keeps it, this answers.

Answers are those of the contract: 200 once a message is durable, 403 for whatever is not authentic, 400, 413 and 415
for what is malformed, 404 for a channel that is off, 503 where nothing can be made durable now.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager
from typing import TypeVar

import structlog
from fastapi import FastAPI, Request, Response
from sqlalchemy.orm import Session
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse

from bot import clock
from bot.channels.protocol import MAX_BODY_BYTES, Channel, Incoming, Sends, VerifiesUrl
from bot.clockwork import Schedule
from bot.errors import ForeignChat, Malformed, NotAuthentic, Refused, TooLarge, TryAgain
from bot.intake.commit import GroupCommit
from bot.intake.inbox import Inbox, Receipt
from bot.pages.routing import add_pages
from bot.request_body import read_body
from bot.supervisor import Supervisor
from bot.wiring import Rooms, build_channels, build_desk, build_outlets
from models.heartbeat import Heartbeat

DURABLE_SECONDS = 4.5  # platforms give up on a callback after 5 s

T = TypeVar("T")
log = structlog.get_logger()


class NotOn(Exception):
    """There is no such channel, or its secrets are unset."""


class NotJsonOrXml(Exception):
    """A form or multipart body, which no channel sends."""


ANSWERS: dict[type[Exception], tuple[int, str]] = {
    NotAuthentic: (403, "forbidden"),
    ForeignChat: (403, "forbidden"),
    Malformed: (400, "malformed"),
    TooLarge: (413, "too large"),
    ClientDisconnect: (400, "malformed"),  # nobody is there to read it
    NotJsonOrXml: (415, "unsupported media type"),
    NotOn: (404, "not found"),
    TryAgain: (503, "try again"),
}


def build_app(
    rooms: Rooms, *, work: bool = True, schedule: bool = True, outlets: Mapping[str, Sends] | None = None
) -> FastAPI:
    """The service; `work`: supervise a reader too; `schedule`: remind and send digests too, by way of `outlets`."""
    channels = build_channels(rooms.settings)
    commits = GroupCommit(rooms.database, rooms.keyring)
    supervisor = Supervisor()
    clockwork = Schedule(rooms.database, rooms.settings, outlets or build_outlets(rooms.settings))
    desk = build_desk(rooms)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        commits.start()
        if work:
            supervisor.start()
        if schedule:
            clockwork.start()
        yield
        if schedule:
            clockwork.stop()
        await asyncio.to_thread(desk.previews.stop)
        if work:
            await asyncio.to_thread(supervisor.stop)
        await asyncio.to_thread(commits.stop)
        rooms.database.close()

    app = FastAPI(lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    hooks = Hooks(channels, rooms.inbox, commits)
    app.add_api_route("/healthz", _healthy, methods=["GET"])
    app.add_api_route("/readyz", hooks.ready, methods=["GET"])
    app.add_api_route("/hooks/{name:path}", hooks.verify, methods=["GET"])
    app.add_api_route("/hooks/{name:path}", hooks.receive, methods=["POST"])
    add_pages(app, desk)
    for error, (status, words) in ANSWERS.items():
        app.add_exception_handler(error, _answer(status, words))
    app.add_exception_handler(Exception, _answer(500, "error"))
    return app


async def _healthy() -> Response:
    return PlainTextResponse("ok")


def _answer(status: int, words: str) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        log.info("refused", path=request.url.path, status=status, error=type(error).__name__)
        return PlainTextResponse(words, status, headers={"X-Content-Type-Options": "nosniff"})

    return answer


class Hooks:
    """What platforms call."""

    def __init__(self, channels: dict[str, Channel], inbox: Inbox, commits: GroupCommit) -> None:
        """Serve the channels that are on."""
        self._channels = channels
        self._inbox = inbox
        self._commits = commits

    async def ready(self) -> Response:
        """200 once a message can be stored durably: a row was written just now."""
        try:
            await self._durable(lambda session: session.merge(Heartbeat(id=1, at=clock.now())))
        except Refused:  # another schema
            raise TryAgain from None
        return PlainTextResponse("ready")

    async def verify(self, name: str, request: Request) -> Response:
        """A platform checks that the address is ours."""
        channel = self._channel(name)
        if not isinstance(channel, VerifiesUrl):
            raise NotOn
        echo = channel.verify(request.query_params.multi_items())
        return PlainTextResponse(echo, headers={"X-Content-Type-Options": "nosniff"})

    async def receive(self, name: str, request: Request) -> Response:
        """Messages arrive; they are durable before the answer leaves."""
        channel = self._channel(name)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind.startswith("multipart/") or kind == "application/x-www-form-urlencoded":
            raise NotJsonOrXml
        body = await read_body(request, MAX_BODY_BYTES)
        now = clock.now()
        headers = [(key.decode("latin-1"), value.decode("latin-1")) for key, value in request.headers.raw]
        decoded = channel.decode(headers, request.query_params.multi_items(), body, now)
        for message in decoded.messages:
            await self._store(message)
        return Response(decoded.answer.body, headers={"Content-Type": decoded.answer.content_type})

    async def _store(self, message: Incoming) -> None:
        receipt = await self._durable(lambda session: self._inbox.store(session, message, clock.now()))
        if receipt is Receipt.FOREIGN:
            raise ForeignChat
        if receipt is Receipt.QUARANTINED:
            log.error("a message with a wrong clock waits in quarantine", channel=message.channel)

    async def _durable(self, work: Callable[[Session], T]) -> T:
        future: Future[T] = self._commits.submit(work)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), DURABLE_SECONDS)
        except TimeoutError:
            raise TryAgain from None

    def _channel(self, name: str) -> Channel:
        channel = self._channels.get(name)
        if channel is None:
            raise NotOn
        return channel

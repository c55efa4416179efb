"""The door that every request to a page goes through: who it is, whether they may, whether it is their own doing.

One way for all pages: session, policy, proof against forged requests, form, handler, headers. Whatever raises on that
way, a guard or a handler, ends at the one error page: in doubt nothing is shown.
"""

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from urllib.parse import urlsplit

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot import clock
from bot.logs import described
from bot.pages.errors import Forged, NotFound, NotShown, NotSignedIn, Unreadable
from bot.pages.forms import read_form, read_form_body, read_query
from bot.pages.headers import set_headers
from bot.pages.rendering import render_plain
from bot.pages.sessions import SESSION_COOKIE, VISITOR_COOKIE, drop_cookie, is_token, viewer_of
from bot.pages.visit import PUBLIC, Desk, Page, Viewer, Visit

OWN_SITE = frozenset({None, "none", "same-origin"})  # Sec-Fetch-Site; WebKit before 16.4 (2023) does not say
NO_ORIGIN = "null"  # what a browser says for a page that tells no referrer (Fetch, section 3.2)
CSRF_FIELD = "csrf"
NUMBER_BYTES = 6

log = structlog.get_logger()


def door(desk: Desk, page: Page) -> Callable[[Request], Awaitable[Response]]:
    """The way to a page."""

    async def answer(request: Request) -> Response:
        now = clock.now()
        secret = request.cookies.get(SESSION_COOKIE)
        nobody = False  # nobody is signed in with that cookie any more
        try:
            viewer = await run_in_threadpool(viewer_of, desk.database, desk.keyring, secret, now) if secret else None
            nobody = bool(secret) and viewer is None
            _expect_allowed(page, viewer)
            if page.method == "POST":
                _expect_own(desk, request)
            body = await read_form_body(request, page.most_bytes) if page.method == "POST" else b""
            response = await run_in_threadpool(_show, desk, page, request, body, viewer, now)
        except Exception as error:  # noqa: BLE001 - in doubt nothing is shown
            response = error_page(desk, page.path, error)
        if nobody and not _gives(response, SESSION_COOKIE):
            drop_cookie(response, SESSION_COOKIE)
        set_headers(response, desk.public_url)
        return response

    return answer


def error_page(desk: Desk, path: str, error: Exception) -> Response:
    """What is shown instead of a page: of an unexpected error only a number, which the log has too."""
    if isinstance(error, NotShown):
        log.info("refused", page=path, status=int(error.status), error=type(error).__name__)
        return render_plain(
            error.template, desk.zone, error.status, heading=error.heading, sentence=error.sentence, number=None
        )
    number = secrets.token_hex(NUMBER_BYTES)
    log.error("a page failed", page=path, number=number, **described(error))
    return render_plain("error.html", desk.zone, 500, heading="出错了", sentence="请过一会儿再试。", number=number)


def _show(desk: Desk, page: Page, request: Request, body: bytes, viewer: Viewer | None, now: datetime) -> Response:
    form = read_form(body)
    if page.method == "POST":
        _expect_token(desk, form.get(CSRF_FIELD), request.cookies.get(_token_cookie(page)))
    query = read_query(request.url.query)
    return page.handler(desk, Visit(now, desk.zone, _path(request), query, form, request.cookies, viewer))


def _expect_allowed(page: Page, viewer: Viewer | None) -> None:
    if page.allowed == PUBLIC:
        return
    if viewer is None:
        raise NotSignedIn
    if viewer.role not in page.allowed:
        raise NotFound


def _expect_own(desk: Desk, request: Request) -> None:
    """Refuse what another site's page sends along; whether the form is ours, its token tells."""
    if request.headers.get("sec-fetch-site") not in OWN_SITE:
        raise Forged
    origin = request.headers.get("origin")
    if origin is None or origin == NO_ORIGIN:
        return
    public = urlsplit(desk.public_url)
    if origin != f"{public.scheme}://{public.netloc}" and origin.partition("://")[2] != request.headers.get("host"):
        raise Forged


def _expect_token(desk: Desk, token: str | None, cookie: str | None) -> None:
    if not token or not cookie or not is_token(desk.keyring, cookie, token):
        raise Forged


def _token_cookie(page: Page) -> str:
    """Whose forms a page takes: those of whoever is signed in, or of a visitor."""
    return VISITOR_COOKIE if page.allowed == PUBLIC else SESSION_COOKIE


def _path(request: Request) -> dict[str, str]:
    path = {name: str(value) for name, value in request.path_params.items()}
    if any("\0" in value for value in path.values()):
        raise Unreadable
    return path


def _gives(response: Response, cookie: str) -> bool:
    return any(one.startswith(f"{cookie}=") for one in response.headers.getlist("set-cookie"))

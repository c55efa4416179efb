"""Puts the pages on their addresses. Every module of this room named `…_page` has a table of them, `PAGES`."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from fastapi import FastAPI
from fastapi.exception_handlers import http_exception_handler
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import bot.pages
from bot.pages import static_files
from bot.pages.door import door, error_page
from bot.pages.errors import NotFound
from bot.pages.headers import set_headers
from bot.pages.visit import Desk, Page

NOT_PAGES = ("/hooks/", "/healthz", "/readyz")  # programs ask for these


def pages() -> Iterator[Page]:
    """All pages that there are."""
    yield from static_files.PAGES
    for module in iter_modules(bot.pages.__path__):
        if module.name.endswith("_page"):
            yield from import_module(f"bot.pages.{module.name}").PAGES


def add_pages(app: FastAPI, desk: Desk) -> None:
    """Put every page behind its door, and the page that says that there is none everywhere else."""
    app.router.routes.extend(Route(page.path, door(desk, page), methods=[page.method]) for page in pages())

    async def nowhere(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if request.url.path.startswith(NOT_PAGES):
            return await http_exception_handler(request, error)
        response = error_page(desk, "none", NotFound())
        response.status_code = error.status_code  # 405 too, with what the framework says about it
        response.headers.update(error.headers or {})
        set_headers(response, desk.public_url)
        return response

    app.add_exception_handler(HTTPException, nowhere)

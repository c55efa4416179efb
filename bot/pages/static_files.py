"""Style sheets and scripts: a fixed table of files, each under an address that changes with what is in it."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from starlette.responses import Response

from bot.pages.errors import NotFound
from bot.pages.visit import PUBLIC, Desk, Page, Visit

FOLDER = Path(__file__).with_name("static")
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
FILES = ("style.css", "page.js", "paste.js")
FOREVER = "public, max-age=31536000, immutable"
VERSION_CHARS = 16


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is served."""

    version: str
    content_type: str
    content: bytes


def address(name: str) -> str:
    """Where a page finds a file; raises KeyError where there is none of that name."""
    return f"/static/{_files()[name].version}/{name}"


def show_file(desk: Desk, visit: Visit) -> Response:
    """A file. Its address has its version, so whoever has it need not ask again."""
    del desk
    file = _files().get(visit.path["name"])
    if file is None or file.version != visit.path["version"]:
        raise NotFound
    return Response(file.content, media_type=file.content_type, headers={"Cache-Control": FOREVER})


@cache
def _files() -> dict[str, File]:
    contents = {name: (FOLDER / name).read_bytes() for name in FILES}
    return {
        name: File(hashlib.sha256(content).hexdigest()[:VERSION_CHARS], TYPES[Path(name).suffix], content)
        for name, content in contents.items()
    }


PAGES = (Page("GET", "/static/{version}/{name}", PUBLIC, show_file),)

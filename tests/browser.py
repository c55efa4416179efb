"""A real browser for tests: Debian's Chromium without a screen, at the width of a phone."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import ConsoleMessage, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
QUIET = (  # it must not look for anybody but us
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 360, "height": 780}


@contextmanager
def browser(width: int = PHONE["width"], *, dark: bool = False) -> Iterator[Page]:
    """A page of a fresh browser that has visited nothing; whatever its scripts report as an error fails the test."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        context = chromium.new_context(
            viewport={"width": width, "height": PHONE["height"]},
            device_scale_factor=2,
            has_touch=width == PHONE["width"],
            color_scheme="dark" if dark else "light",
            locale="zh-CN",
        )
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if _is_error(said, page) else None)
        yield page
        chromium.close()
        assert errors == []


def _is_error(said: ConsoleMessage, page: Page) -> bool:
    """Whether a line of the console is an error; not that the page itself answers 404, as its test may want."""
    answered = said.text.startswith("Failed to load resource") and said.location["url"] == page.url
    return said.type == "error" and not answered

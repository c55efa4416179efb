"""The frame of every page in a real browser: in and out, copying, tapping twice (assurance.md, T11, T20, T37)."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
import uvicorn
from playwright.sync_api import Dialog, Page as Tab
from starlette.responses import HTMLResponse, Response

from bot.pages.rendering import _environment
from bot.pages.sessions import SESSION_COOKIE
from bot.pages.visit import Desk, Page, Visit
from models.vocabulary import UserRole
from tests.browser import PHONE, browser
from tests.pages.desk import app_of, link_for

HOSTILE = '</title><script>alert(1)</script><img src=x onerror="alert(2)">'
BODY = """{% extends "base.html" %}
{% import "macros.html" as m %}
{% block title %}{{ word }}{% endblock %}
{% block main %}
<h1>{{ word }}</h1>
{{ m.copy_button("#copy") }}
<p class="copy" id="copy">{{ word }} 还差 3 位。</p>
<form action="/slow" method="post">{{ m.csrf(visit) }}<button class="btn" type="submit">提交</button></form>
{% endblock %}"""


@dataclass
class Shown:
    """Pages that only this test has: whose words are hostile, and one that takes its time."""

    word: str = HOSTILE
    taken: int = 0
    pages: tuple[Page, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.pages = (
            Page("GET", "/shown", frozenset(UserRole), self.show),
            Page("POST", "/slow", frozenset(UserRole), self.take),
        )

    def show(self, _desk: Desk, visit: Visit) -> Response:
        return HTMLResponse(_environment(visit.zone).from_string(BODY).render(visit=visit, word=self.word))

    def take(self, desk: Desk, visit: Visit) -> Response:
        self.taken += 1
        time.sleep(0.5)
        return self.show(desk, visit)


@contextlib.contextmanager
def served(desk: Desk, *more: Page) -> Iterator[Desk]:
    """The pages on a port of this machine."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        here = replace(desk, public_url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        server = uvicorn.Server(uvicorn.Config(app_of(here, *more), log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield here
        finally:
            server.should_exit = True
            thread.join()


def opened(tab: Tab, desk: Desk) -> str:
    """Sign in as the bureau by the link's button; the cookie."""
    tab.goto(f"{desk.public_url}/enter?t={link_for(desk, UserRole.BUREAU)}")
    tab.get_by_role("button", name="打开全县的页面").click()
    tab.wait_for_url("**/bureau")
    return {one["name"]: one["value"] for one in tab.context.cookies()}[SESSION_COOKIE]


@pytest.fixture
def shown() -> Shown:
    return Shown()


def test_in_and_out(embedded_desk: Desk, shown: Shown) -> None:
    with served(embedded_desk, *shown.pages) as desk, browser() as tab:
        opened(tab, desk)
        tab.goto(f"{desk.public_url}/shown")
        assert tab.get_by_role("heading", level=1).inner_text() == HOSTILE
        tab.get_by_role("button", name="退出").click()
        tab.wait_for_url(f"{desk.public_url}/")
        assert tab.context.cookies() == []
        tab.go_back()
        assert HOSTILE not in tab.content()
        assert tab.get_by_role("heading", level=1).inner_text() == "请先打开登录链接"


def test_words_of_people_run_nothing(embedded_desk: Desk, shown: Shown) -> None:
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    with served(embedded_desk, *shown.pages) as desk, browser() as tab:
        tab.on("dialog", note)
        opened(tab, desk)
        tab.goto(f"{desk.public_url}/shown")
        assert tab.title() == HOSTILE
        assert tab.locator("img").count() == 0
    assert dialogs == []


@pytest.mark.parametrize("allowed", [True, False])
def test_copying(embedded_desk: Desk, shown: Shown, *, allowed: bool) -> None:
    with served(embedded_desk, *shown.pages) as desk, browser() as tab:
        if allowed:
            tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
        else:
            tab.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        opened(tab, desk)
        tab.goto(f"{desk.public_url}/shown")
        button = tab.locator("[data-copy]")
        assert button.inner_text() == "复制，发到群里"
        button.click()
        tab.wait_for_function("document.querySelector('[data-copy]').textContent === '已复制'")
        if allowed:
            assert tab.evaluate("navigator.clipboard.readText()") == f"{HOSTILE} 还差 3 位。"
        else:
            assert tab.evaluate("getSelection().toString()").strip() == f"{HOSTILE} 还差 3 位。"


def test_a_second_tap_sends_nothing(embedded_desk: Desk, shown: Shown) -> None:
    with served(embedded_desk, *shown.pages) as desk, browser() as tab:
        opened(tab, desk)
        tab.goto(f"{desk.public_url}/shown")
        tab.evaluate("const b = document.querySelector('main form button'); b.click(); b.click(); b.click()")
        tab.wait_for_url("**/slow")
        assert shown.taken == 1
        tab.get_by_role("button", name="提交").click()  # the next page's form is another
        tab.wait_for_load_state()
        assert shown.taken == 2


def test_nothing_scrolls_sideways(embedded_desk: Desk) -> None:
    with served(embedded_desk) as desk, browser() as tab:
        for where in ("/", "/privacy", f"/enter?t={link_for(desk, UserRole.TEACHER)}", "/enter?t=unknown", "/nowhere"):
            tab.goto(desk.public_url + where)
            for letters in ("100%", "130%"):  # WeChat's own setting
                tab.evaluate(f"document.documentElement.style.fontSize = '{letters}'")
                assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], where

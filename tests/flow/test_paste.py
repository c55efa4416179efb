"""From copy in WeChat to how many are heard of and who is missing, in two taps, on a phone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from bot.cli.replay import load
from tests.browser import PHONE, browser
from tests.flow.cases import CORPUS, command
from tests.flow.service import running, set_up, settings
from tests.flow.test_first_morning import sign_in

CASE = next(case for case in load(CORPUS / "dev-groups.jsonl") if case.group.kind == "class")
NAMES = [member.name for member in CASE.group.members if member.role == "student"]
WIDEST = 1.3  # the largest text that WeChat's own setting makes


def test_two_taps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(monkeypatch, f"sqlite:///{tmp_path / 'jielong.db'}", tmp_path)
    set_up(tmp_path, [CASE])
    chain = "\n".join(["#接龙", "体温接龙", "", *(f"{n}. {name} 36.5 正常" for n, name in enumerate(NAMES[:-1], 1))])
    with running() as service, browser() as page:
        sign_in(page, service.url, "--role", "teacher", "--school", CASE.group.school, "--group", CASE.group.name)
        home = page.url
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.evaluate("text => navigator.clipboard.writeText(text)", chain)  # as a copy in WeChat does
        page.get_by_role("link", name="粘贴接龙").tap()  # one
        page.get_by_role("button", name="从剪贴板粘贴").tap()  # two
        page.locator(".note").wait_for(timeout=90_000)  # a fresh child reads it
        assert numbers(page)[0] == len(NAMES) - 1
        assert NAMES[-1] in page.locator("#missing").inner_text()
        assert "还没有保存" in page.locator(".note").inner_text()
        fits(page)
        page.get_by_role("button", name="改粘贴的内容").tap()
        assert page.locator("#text").input_value() == chain
        page.get_by_role("button", name="看看读到了什么").tap()
        page.get_by_role("button", name=f"保存这 {len(NAMES) - 1} 人").tap()
        page.wait_for_url(f"{home}?day=*")
        assert numbers(page)[0] == len(NAMES) - 1
        unit = ("--group", CASE.group.name, "--school", CASE.group.school)
        missing = command("missing", "--day", page.url[-10:], *unit).split()
        assert set(missing) == {member.name for member in CASE.group.members} - set(NAMES[:-1])


def numbers(page: Page) -> list[int]:
    """The one number of a page: heard of, expected."""
    return [int(part) for part in page.locator(".num").first.inner_text().split("\n")[0].split("人")[0].split("/")]


def fits(page: Page) -> None:
    """Nothing scrolls sideways, at the usual size of the text and at the largest."""
    for size in (1, WIDEST):
        page.evaluate("size => { document.documentElement.style.fontSize = `${16 * size}px`; }", size)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

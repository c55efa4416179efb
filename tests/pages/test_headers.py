"""What every answer says about how it may be kept, framed and filled (assurance.md, T20, T37)."""

from dataclasses import replace

import pytest

from bot.pages.visit import Desk
from models.vocabulary import UserRole
from tests.pages.desk import browser_at, signed_in
from tests.pages.walk import steps

CSP = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
ON_EVERY_ANSWER = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
}


def test_every_answer_of_every_page(embedded_desk: Desk) -> None:
    answers = []
    for step in steps(embedded_desk):
        if step.page.method == "GET":
            answers += [step.browser.get(step.where), step.browser.head(step.where), step.browser.put(step.where)]
        else:
            answers += [step.browser.post(step.where), step.browser.post(step.where, data={"csrf": step.token})]
    answers += [browser_at(embedded_desk).get(where) for where in ("/nowhere", "/school", "/enter?t=%00")]
    for answer in answers:
        said = answer.headers
        assert ON_EVERY_ANSWER.items() <= dict(said).items(), answer.url
        assert dict(one.strip().split(" ", 1) for one in said["content-security-policy"].split(";")) == CSP
        assert "camera=()" in said["permissions-policy"]
        kept = answer.status_code == 200 and answer.url.path.startswith("/static/")
        assert said["cache-control"] == ("public, max-age=31536000, immutable" if kept else "no-store"), answer.url


def test_no_page_has_style_or_script_of_its_own(embedded_desk: Desk) -> None:
    for step in steps(embedded_desk):
        if step.page.method == "GET" and not step.where.startswith("/static/"):
            page = step.browser.get(step.where).text
            for inline in (
                " style=",
                "<style",
                "<script>",
                " onclick=",
                " onsubmit=",
                "javascript:",
                "http://",
                "https://",
            ):
                assert inline not in page, (step.where, inline)


@pytest.mark.parametrize(("public_url", "told"), [("https://jielong.example", True), ("http://127.0.0.1:8000", False)])
def test_only_https_tells_browsers_to_stay_with_it(embedded_desk: Desk, public_url: str, *, told: bool) -> None:
    answer = browser_at(replace(embedded_desk, public_url=public_url)).get("/privacy")
    assert ("strict-transport-security" in answer.headers) == told


def test_files_have_their_kind_and_an_address_of_their_content(embedded_desk: Desk) -> None:
    browser = browser_at(embedded_desk)
    page = browser.get("/privacy").text
    kinds = {}
    for piece in page.split('"'):
        if piece.startswith("/static/"):
            answer = browser.get(piece)
            kinds[piece.rpartition("/")[2]] = answer.headers["content-type"]
            assert answer.status_code == 200
            assert browser.get(piece.replace("/static/", "/static/0")).status_code == 404
    assert kinds == {"style.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}


@pytest.mark.parametrize("name", ["../visit.py", "..%2fvisit.py", "%2e%2e/%2e%2e/settings.py", "/etc/passwd"])
def test_no_other_file_is_served(embedded_desk: Desk, name: str) -> None:
    assert browser_at(embedded_desk).get(f"/static/x/{name}").status_code == 404


def test_titles_name_nobody(embedded_desk: Desk) -> None:
    for step in steps(embedded_desk):
        if step.page.method == "GET" and not step.where.startswith("/static/"):
            page = step.browser.get(step.where)
            if page.status_code == 200:
                title = page.text.partition("<title>")[2].partition("</title>")[0]
                assert title
                assert not any(name in title for name in ("李雷", "韩梅梅", "王小明"))


def test_whoever_leaves_is_forgotten(embedded_desk: Desk) -> None:
    browser = signed_in(embedded_desk, UserRole.BUREAU)
    page = browser.get("/privacy").text
    token = page.partition('name="csrf" value="')[2].partition('"')[0]
    assert browser.post("/leave", data={"csrf": token}).headers["clear-site-data"] == '"cache", "storage"'

"""The door: policies, forged requests, forms, and what is shown when something breaks (assurance.md, T22, T25, T38)."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import chain, product
from pathlib import Path
from types import FunctionType
from urllib.parse import urlencode

import pytest
from hypothesis import given, strategies as st
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from bot import clock
from bot.app import build_app
from bot.logs import configure_logs
from bot.pages.errors import Conflict, NotShown, Unreadable
from bot.pages.forms import MOST_FIELDS, read_form, read_query
from bot.pages.sessions import SESSION_COOKIE, form_token
from bot.pages.visit import MOST_FORM_BYTES, PUBLIC, Desk, Page, Visit
from bot.wiring import build_rooms
from models.vocabulary import UserRole
from tests.flow.service import settings
from tests.intake.county import NAMES
from tests.pages.desk import HOST, NOW, PUBLIC_URL, browser_at, link_for, signed_in
from tests.pages.walk import GETS, PAGES, POSTS, address_of, held, steps

FOR_PROGRAMS = {"/healthz", "/readyz", "/hooks/{name:path}"}
OPEN_TO_ALL = {"/", "/enter", "/privacy", "/static/{version}/{name}"}
URLENCODED = "application/x-www-form-urlencoded"
CANARY = "卡纳丽 38.6 发热"


def take(_desk: Desk, visit: Visit) -> Response:
    return JSONResponse(dict(visit.form))


def fail(_desk: Desk, _visit: Visit) -> Response:
    raise ValueError(CANARY)


TAKES = Page("POST", "/takes", frozenset({UserRole.SCHOOL}), take)
FAILS = Page("GET", "/fails", PUBLIC, fail)


def token_of(desk: Desk, browser: TestClient) -> str:
    return form_token(desk.keyring, browser.cookies[SESSION_COOKIE])


def test_what_anybody_may_open() -> None:
    assert {page.path for page in PAGES if page.allowed == PUBLIC} == OPEN_TO_ALL


def test_every_page_has_a_policy_and_an_address_of_its_own() -> None:
    assert all(page.allowed <= set(UserRole) for page in PAGES)
    assert len({(page.method, page.path) for page in PAGES}) == len(PAGES)
    assert {page.method for page in PAGES} == {"GET", "POST"}


def test_the_service_has_no_route_that_is_no_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings(monkeypatch, f"sqlite:///{tmp_path / 'jielong.db'}", tmp_path)
    rooms = build_rooms()
    routes = build_app(rooms, work=False, schedule=False).routes
    rooms.database.close()
    found = {one.path for one in routes if isinstance(one, Route)}
    assert found == {page.path for page in PAGES} | FOR_PROGRAMS


def test_pages_are_shown_to_those_whom_they_are_for(desk: Desk) -> None:
    nobody = browser_at(desk)
    others = {role: signed_in(desk, role) for role in UserRole}
    for page in PAGES:
        if page.allowed == PUBLIC:
            continue
        where = address_of(desk, page)
        assert nobody.request(page.method, where).status_code == 401, where
        for role in set(UserRole) - page.allowed:
            answer = others[role].request(page.method, where)
            assert (answer.status_code, "不归您看" in answer.text) == (404, True), (role, where)


@pytest.mark.parametrize("where", ["/docs", "/redoc", "/openapi.json", "/metrics", "/static/x/style.css", "/.env"])
def test_nothing_else_is_there(embedded_desk: Desk, where: str) -> None:
    assert browser_at(embedded_desk).get(where).status_code == 404


NO_TOKENS: tuple[dict[str, str], ...] = ({}, {"csrf": ""}, {"csrf": "0" * 32}, {"csrf": "涵涵"})
OTHER_SITES = (
    {"origin": "https://evil.example"},
    {"origin": f"https://{HOST}.evil.example"},
    {"origin": f"{PUBLIC_URL}:8443"},
    {"origin": "http://["},
    {"origin": ""},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": PUBLIC_URL, "sec-fetch-site": "cross-site"},
    {"origin": "null", "sec-fetch-site": "cross-site"},
)


def test_a_form_without_its_token_does_nothing(desk: Desk) -> None:
    found = list(steps(desk, POSTS))
    before = held(desk)
    for step in found:
        assert step.browser.post(step.where).status_code == 403, step.where
    for step, sent in product(found, NO_TOKENS):
        assert step.browser.post(step.where, data=sent).status_code == 403, (step.where, sent)
    assert found
    assert held(desk) == before


def test_another_site_can_do_nothing_even_with_a_token(desk: Desk) -> None:
    found = list(steps(desk, POSTS))
    before = held(desk)
    for step, headers in product(found, OTHER_SITES):
        answer = step.browser.post(step.where, data={"csrf": step.token}, headers=headers)
        assert answer.status_code == 403, (step.where, headers)
    assert held(desk) == before


def test_a_token_of_somebody_else_does_nothing(desk: Desk) -> None:
    found = list(steps(desk, POSTS))
    other = next(steps(desk, POSTS)).token
    before = held(desk)
    for step in found:
        if step.token != other:
            assert step.browser.post(step.where, data={"csrf": other}).status_code == 403, step.where
    assert held(desk) == before


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": PUBLIC_URL}, 200),
        ({"origin": PUBLIC_URL, "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 200),  # a page without referrer names no origin
        ({"origin": "null"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"host": "10.0.0.7:8000", "origin": "http://10.0.0.7:8000"}, 200),  # reached under another name
        ({"host": "10.0.0.7:8000", "origin": "http://10.0.0.7:9000"}, 403),
    ],
)
def test_forms_of_our_own_pages(embedded_desk: Desk, headers: dict[str, str], status: int) -> None:
    browser = signed_in(embedded_desk, UserRole.SCHOOL, TAKES)
    answer = browser.post("/takes", data={"csrf": token_of(embedded_desk, browser)}, headers=headers)
    assert answer.status_code == status


def test_looking_changes_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(steps(desk, GETS))
    secret = link_for(desk, UserRole.TEACHER)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=2))
    before = held(desk)
    for step in found:
        for query in ({}, {"t": secret}, {"day": "2020-02-18"}, {"day": "2020-02-17"}):
            for look in (step.browser.get, step.browser.head):
                assert look(step.where, params=query).status_code in {200, 303, 404, 410}, step.where
    assert held(desk) == before


def pieces(body: bytes) -> Iterator[bytes]:
    """A body whose length nobody declares."""
    yield from (body[at : at + 1000] for at in range(0, len(body), 1000))


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        (URLENCODED, b"a=1&b=&a=2", 200),
        (f"{URLENCODED}; charset=UTF-8", b"a=%E6%9D%8E+%E9%9B%B7", 200),
        ("multipart/form-data; boundary=x", b"--x\r\n", 415),
        ("application/json", b"{}", 415),
        ("text/plain", b"a=1", 415),
        (URLENCODED, b"a=" + b"1" * MOST_FORM_BYTES, 413),
        (URLENCODED, b"&".join([b"a=1"] * (MOST_FIELDS - 1)), 200),
        (URLENCODED, b"&".join([b"a=1"] * MOST_FIELDS), 400),
        (URLENCODED, b"a", 400),
        (URLENCODED, b"a=1&&b=2", 400),
        (URLENCODED, b"a=%00", 400),
        (URLENCODED, b"a%00=1", 400),
        (URLENCODED, b"a=%ED%A0%80", 400),  # a lone surrogate
        (URLENCODED, b"a=%FF", 400),
        (URLENCODED, "a=涵".encode(), 400),
    ],
)
def test_forms(embedded_desk: Desk, kind: str, body: bytes, status: int) -> None:
    browser = signed_in(embedded_desk, UserRole.SCHOOL, TAKES)
    content = body + f"&csrf={token_of(embedded_desk, browser)}".encode()
    for sent in (content, pieces(content)):
        assert browser.post("/takes", content=sent, headers={"content-type": kind}).status_code == status


def test_of_a_name_that_is_there_twice_the_first_counts() -> None:
    assert read_form(b"a=1&b=&a=2") == {"a": "1", "b": ""}


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.dictionaries(WORDS, WORDS, max_size=20))
def test_a_form_is_read_as_it_was_filled_in(fields: dict[str, str]) -> None:
    assert read_form(urlencode(fields).encode()) == fields


@given(st.binary(max_size=200))
def test_any_bytes_are_a_form_or_not(body: bytes) -> None:
    with suppress(Unreadable):
        for word in chain.from_iterable(read_form(body).items()):
            assert "\0" not in word
            word.encode()  # no lone surrogate


@given(st.text(max_size=200))
def test_any_address_is_read_or_not(query: str) -> None:
    with suppress(Unreadable):
        assert isinstance(read_query(query), dict)


@pytest.mark.parametrize("where", ["/enter?t=%00", "/enter?t=%FF", "/privacy?a=%ED%A0%80", "/enter?" + "a=1&" * 300])
def test_an_address_that_no_page_makes(embedded_desk: Desk, where: str) -> None:
    assert browser_at(embedded_desk).get(where).status_code == 400


def test_what_messengers_append_is_let_be(embedded_desk: Desk) -> None:
    assert browser_at(embedded_desk).get("/privacy?from=singlemessage&isappinstalled=0&x").status_code == 200


def test_an_exception_tells_nothing(embedded_desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    answer = browser_at(embedded_desk, FAILS).get("/fails?t=a-secret")
    assert answer.status_code == 500
    assert CANARY not in answer.text
    (line,) = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert line["error"] == "ValueError"
    assert re.fullmatch("[0-9a-f]{12}", line["number"])
    assert line["number"] in answer.text
    assert CANARY not in str(line)
    assert "a-secret" not in str(line)


def test_a_sentence_of_a_page_is_shown(embedded_desk: Desk) -> None:
    def conflict(_desk: Desk, _visit: Visit) -> Response:
        raise Conflict("还有 2 人没报。")

    answer = browser_at(embedded_desk, Page("GET", "/conflict", PUBLIC, conflict)).get("/conflict")
    assert (answer.status_code, "还有 2 人没报。" in answer.text) == (409, True)


GUARDS = (
    "viewer_of",
    "_holds",
    "_has_unit",
    "_expect_allowed",
    "_expect_own",
    "_expect_token",
    "is_token",
    "form_token",
    "read_form",
    "read_query",
    "_path",
    "open_link",
    "spend_link",
    "begin_session",
    "end_session",
    "group_in_scope",
)


def break_guard(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let a function of the pages raise, under whatever name they know it."""

    def broken(*_arguments: object, **_named: object) -> None:
        raise RuntimeError(CANARY)

    modules = [module for key, module in list(sys.modules.items()) if key.startswith("bot.pages.")]
    found = [module for module in modules if isinstance(getattr(module, name, None), FunctionType)]
    assert found
    for module in found:
        monkeypatch.setattr(module, name, broken)


@pytest.mark.parametrize("guard", GUARDS)
def test_a_broken_guard_lets_nothing_through(
    embedded_desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], guard: str
) -> None:
    configure_logs()
    secret = link_for(embedded_desk, UserRole.TEACHER)
    found = list(steps(embedded_desk))
    break_guard(monkeypatch, guard)
    broken = 0
    for step in found:
        if step.page.method == "GET":
            answer = step.browser.get(step.where, params={"t": secret})
        else:
            answer = step.browser.post(step.where, data={"csrf": step.token, "t": secret})
        if answer.status_code == 500:
            broken += 1
            assert not any(name in answer.text for name in (*NAMES, CANARY)), step.where
    assert broken > 0
    assert CANARY not in capsys.readouterr().err


def test_every_refusal_is_a_page() -> None:
    for kind in NotShown.__subclasses__():
        assert kind.heading
        assert kind.sentence.endswith("。")
        assert kind.status >= 400

"""Links are spent once and by whoever was shown them; sessions end when they must (assurance.md, T20 and T21)."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from bot import clock
from bot.logs import configure_logs
from bot.pages.links import spend_link
from bot.pages.sessions import SESSION_COOKIE, VISITOR_COOKIE, end_all
from bot.pages.visit import Desk
from models.group import Group
from models.schema import Base
from models.sign_in import SignInLink, WebSession
from models.vocabulary import UserRole
from tests.pages.desk import NOW, browser_at, link_for, sign_in, signed_in, token_in

PREVIEW_BOTS = (
    "TelegramBot (like TwitterBot)",
    "WhatsApp/2.23.20.0",
    "facebookexternalhit/1.1",
    "Slackbot-LinkExpanding 1.0",
    "Mozilla/5.0 (Linux; Android 10) MicroMessenger/8.0 WeChat-PreviewBot",
)
MINUTE = timedelta(minutes=1)


def is_in(browser: TestClient) -> bool:
    """Whether somebody is signed in: the first page leads on to theirs."""
    return browser.get("/").status_code == 303


def later(monkeypatch: pytest.MonkeyPatch, after: timedelta) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + after)


@pytest.mark.parametrize("role", list(UserRole))
def test_a_link_leads_home(desk: Desk, role: UserRole) -> None:
    where = sign_in(browser_at(desk), link_for(desk, role))
    assert where.startswith({"teacher": "/group/", "school": "/school", "bureau": "/bureau"}[role])


def test_looking_at_a_link_spends_nothing(desk: Desk) -> None:
    secret = link_for(desk, UserRole.TEACHER)
    for agent in PREVIEW_BOTS:
        stranger = browser_at(desk)
        for look in (stranger.head, stranger.get):
            answer = look("/enter", params={"t": secret}, headers={"user-agent": agent})
            assert (answer.status_code, answer.headers["referrer-policy"]) == (200, "no-referrer")
            assert SESSION_COOKIE not in answer.cookies
    teacher = browser_at(desk)
    sign_in(teacher, secret)
    assert is_in(teacher)


def test_a_link_is_spent_once(desk: Desk) -> None:
    secret = link_for(desk, UserRole.TEACHER)
    browser = browser_at(desk)
    form = {"t": secret, "csrf": token_in(browser.get("/enter", params={"t": secret}).text)}
    visitor = browser.cookies[VISITOR_COOKIE]
    answers = [
        browser.post("/enter", data=form, headers={"cookie": f"{VISITOR_COOKIE}={visitor}"}).status_code
        for _ in range(3)
    ]
    assert answers == [303, 410, 410]
    with desk.database.read() as session:
        assert session.scalar(select(func.count()).select_from(WebSession)) == 1


def test_a_spent_an_old_and_an_unknown_link_look_alike(desk: Desk) -> None:
    spent, old = link_for(desk, UserRole.TEACHER), link_for(desk, UserRole.TEACHER, NOW - 10 * MINUTE)
    sign_in(browser_at(desk), spent)
    pages = [browser_at(desk).get("/enter", params={"t": one}) for one in (spent, old, "unknown", "")]
    assert {(page.status_code, page.text) for page in pages} == {(410, pages[0].text)}
    assert "过期了" in pages[0].text


def test_a_link_holds_ten_minutes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = link_for(desk, UserRole.SCHOOL)
    browser = browser_at(desk)
    form = {"t": secret, "csrf": token_in(browser.get("/enter", params={"t": secret}).text)}
    later(monkeypatch, 10 * MINUTE)
    assert browser.post("/enter", data=form).status_code == 410
    later(monkeypatch, 10 * MINUTE - timedelta(seconds=1))
    assert browser.post("/enter", data=form).status_code == 303


def test_only_the_browser_that_was_shown_the_button_may_press_it(desk: Desk) -> None:
    secret = link_for(desk, UserRole.TEACHER)
    shown, other, without = browser_at(desk), browser_at(desk), browser_at(desk)
    token = token_in(shown.get("/enter", params={"t": secret}).text)
    other.get("/enter", params={"t": secret})  # has a cookie of its own
    assert [one.post("/enter", data={"t": secret, "csrf": token}).status_code for one in (other, without)] == [403, 403]
    assert shown.post("/enter", data={"t": secret, "csrf": token}).status_code == 303


def test_two_links_may_be_open_in_one_browser(desk: Desk) -> None:
    first, second = link_for(desk, UserRole.TEACHER), link_for(desk, UserRole.SCHOOL)
    browser = browser_at(desk)
    token = token_in(browser.get("/enter", params={"t": first}).text)
    browser.get("/enter", params={"t": second})
    assert browser.post("/enter", data={"t": first, "csrf": token}).status_code == 303


def test_what_a_lost_phone_has_can_be_ended(desk: Desk) -> None:
    """Of one unit and role; a copied cookie and a link that nobody has spent are worth nothing from then on."""
    secret, unspent = link_for(desk, UserRole.TEACHER), link_for(desk, UserRole.TEACHER)
    phone, other = browser_at(desk), signed_in(desk, UserRole.BUREAU)
    home = sign_in(phone, secret)
    with desk.database.write() as session:
        group_id = session.scalars(select(Group.id)).first()
        assert end_all(session, UserRole.TEACHER, None, group_id, NOW) == 1
        assert end_all(session, UserRole.TEACHER, None, group_id, NOW) == 0
    assert phone.get(home).status_code == 401
    assert browser_at(desk).get("/enter", params={"t": unspent}).status_code == 410
    assert other.get("/bureau").status_code == 200


def test_secrets_are_kept_nowhere(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()
    secret = link_for(desk, UserRole.TEACHER)
    browser = browser_at(desk)
    sign_in(browser, secret)
    cookie = browser.cookies[SESSION_COOKIE]
    errors = [
        browser_at(desk).get("/enter", params={"t": secret}).text,
        browser_at(desk).post("/enter", data={"t": secret}).text,
        browser.get(f"/group/{secret}", params={"t": secret}).text,
    ]
    with desk.database.read() as session:
        rows = [str(session.execute(select(table)).all()) for table in Base.metadata.sorted_tables]
    printed = capsys.readouterr()
    for kept in (*errors, *rows, printed.out, printed.err):
        for one in (secret, cookie):
            assert one not in kept
    assert [json.loads(line)["status"] for line in printed.err.splitlines()] == [410, 403, 404]


@pytest.mark.parametrize("role", list(UserRole))
def test_a_cookie_that_no_script_and_no_other_site_gets(desk: Desk, role: UserRole) -> None:
    secret = link_for(desk, role)
    browser = browser_at(desk)
    form = {"t": secret, "csrf": token_in(browser.get("/enter", params={"t": secret}).text)}
    (cookie,) = (
        one
        for one in browser.post("/enter", data=form).headers.get_list("set-cookie")
        if one.startswith(f"{SESSION_COOKIE}=")
    )
    most = {UserRole.TEACHER: 30 * 24 * 3600}.get(role, 12 * 3600)
    assert cookie.split("; ")[1:] == ["HttpOnly", f"Max-Age={most}", "Path=/", "SameSite=lax", "Secure"]


def test_signing_in_makes_a_new_cookie_and_ends_the_old_one(desk: Desk) -> None:
    browser = signed_in(desk, UserRole.TEACHER)
    before = browser.cookies[SESSION_COOKIE]
    sign_in(browser, link_for(desk, UserRole.SCHOOL))
    assert browser.cookies[SESSION_COOKIE] != before
    assert is_in(browser)
    assert not is_in(with_cookie(desk, before))


def test_a_cookie_from_outside_never_becomes_a_session(desk: Desk) -> None:
    browser = with_cookie(desk, "chosen-by-somebody-else")
    sign_in(browser, link_for(desk, UserRole.BUREAU))
    assert not is_in(with_cookie(desk, "chosen-by-somebody-else"))


@pytest.mark.parametrize("role", list(UserRole))
def test_a_copied_cookie_is_dead_after_leaving(desk: Desk, role: UserRole) -> None:
    browser = signed_in(desk, role)
    copied = browser.cookies[SESSION_COOKIE]
    assert is_in(with_cookie(desk, copied))
    left = browser.post("/leave", data={"csrf": token_of(browser)})
    assert (left.status_code, left.headers["location"]) == (303, "/")
    assert left.headers["clear-site-data"] == '"cache", "storage"'
    assert SESSION_COOKIE not in browser.cookies
    assert not is_in(with_cookie(desk, copied))


@pytest.mark.parametrize(
    ("role", "visits", "holds"),
    [
        (UserRole.TEACHER, [29 * 24 * 60], True),
        (UserRole.TEACHER, [29 * 24 * 60, 30 * 24 * 60], False),  # from the beginning, however often it is used
        (UserRole.SCHOOL, [29], True),
        (UserRole.SCHOOL, [30], False),
        (UserRole.SCHOOL, [29, 58, 87], True),
        (UserRole.SCHOOL, [29, 59], False),
        (UserRole.SCHOOL, [*range(25, 720, 25)], True),
        (UserRole.SCHOOL, [*range(25, 720, 25), 720], False),
        (UserRole.BUREAU, [30], False),
        (UserRole.BUREAU, [*range(25, 720, 25), 720], False),
    ],
)
def test_how_long_a_session_holds(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, role: UserRole, visits: list[int], *, holds: bool
) -> None:
    browser = signed_in(desk, role)
    cookie = browser.cookies[SESSION_COOKIE]  # kept by hand: the browser's own clock is today's
    for minutes in visits[:-1]:
        later(monkeypatch, minutes * MINUTE)
        assert is_in(with_cookie(desk, cookie))
    later(monkeypatch, visits[-1] * MINUTE)
    last = with_cookie(desk, cookie)
    assert is_in(last) == holds


def test_a_cookie_of_nobody_is_taken_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(desk, UserRole.BUREAU)
    later(monkeypatch, timedelta(hours=1))
    answer = browser.get("/")
    assert (answer.status_code, SESSION_COOKIE in browser.cookies) == (200, False)


def test_a_session_that_was_ended_in_the_database(desk: Desk) -> None:
    browser = signed_in(desk, UserRole.TEACHER)
    with desk.database.write() as session:
        session.execute(update(WebSession).values(ended_at=NOW))
    assert not is_in(browser)


def test_a_session_whose_unit_is_gone(desk: Desk) -> None:
    browser = signed_in(desk, UserRole.TEACHER)
    with desk.database.write() as session:
        session.execute(update(WebSession).values(group_id=None))
    assert not is_in(browser)


def test_being_seen_is_noted_once_a_minute(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in(desk, UserRole.SCHOOL)
    seen = []
    for seconds in (59, 60, 119, 120):
        later(monkeypatch, timedelta(seconds=seconds))
        assert is_in(browser)
        with desk.database.read() as session:
            (at,) = session.scalars(select(WebSession.seen_at))
        seen.append((at - NOW).total_seconds())
    assert seen == [0, 60, 60, 120]


def test_not_signed_in(desk: Desk) -> None:
    browser = browser_at(desk)
    assert browser.post("/leave", data={}).status_code == 401
    assert "登录链接" in browser.get("/").text


def test_a_spent_link_says_when(desk: Desk) -> None:
    signed_in(desk, UserRole.TEACHER)
    with desk.database.read() as session:
        assert list(session.scalars(select(SignInLink.spent_at))) == [NOW]


def test_nothing_of_a_secret_is_in_the_files(tmp_path: Path, embedded_desk: Desk) -> None:
    browser = browser_at(embedded_desk)
    secret = link_for(embedded_desk, UserRole.TEACHER)
    sign_in(browser, secret)
    files = b"".join(path.read_bytes() for path in tmp_path.glob("jielong.db*"))
    with embedded_desk.database.read() as session:
        (digest,) = session.scalars(select(WebSession.digest))
    assert digest in files
    assert secret.encode() not in files
    assert browser.cookies[SESSION_COOKIE].encode() not in files


def test_of_many_at_the_same_instant_one_is_signed_in(desk: Desk) -> None:
    secret = link_for(desk, UserRole.TEACHER)

    def spend(_turn: int) -> bool:
        with desk.database.write() as session:
            return spend_link(session, desk.keyring, secret, NOW) is not None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(spend, range(8))) == 1


def with_cookie(desk: Desk, cookie: str) -> TestClient:
    """Another browser that has somebody's cookie."""
    browser = browser_at(desk)
    browser.cookies.set(SESSION_COOKIE, cookie)
    return browser


def token_of(browser: TestClient) -> str:
    """The token of the form at the foot of a page that one is signed in to."""
    return token_in(browser.get("/privacy").text)

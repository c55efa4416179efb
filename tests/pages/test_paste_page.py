"""Pasting: what was read is seen first, nothing is kept until somebody says so, and then it is kept once."""

import threading
import time
from collections.abc import Iterator

import httpx2
import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from bot.intake.claims import claim
from bot.pages import paste_page
from bot.pages.addresses import group_ref
from bot.pages.paste_page import BUSY, EMPTY, NOTHING, TOO_LONG, TOO_MANY, Sentence
from bot.pages.previews import NoPreview
from bot.pages.visit import Desk
from bot.pipeline import Pipeline
from models.group import Group
from models.message import InboxMessage
from models.vocabulary import GroupKind, MessageState, UserRole
from tests.intake.county import KEYRING, NOW, ZONE
from tests.pages.desk import browser_at, signed_in, token_in
from tests.pages.in_process import InProcess
from tests.pages.sections import parts
from tests.pages.walk import held

CHAIN = "#接龙\n2月18日体温接龙\n\n1. 李雷 36.5 正常\n2. 韩梅梅 37.6 有点咳嗽\n3. 涵涵 36.4"


@pytest.fixture(autouse=True)
def nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no worker, so nobody waits for one."""
    monkeypatch.setattr(paste_page, "WAIT_SECONDS", 0.0)


@pytest.fixture
def teacher(desk: Desk) -> Iterator[TestClient]:
    with signed_in(desk, UserRole.TEACHER) as browser:
        yield browser


def home(desk: Desk) -> str:
    with desk.database.read() as session:
        return f"/group/{group_ref(desk.keyring, session.scalars(select(Group.id).order_by(Group.id)).first() or 0)}"


def post(desk: Desk, browser: TestClient, text: str, where: str = "", **fields: str) -> httpx2.Response:
    token = token_in(browser.get(f"{home(desk)}/paste").text)
    given = {"text": text, "day": "2020-02-18", "csrf": token, **fields}
    return browser.post(f"{home(desk)}/paste{where}", data=given)


def read(desk: Desk) -> None:
    """Read what waits, as the worker does."""
    by = Pipeline(desk.database, KEYRING, ZONE, 7)
    while True:
        with claim(desk.database) as claimed:
            if claimed is None:
                return
            by.read(claimed, NOW)


def messages(desk: Desk) -> int:
    with desk.database.read() as session:
        return session.scalar(select(func.count()).select_from(InboxMessage)) or 0


def test_the_page_asks_for_a_text_and_a_day(desk: Desk, teacher: TestClient) -> None:
    page = teacher.get(f"{home(desk)}/paste")
    assert page.status_code == 200
    for words in ("把接龙或聊天记录贴在这里", "今天<small>2月18日", "昨天<small>2月17日", "前天<small>2月16日"):
        assert words in page.text
    assert 'value="2020-02-18" checked' in page.text


@pytest.mark.parametrize("day", ["2020-02-17", "2020-02-12"])
def test_the_day_of_the_page_before_is_chosen(desk: Desk, teacher: TestClient, day: str) -> None:
    assert f'value="{day}" checked' in teacher.get(f"{home(desk)}/paste?day={day}").text


def test_what_was_read_is_seen_and_nothing_is_kept(desk: Desk, teacher: TestClient) -> None:
    teacher.get(f"{home(desk)}/paste")
    before = held(desk)
    page = post(desk, teacher, CHAIN)
    assert page.status_code == 200
    assert held(desk) == before
    seen = parts(page.text)
    assert seen.pop("-")[:5] == [
        "还没有保存",
        "接龙写着 2月18日，3 行，都是新的。",
        "2/3 人读到了",
        "还差 1 人",
        "三年二班",
    ]
    assert "保存这 2 人" in page.text
    assert seen["review"] == [
        "待核实 1 不答也能保存",
        "名单里没有「涵涵」",
        "3. ~涵涵~ 36.4",
        "08:05，接龙第 3 行",
    ]
    assert seen["flagged"] == [
        "有情况 1",
        "韩梅梅",
        "37.6 ℃",
        "发热，有症状",
        "2. 韩梅梅 *37.6* 有点*咳嗽*",
        "08:05，接龙第 2 行",
    ]
    assert seen["missing"] == ["未报 1 名单有，这里没有", "王小明"]
    assert seen["clear"][:2] == ["正常 1 确认 1", "_细线_ 读到的话 *粗线* 有情况 ~波浪~ 看不准"]
    assert seen["clear"][2:] == ["1", "李雷", "_36.5_ _正常_", "36.5"]


def test_saved_it_is_kept_once(desk: Desk, teacher: TestClient) -> None:
    for _ in range(2):
        saved = post(desk, teacher, CHAIN, "/save", shown="2020-02-18")
        assert (saved.status_code, saved.headers["location"]) == (303, f"{home(desk)}?day=2020-02-18")
    assert messages(desk) == 1
    read(desk)
    again = post(desk, teacher, CHAIN).text
    assert "没有要保存的" in again
    assert "这些以前都存过，不会记两遍。" in again
    assert "回到名单" in again


def test_saving_waits_until_it_is_read(desk: Desk, teacher: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paste_page, "WAIT_SECONDS", 20.0)
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(0.05):
            read(desk)

    worker = threading.Thread(target=work)
    worker.start()
    began = time.monotonic()
    saved = post(desk, teacher, CHAIN, "/save", shown="2020-02-18")
    ended.set()
    worker.join()
    assert time.monotonic() - began < 15
    with desk.database.read() as session:
        assert session.scalars(select(InboxMessage.state)).all() == [MessageState.DONE]
    assert "2</b>/3" in teacher.get(saved.headers["location"]).text


def test_a_longer_copy_shows_what_is_new_and_what_changes(desk: Desk, teacher: TestClient) -> None:
    post(desk, teacher, "韩梅梅妈妈:\n韩梅梅 36.7\n\n李雷妈妈:\n李雷 36.5 正常", "/save", shown="2020-02-18")
    read(desk)
    page = post(desk, teacher, f"{CHAIN}\n4. 王小明 36.6").text
    seen = parts(page)
    assert "接龙写着 2月18日，4 行，2 人有新的。" in page
    assert seen["changes"] == [
        "早先记的会变 1 早先的话也留着",
        "韩梅梅",
        "早先：36.7 ℃",
        "保存后：37.6 ℃，发热、有症状",
    ]
    assert seen["clear"][2:6] == ["1", "李雷", "_36.5_ _正常_", "36.5"]
    assert seen["clear"][6:] == ["4", "王小明", "新", "_36.6_", "36.6"]


DAYS = [
    (CHAIN, "2020-02-18", "接龙写着 2月18日，3 行", "2月18日 周二"),
    (CHAIN.replace("2月18日", ""), "2020-02-17", "记到昨天（2月17日 周一）。", "2月17日 周一"),
    (CHAIN.replace("2月18日", "2月17日"), "2020-02-18", "不是今天，记到昨天（2月17日 周一）。", "2月17日 周一"),
    (
        "李雷妈妈 2020/2/17 8:01\n李雷 36.5\n\n李雷妈妈 2020/2/18 8:01\n李雷 36.6",
        "2020-02-18",
        "2月17日的，记到那一天。",
        "保存这 2 天",
    ),
]


@pytest.mark.parametrize(("text", "chosen", "sentence", "shown"), DAYS)
def test_it_says_to_which_day_it_goes(
    desk: Desk, teacher: TestClient, text: str, chosen: str, sentence: str, shown: str
) -> None:
    page = post(desk, teacher, text, day=chosen).text
    assert sentence in page
    assert shown in page


SENTENCES = [
    ("", EMPTY),
    (" \r\n\u3000", EMPTY),
    ("[图片]", NOTHING),
    ("大家早上好\n今天真冷", NOTHING),
    ("好" * (paste_page.MOST_TEXT_BYTES // 3 + 1), TOO_LONG),
    ("\n".join(f"李雷妈妈:\n{number}\n" for number in range(paste_page.MOST_MESSAGES + 1)), TOO_MANY),
]


@pytest.mark.parametrize(("text", "sentence"), SENTENCES, ids=[f"{n} {row[1].what}" for n, row in enumerate(SENTENCES)])
@pytest.mark.parametrize("where", ["", "/save"])
def test_what_is_no_paste_is_told_in_a_sentence(
    desk: Desk, teacher: TestClient, where: str, text: str, sentence: Sentence
) -> None:
    page = post(desk, teacher, text, where, shown="2020-02-18")
    if where and text.startswith("大家"):  # only reading tells that it is talk
        assert page.status_code == 303
        return
    assert page.status_code == 200
    assert sentence.what in page.text
    assert sentence.then in page.text
    assert messages(desk) == 0


def test_a_text_that_cannot_be_read_can_be_kept_for_a_person(desk: Desk, teacher: TestClient) -> None:
    assert isinstance(desk.previews, InProcess)
    desk.previews.cannot = NoPreview.UNREADABLE
    page = post(desk, teacher, CHAIN)
    assert "没能读出来" in page.text
    assert "照原样存下来" in page.text
    assert post(desk, teacher, CHAIN, "/save", shown="2020-02-18").status_code == 303
    assert messages(desk) == 1


def test_where_others_are_before_it_the_text_stays_in_the_box(desk: Desk, teacher: TestClient) -> None:
    assert isinstance(desk.previews, InProcess)
    desk.previews.cannot = NoPreview.BUSY
    page = post(desk, teacher, CHAIN).text
    assert BUSY.what in page
    assert "1. 李雷 36.5 正常" in page


@pytest.mark.parametrize("text", ["\n\n  李雷 36.5 </textarea><script>alert(1)</script>", '"><i>李雷</i> 36.5'])
def test_the_text_can_be_changed_and_is_never_markup(desk: Desk, teacher: TestClient, text: str) -> None:
    shown = post(desk, teacher, text)
    edited = post(desk, teacher, text, "/edit")
    for page in (shown, edited):
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<i>李雷" not in page.text
    assert text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;") in edited.text


def test_only_those_who_see_the_group_by_name_may_paste(desk: Desk, teacher: TestClient) -> None:
    with desk.database.write() as session:
        other = Group(school_id=1, name="教师群", kind=GroupKind.STAFF)
        session.add(other)
        session.flush()
        elsewhere = f"/group/{group_ref(desk.keyring, other.id)}/paste"
    school, bureau = signed_in(desk, UserRole.SCHOOL), signed_in(desk, UserRole.BUREAU)
    token = token_in(teacher.get(f"{home(desk)}/paste").text)
    assert browser_at(desk).get(f"{home(desk)}/paste").status_code == 401
    assert bureau.get(f"{home(desk)}/paste").status_code == 404
    assert school.get(f"{home(desk)}/paste").status_code == 200
    for where in ("", "/edit", "/save"):
        assert teacher.post(elsewhere + where, data={"text": CHAIN, "csrf": token}).status_code == 404
    assert teacher.get(elsewhere).status_code == 404
    assert messages(desk) == 0


def test_a_day_that_is_none_is_no_page(desk: Desk, teacher: TestClient) -> None:
    for day in ("2020-02-30", "20200218", "x"):
        assert post(desk, teacher, CHAIN, day=day).status_code == 404
        assert post(desk, teacher, CHAIN, "/save", day=day).status_code == 404


def test_a_text_of_a_day_without_a_page_is_kept_all_the_same(desk: Desk, teacher: TestClient) -> None:
    text = "李雷妈妈 2020/2/25 8:01:02\n李雷 36.5 正常"  # a week ahead
    saved = post(desk, teacher, text, "/save", shown="2020-02-25")
    assert (saved.status_code, saved.headers["location"]) == (303, f"{home(desk)}?day=2020-02-18")
    assert messages(desk) == 1


def test_a_day_to_come_is_today(desk: Desk, teacher: TestClient) -> None:
    assert "2月18日 周二" in post(desk, teacher, CHAIN, day="2020-02-19").text


def test_texts_of_the_title_name_no_person(desk: Desk, teacher: TestClient) -> None:
    title = post(desk, teacher, CHAIN).text.partition("<title>")[2].partition("</title>")[0]
    assert title == "核对 三年二班"

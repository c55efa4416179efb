"""The notice holds all that 个人信息保护法 art. 17, 30 and 31 ask for, and is there before anything else is."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from bot import clock
from bot.pages.visit import Desk
from models.bureau import Bureau
from models.database import open_database
from tests.intake.county import KEYRING, County
from tests.pages.desk import NOW, browser_at, desk_of

ITEMS = (
    "谁在收集",
    "为什么收集，凭什么",
    "收集什么",
    "敏感个人信息",
    "对您有什么影响",
    "谁看得到什么",
    "只有报了几人、还差谁",
    "保存多久",
    "这一版还没有到期自动删除",
    "您可以要求什么",
    "撤回",
    "不满十四周岁的孩子",
    "监护人",
    "版本日期：2026年11月25日",
)


def test_it_holds_every_item(embedded_desk: Desk) -> None:
    answer = browser_at(embedded_desk).get("/privacy")
    assert answer.status_code == 200
    assert [item for item in ITEMS if item not in answer.text] == []
    assert "演示县教育局" in answer.text
    assert "收集依据：法定职责。" in answer.text


def test_until_when_the_basis_holds(embedded_desk: Desk) -> None:
    with embedded_desk.database.write() as session:
        session.execute(update(Bureau).values(basis_until=date(2020, 6, 30)))
    assert "收集依据：法定职责，有效到 2020年6月30日。" in browser_at(embedded_desk).get("/privacy").text


def test_before_the_county_is_known(embedded_desk: Desk) -> None:
    with embedded_desk.database.write() as session:
        session.execute(delete(Bureau))
    answer = browser_at(embedded_desk).get("/privacy")
    assert (answer.status_code, "还没有设置" in answer.text) == (200, True)


def test_before_there_is_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    database = open_database(f"sqlite:///{tmp_path / 'empty.db'}", KEYRING)
    answer = browser_at(desk_of(County(database, 0))).get("/privacy")
    assert (answer.status_code, "不满十四周岁" in answer.text) == (200, True)
    database.close()

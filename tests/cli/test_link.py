"""`jielong link`: one line on standard output, how long it holds beside it; the database never has the secret."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.wiring import build_rooms
from models.group import Group
from models.school import School
from models.sign_in import SignInLink
from tests.cli.conftest import INIT, Jielong

ROSTER = """\
学校,班级,姓名,身份
一小,一班,李雷,学生
一小,教职工群,王敏,教师
二小,一班,周小满,学生
"""


@pytest.fixture
def county(jielong: Jielong, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Jielong:
    monkeypatch.setenv("JIELONG_PUBLIC_URL", "https://jielong.example")
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER, encoding="utf-8")
    assert jielong(*INIT).status == 0
    assert jielong("roster", "import", str(path), "--yes").status == 0
    return jielong


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("--role teacher --group 教职工群", ("teacher", None, "教职工群")),
        ("--role teacher --group 一班 --school 二小", ("teacher", None, "一班")),
        ("--role school --school 二小", ("school", "二小", None)),
        ("--role bureau", ("bureau", None, None)),
    ],
)
def test_a_link(county: Jielong, words: str, unit: tuple[str, str | None, str | None]) -> None:
    said = county("link", *words.split())
    assert (said.status, len(said.out.splitlines()), len(said.err.splitlines())) == (0, 1, 1)
    assert "10 分钟" in said.err
    assert "一次" in said.err
    address, _, secret = said.out.strip().partition("?t=")
    assert address == "https://jielong.example/enter"
    assert len(secret) == 43  # 256 bits in base64
    rooms = build_rooms()
    with rooms.database.read() as session:
        link, school, group = session.execute(
            select(SignInLink, School.name, Group.name)
            .outerjoin(School, School.id == SignInLink.school_id)
            .outerjoin(Group, Group.id == SignInLink.group_id)
        ).one()
        assert (link.role, school, group) == unit
        assert link.digest != secret.encode()[:16]
        assert (link.expires_at - link.made_at).total_seconds() == 600
        assert link.spent_at is None
    rooms.database.close()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "缺少 --role"),
        ("--role boss", "--role 只能是 teacher、school、bureau"),
        ("--role teacher", "要用 --group 说明"),
        ("--role teacher --school 一小", "要用 --group 说明"),
        ("--role teacher --group 一班", "请用 --school 说明是哪一所"),
        ("--role teacher --group 九班 --school 一小", "没有叫“九班”的"),
        ("--role school", "要用 --school 说明"),
        ("--role school --school 一小 --group 一班", "不能用 --group"),
        ("--role school --school 三小", "没有叫“三小”的学校"),
        ("--role bureau --school 一小", "不能用 --school 和 --group"),
        ("--role bureau --group 一班", "不能用 --school 和 --group"),
    ],
)
def test_a_mistake_is_one_sentence(county: Jielong, words: str, sentence: str) -> None:
    said = county("link", *words.split())
    assert (said.status, said.out, len(said.err.splitlines())) == (2, "", 1)
    assert sentence in said.err


def test_revoking(county: Jielong) -> None:
    unit = ("--role", "teacher", "--group", "教职工群")
    assert county("link", *unit).status == 0
    said = county("link", *unit, "--revoke")
    assert (said.status, said.out) == (0, "已结束 0 个登录，没用过的链接也失效了\n")

"""`jielong replay`: cases in, one line of JSON a case out; a bad file is one sentence and exit status 2."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.replay import replay

CASE = {
    "id": "one",
    "tags": ["chain"],
    "setting": {
        "home_county": "昌图县",
        "home_city": "铁岭市",
        "home_province": "辽宁省",
        "since": "2020-01-20",
        "risk_areas": ["武汉市"],
    },
    "group": {
        "name": "三年二班",
        "kind": "class",
        "school": "昌图县实验小学",
        "members": [{"name": name, "role": "student", "aliases": []} for name in ("李雷", "韩梅梅")],
    },
    "messages": [
        {"id": "m1", "at": "2020-02-18T07:00:00+08:00", "sender": "李雷妈妈", "text": "2月18日体温\n1.李雷 37.6"},
        {"id": "m10", "at": "2020-02-18T07:10:00+08:00", "sender": "路人", "text": "36.5"},
        {"id": "m9", "at": "2020-02-18T07:09:00+08:00", "sender": "过客", "text": "36.4"},
    ],
    "expect": {},
}


def run(tmp_path: Path, text: str) -> tuple[int, str, str]:
    cases = tmp_path / "cases.jsonl"
    cases.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(replay, [str(cases)])
    return result.exit_code, result.stdout, result.stderr


def test_a_line_a_case(tmp_path: Path) -> None:
    second = {**CASE, "id": "two", "messages": []}
    status, out, err = run(tmp_path, "\n".join(json.dumps(case) for case in (CASE, second)))
    assert status == 0
    assert err == ""
    assert [json.loads(line) for line in out.splitlines()] == [
        {
            "id": "one",
            "records": {"2020-02-18": {"李雷": {"temperature": 37.6, "flags": ["fever"], "places": []}}},
            "review": ["m9", "m10"],
        },
        {"id": "two", "records": {}, "review": []},
    ]


def without(key: str) -> dict[str, object]:
    return {name: value for name, value in CASE.items() if name != key}


BAD = [
    ("not json", "{", "第 1 行"),
    ("no messages", json.dumps(without("messages")), "（messages）"),
    ("a time without zone", json.dumps(CASE).replace("+08:00", ""), "（messages.0.at）"),
    ("an unknown role", json.dumps(CASE).replace("student", "pupil"), "（group.members.0.role）"),
    ("the second line", json.dumps(CASE) + "\n[]", "第 2 行"),
]


@pytest.mark.parametrize(("why", "text", "where"), BAD, ids=[row[0] for row in BAD])
def test_a_bad_file_is_one_chinese_sentence(tmp_path: Path, why: str, text: str, where: str) -> None:
    status, out, err = run(tmp_path, text)
    assert (status, out) == (2, ""), why
    assert err.startswith("文件 cases.jsonl")
    assert where in err
    assert err.count("\n") == 1
    assert "李雷" not in err


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    binary = tmp_path / "cases.xlsx"
    binary.write_bytes(b"\xff\xfe\x00\xd8")
    for path, sentence in ((tmp_path / "none", "无法打开"), (tmp_path, "无法打开"), (binary, "不是 UTF-8")):
        result = CliRunner().invoke(replay, [str(path)])
        assert result.exit_code == 2
        assert sentence in result.stderr
        assert result.stdout == ""

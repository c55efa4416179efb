"""Settings: what is weak, malformed or half set stops the start; the sentence names the variable, never the value."""

import base64
import json
import re
import stat
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import Misconfigured
from bot.settings import PREFIX, Settings, load_settings

PROJECT = Path(__file__).parents[1]
TOKEN = "SanNianErBan2020"
AES_KEY = "Wd8/GjF8Edd941zqoUZtSN3KpPhZU1BMf8MwkBHBJpo"
SECRET = "whsec_" + base64.b64encode(bytes(range(24))).decode()
OTHER_SECRET = "whsec_" + base64.b64encode(bytes(24)).decode()

APP = {"WECOM_CORP_ID": "wwd0c0ffee00000001", "WECOM_APP_TOKEN": TOKEN, "WECOM_APP_AES_KEY": AES_KEY}
BOT = {"WECOM_BOT_TOKEN": TOKEN, "WECOM_BOT_AES_KEY": AES_KEY}
ACCOUNT = {
    "OFFICIAL_ACCOUNT_APP_ID": "wxba5fad812f8e6fb9",
    "OFFICIAL_ACCOUNT_TOKEN": TOKEN,
    "OFFICIAL_ACCOUNT_AES_KEY": AES_KEY,
}
GATEWAY = {"GATEWAY_SECRETS": json.dumps({"home": SECRET})}


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable and no .env of whoever runs the test."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)


def load(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> Settings:
    for name, value in variables.items():
        monkeypatch.setenv(PREFIX + name, value)
    return load_settings()


def gateways(**secrets: str) -> dict[str, str]:
    return {"GATEWAY_SECRETS": json.dumps(secrets)}


# what is wrong, the variables, which one the sentence names, and a word of why
BAD = [
    *(
        (f"{name} {what}", {**whole, name: value}, name, why)
        for whole, name in (
            (APP, "WECOM_APP_TOKEN"), (BOT, "WECOM_BOT_TOKEN"), (ACCOUNT, "OFFICIAL_ACCOUNT_TOKEN"),
            ({}, "ONEBOT_SECRET"),
        )
        for what, value, why in (
            ("empty", "", "空"), ("blank", "            ", "空"), ("of 11", "a" * 11, "12"), ("None", "None", "12"),
            ("spaced", "SanNian ErBan2020", "空格"), ("Chinese", "三年二班三年二班三年二班", "半角"),
        )
    ),
    *(
        (f"{name} {what}", {**whole, name: value}, name, why)
        for whole, name in (
            (APP, "WECOM_APP_AES_KEY"), (BOT, "WECOM_BOT_AES_KEY"), (ACCOUNT, "OFFICIAL_ACCOUNT_AES_KEY"),
        )
        for what, value, why in (
            ("empty", "", "空"), ("of 42", AES_KEY[:-1], "43"), ("of 44", AES_KEY + "=", "43"), ("odd", "!" * 43, "43"),
        )
    ),
    ("app without a key", {k: v for k, v in APP.items() if k != "WECOM_APP_AES_KEY"}, "WECOM_APP_AES_KEY", "没有设置"),
    ("app without a token", {k: v for k, v in APP.items() if k != "WECOM_APP_TOKEN"}, "WECOM_APP_TOKEN", "没有设置"),
    ("app without a corp", {k: v for k, v in APP.items() if k != "WECOM_CORP_ID"}, "WECOM_CORP_ID", "没有设置"),
    ("corp alone", {"WECOM_CORP_ID": "ww1"}, "WECOM_APP_TOKEN", "没有设置"),
    ("corp with a space", {**APP, "WECOM_CORP_ID": "ww 1"}, "WECOM_CORP_ID", "字母"),
    ("app's secret without its id", {**APP, "WECOM_APP_SECRET": TOKEN}, "WECOM_APP_AGENT_ID", "没有设置"),
    ("app's id that is no number", {**APP, "WECOM_APP_AGENT_ID": "x"}, "WECOM_APP_AGENT_ID", "整数"),
    ("app's secret empty", {**APP, "WECOM_APP_AGENT_ID": "1", "WECOM_APP_SECRET": ""}, "WECOM_APP_SECRET", "空"),
    ("bot without a key", {"WECOM_BOT_TOKEN": TOKEN}, "WECOM_BOT_AES_KEY", "没有设置"),
    ("bot without a token", {"WECOM_BOT_AES_KEY": AES_KEY}, "WECOM_BOT_TOKEN", "没有设置"),
    ("bot's id alone", {"WECOM_BOT_ID": "aib1"}, "WECOM_BOT_SECRET", "没有设置"),
    ("bot's secret alone", {"WECOM_BOT_SECRET": TOKEN}, "WECOM_BOT_ID", "没有设置"),
    ("account without an id", {"OFFICIAL_ACCOUNT_TOKEN": TOKEN, "OFFICIAL_ACCOUNT_AES_KEY": AES_KEY},
     "OFFICIAL_ACCOUNT_APP_ID", "没有设置"),
    ("OneBot's address alone", {"ONEBOT_API_URL": "https://bot.example.com"}, "ONEBOT_ACCESS_TOKEN", "没有设置"),
    ("OneBot's token alone", {"ONEBOT_ACCESS_TOKEN": TOKEN}, "ONEBOT_API_URL", "没有设置"),
    ("key of 31", {"SECRET_KEY": "k" * 31}, "SECRET_KEY", "32"),
    ("key empty", {"SECRET_KEY": ""}, "SECRET_KEY", "空"),
    ("gateway's secret without whsec_", gateways(home=SECRET.removeprefix("whsec_")), "GATEWAY_SECRETS", "whsec_"),
    ("gateway's secret of 23 bytes", gateways(home="whsec_" + "eHh4" * 7 + "eHg="), "GATEWAY_SECRETS", "24"),
    ("gateway's secret no base64", gateways(home="whsec_" + "!" * 44), "GATEWAY_SECRETS", "base64"),
    ("gateway's secret empty", gateways(home=""), "GATEWAY_SECRETS", "whsec_"),
    ("two gateways, one secret", gateways(a=SECRET, b=SECRET), "GATEWAY_SECRETS", "自己的密钥"),
    ("gateway's name in capitals", gateways(Home=SECRET), "GATEWAY_SECRETS", "小写"),
    ("gateway's name of 33", gateways(**{"a" * 33: SECRET}), "GATEWAY_SECRETS", "32"),
    ("gateway's name empty", gateways(**{"": SECRET}), "GATEWAY_SECRETS", "小写"),
    ("gateway's name a path", gateways(**{"../a": SECRET}), "GATEWAY_SECRETS", "小写"),
    ("gateways twice", {"GATEWAY_SECRETS": f'{{"a": "{SECRET}", "a": "{OTHER_SECRET}"}}'}, "GATEWAY_SECRETS", "两次"),
    ("gateways no JSON", {"GATEWAY_SECRETS": f"home={SECRET}"}, "GATEWAY_SECRETS", "JSON"),
    ("gateways a list", {"GATEWAY_SECRETS": json.dumps([SECRET])}, "GATEWAY_SECRETS", "JSON"),
    ("gateways empty", {"GATEWAY_SECRETS": ""}, "GATEWAY_SECRETS", "JSON"),
    ("gateway's secret a number", {"GATEWAY_SECRETS": '{"home": 1}'}, "GATEWAY_SECRETS", "JSON"),
    ("address of no gateway", {"GATEWAY_URLS": '{"home": "https://a.example.com"}'}, "GATEWAY_URLS", "没有密钥"),
    ("gateway's address in the open", {**GATEWAY, "GATEWAY_URLS": '{"home": "http://a.example.com"}'},
     "GATEWAY_URLS", "https"),
    ("public address in the open", {"PUBLIC_URL": "http://jielong.example.com"}, "PUBLIC_URL", "https"),
    ("public address without scheme", {"PUBLIC_URL": "jielong.example.com"}, "PUBLIC_URL", "https"),
    ("public address of a script", {"PUBLIC_URL": "javascript://jielong.example.com"}, "PUBLIC_URL", "https"),
    ("public address with a password", {"PUBLIC_URL": "https://a:b@jielong.example.com"}, "PUBLIC_URL", "账号"),
    ("public address with a path", {"PUBLIC_URL": "https://a.example.com/jielong"}, "PUBLIC_URL", "不带路径"),
    ("public address empty", {"PUBLIC_URL": ""}, "PUBLIC_URL", "https"),
    ("public address of a bad port", {"PUBLIC_URL": "https://a.example.com:x"}, "PUBLIC_URL", "网址"),
    ("origin with a path", {"WECOM_API_URL": "https://qyapi.weixin.qq.com/cgi-bin"}, "WECOM_API_URL", "路径"),
    ("origin with a query", {"WECOM_API_URL": "https://qyapi.weixin.qq.com?a=1"}, "WECOM_API_URL", "路径"),
    ("origin in the open", {"OFFICIAL_ACCOUNT_API_URL": "http://10.0.0.1"}, "OFFICIAL_ACCOUNT_API_URL", "https"),
    ("origin like loopback", {"WECOM_API_URL": "http://127.0.0.1.example.com"}, "WECOM_API_URL", "https"),
    ("socket in the open", {"WECOM_BOT_WS_URL": "ws://openws.work.weixin.qq.com"}, "WECOM_BOT_WS_URL", "wss"),
    ("zone that is none", {"TIMEZONE": "Asia/Benxi"}, "TIMEZONE", "时区"),
    ("zone empty", {"TIMEZONE": ""}, "TIMEZONE", "时区"),
    ("zone of a path", {"TIMEZONE": "../../etc/localtime"}, "TIMEZONE", "时区"),
    ("no open day", {"OPEN_DAYS": "0"}, "OPEN_DAYS", "至少是 1"),
    ("days no number", {"OPEN_DAYS": "a week"}, "OPEN_DAYS", "整数"),
    ("days beyond the calendar", {"OPEN_DAYS": "1000000"}, "OPEN_DAYS", "最多是"),
    ("database of another kind", {"DATABASE_URL": "mysql://root:Geheimnis@localhost/x"}, "DATABASE_URL", "sqlite"),
    ("database empty", {"DATABASE_URL": ""}, "DATABASE_URL", "sqlite"),
    ("database in memory", {"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL", "sqlite"),
    ("folder empty", {"DATA_DIR": " "}, "DATA_DIR", "空"),
]  # fmt: skip


@pytest.mark.parametrize(("variables", "named", "why"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_setting_stops_the_start_and_is_named(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str, why: str
) -> None:
    with pytest.raises(Misconfigured) as caught:
        load(monkeypatch, variables)
    sentence = str(caught.value)
    assert PREFIX + named in sentence
    assert why in sentence
    assert "\n" not in sentence
    shown = [value for value in variables.values() if len(value.strip()) > 8 and value.strip() in sentence]
    assert not shown
    assert not re.search("Geheimnis|U2Fu|" + re.escape(SECRET[6:]), sentence)
    assert caught.value.__cause__ is None


def test_all_that_is_wrong_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Misconfigured) as caught:
        load(monkeypatch, {"OPEN_DAYS": "0", "TIMEZONE": "x", "ONEBOT_SECRET": "x"})
    assert {f"{PREFIX}OPEN_DAYS", f"{PREFIX}TIMEZONE", f"{PREFIX}ONEBOT_SECRET"} <= set(
        re.findall(r"\w+", str(caught.value))
    )


@pytest.mark.parametrize(
    "variables",
    [
        {},
        APP,
        {**APP, "WECOM_APP_AGENT_ID": "1000002"},
        {**APP, "WECOM_APP_AGENT_ID": "1000002", "WECOM_APP_SECRET": "s3cr3t"},
        {"WECOM_CORP_ID": "ww1", "WECOM_APP_AGENT_ID": "1000002", "WECOM_APP_SECRET": "s3cr3t"},
        BOT,
        {**BOT, "WECOM_BOT_ID": "aib1"},
        {"WECOM_BOT_ID": "aib1", "WECOM_BOT_SECRET": "s3cr3t", "WECOM_BOT_WS_URL": "ws://127.0.0.1:9"},
        {**APP, **BOT, **ACCOUNT, **GATEWAY, "ONEBOT_SECRET": TOKEN},
        {**GATEWAY, "GATEWAY_URLS": '{"home": "http://127.0.0.1:9/answers"}'},
        gateways(a=SECRET, b=OTHER_SECRET),
        gateways(**{"a-1": SECRET.rstrip("=")}),
        {"WECOM_API_URL": "http://[::1]:9", "OFFICIAL_ACCOUNT_API_URL": "http://localhost:9/"},
        {"OPEN_DAYS": "10000"},
        {"SECRET_KEY": "k" * 32},
    ],
)
def test_a_whole_setting_is_taken(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    settings = load(monkeypatch, variables)
    for name in variables:
        assert name.lower() in settings.model_fields_set


def test_defaults() -> None:
    settings = load_settings()
    assert settings.database_url == "sqlite:///data/jielong.db"
    assert (settings.open_days, settings.zone, settings.gateway_secrets) == (7, ZoneInfo("Asia/Shanghai"), {})
    assert settings.wecom_api_url == "https://qyapi.weixin.qq.com"
    assert settings.official_account_api_url == "https://api.weixin.qq.com"


def test_the_database_is_in_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert load(monkeypatch, {"DATA_DIR": str(tmp_path)}).database_url == f"sqlite:///{tmp_path}/jielong.db"


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("JIELONG_OPEN_DAYS=3\nJIELONG_TIMEZONE=UTC\nOTHER=1\n", encoding="utf-8")
    settings = load(monkeypatch, {"OPEN_DAYS": "5"})
    assert (settings.open_days, settings.zone.key) == (5, "UTC")


def test_a_name_that_nothing_reads_stops_the_start() -> None:
    Path(".env").write_text(f"JIELONG_WECOM_BOT_TOKN={TOKEN}\n", encoding="utf-8")
    with pytest.raises(Misconfigured, match="JIELONG_WECOM_BOT_TOKN") as caught:
        load_settings()
    assert TOKEN not in str(caught.value)


def test_a_file_that_is_no_text_stops_the_start() -> None:
    Path(".env").write_bytes("JIELONG_OPEN_DAYS=7 # 天\n".encode("gbk"))
    with pytest.raises(Misconfigured, match="UTF-8"):
        load_settings()


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {
        **APP, **BOT, **ACCOUNT, **GATEWAY, "ONEBOT_SECRET": TOKEN, "SECRET_KEY": "k" * 32, "WECOM_APP_AGENT_ID": "1",
        "WECOM_APP_SECRET": "s3cr3t-of-the-app", "DATABASE_URL": "postgresql://jielong:Geheimnis@localhost/jielong",
    }  # fmt: skip
    settings = load(monkeypatch, variables)
    shown = f"{settings!r}{settings}"
    assert "wwd0c0ffee00000001" in shown
    assert not [word for word in (TOKEN, AES_KEY, SECRET[6:], "k" * 32, "s3cr3t", "Geheimnis") if word in shown]


class TestSecretKey:
    def test_that_is_set_is_used_and_no_file_is_made(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert load(monkeypatch, {"SECRET_KEY": "k" * 32}).secret_key_bytes() == b"k" * 32
        assert not Path("data").exists()

    def test_is_made_once_for_its_owner_alone(self) -> None:
        first = load_settings().secret_key_bytes()
        assert len(first) >= 32
        assert load_settings().secret_key_bytes() == first
        assert stat.S_IMODE(Path("data/secret.key").stat().st_mode) == 0o600
        assert stat.S_IMODE(Path("data").stat().st_mode) == 0o700
        assert [path.name for path in Path("data").iterdir()] == ["secret.key"]

    def test_is_the_same_for_processes_that_start_at_once(self) -> None:
        code = "from bot.settings import load_settings; print(load_settings().secret_key_bytes().hex())"
        starts = [
            subprocess.Popen(
                [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(PROJECT)}
            )
            for _ in range(4)
        ]
        assert len({start.communicate(timeout=60)[0] for start in starts}) == 1
        assert [start.returncode for start in starts] == [0] * 4

    @pytest.mark.parametrize(
        ("content", "mode", "why"), [("k" * 31, 0o600, "太短"), ("", 0o600, "太短"), ("k" * 43, 0o640, "chmod 600")]
    )
    def test_that_cannot_be_relied_on_stops_the_start(self, content: str, mode: int, why: str) -> None:
        Path("data").mkdir()
        path = Path("data/secret.key")
        path.write_text(content, encoding="utf-8")
        path.chmod(mode)
        with pytest.raises(Misconfigured, match=why):
            load_settings().secret_key_bytes()

    def test_that_cannot_be_kept_stops_the_start(self) -> None:
        Path("data").write_text("a file where the folder should be", encoding="utf-8")
        with pytest.raises(Misconfigured, match="JIELONG_DATA_DIR"):
            load_settings().secret_key_bytes()


ASSIGNMENT = re.compile(r"(# )?[A-Z_]+=")
LINES = (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
ASSIGNED = [line.removeprefix("# ").partition("=") for line in LINES if ASSIGNMENT.match(line)]


class TestExample:
    """`.env.example` explains every setting, and nothing else."""

    def test_names_every_setting_once(self) -> None:
        names = [name for name, _, _ in ASSIGNED]
        assert sorted(names) == sorted(PREFIX + name.upper() for name in Settings.model_fields)

    def test_shows_the_defaults(self) -> None:
        defaults = load_settings().model_dump(mode="json")
        shown = {name.removeprefix(PREFIX).lower(): value for name, _, value in ASSIGNED}
        for name, default in defaults.items():
            written = "" if default is None else json.dumps(default) if isinstance(default, dict) else str(default)
            assert shown[name] == written, name

    def test_can_be_copied_as_it_is(self) -> None:
        Path(".env").write_text("\n".join(LINES), encoding="utf-8")
        assert load_settings() == Settings(_env_file=None)

    def test_explains_each_in_words(self) -> None:
        """A paragraph that assigns begins with what it is about."""
        paragraphs = [part.splitlines() for part in "\n".join(LINES).split("\n\n")]
        assigning = [part for part in paragraphs if any(ASSIGNMENT.match(line) for line in part)]
        assert len(assigning) > 10
        assert not [part for part in assigning if ASSIGNMENT.match(part[0])]

"""Group robots: only `errcode` 0 is sent; what every other answer means; the key is in no log."""

import json
import logging
import socket
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.channels.protocol import Outgoing, Refused, Said, Sent, TryLater, Unknown
from bot.channels.wecom_robot import EXCHANGE_SECONDS, WecomRobot
from bot.logs import configure_logs
from tests.channels.platform import sample
from tests.delivery.robot import FakeRobot, Fault, in_turn

KEY = "00000000-made-up00-0000-000000000001"
TEXT = "家长早上好，三年二班今天的接龙已有27位，还差3位：何*桐、马*、欧**博。11点前补上就好，谢谢！"
MESSAGE = Outgoing(KEY, TEXT)
PATIENCE = 0.3  # in seconds, with answers that never end
ENDLESS = {Fault.DRIP, Fault.DRIP_HEAD, Fault.HANG}

SOON = TryLater(timedelta(seconds=60))
ANSWERS: dict[Fault | None, Said] = {
    None: Sent(),
    Fault.BUSY: TryLater(timedelta(seconds=60), most_tries=3),
    Fault.TOO_OFTEN: SOON,
    Fault.OVER_THE_LIMIT: TryLater(timedelta(minutes=10)),
    Fault.GONE: Refused(gone=True),
    Fault.WRONG_PARAMETER: Refused(),
    Fault.NO_ERRCODE: Unknown(),
    Fault.ERRCODE_IS_TEXT: Unknown(),
    Fault.NO_JSON: Unknown(),
    Fault.NO_OBJECT: Unknown(),
    Fault.NO_UTF8: Unknown(),
    Fault.TOO_LONG: Unknown(),
    Fault.HTTP_301: Refused(),
    Fault.HTTP_302: Refused(),
    Fault.HTTP_400: Refused(),
    Fault.HTTP_403: Refused(),
    Fault.HTTP_404: Refused(),
    Fault.HTTP_429: SOON,
    Fault.HTTP_500: Unknown(),
    Fault.HTTP_502: Unknown(),
    Fault.HTTP_503: SOON,
    Fault.RESET_UNREAD: Unknown(),
    Fault.RESET_READ: Unknown(),
    Fault.LOST: Unknown(),
    Fault.DRIP: Unknown(),
    Fault.DRIP_HEAD: Unknown(),
    Fault.HANG: Unknown(),
}


@pytest.fixture
def robot() -> Iterator[FakeRobot]:
    with FakeRobot() as fake:
        yield fake


def test_every_fault_is_named_here() -> None:
    assert ANSWERS.keys() == {*Fault, None}


@pytest.mark.parametrize("fault", ANSWERS, ids=str)
def test_what_an_answer_means(robot: FakeRobot, fault: Fault | None) -> None:
    robot.script = in_turn(fault)
    began = time.monotonic()
    patience = PATIENCE if fault in ENDLESS else EXCHANGE_SECONDS
    assert WecomRobot(robot.url, patience).send(MESSAGE) == ANSWERS[fault]
    assert time.monotonic() - began < PATIENCE + 2
    assert len(robot.posted) == 1, "nothing is repeated"


def test_the_request_is_that_of_the_sample(robot: FakeRobot) -> None:
    wanted = sample("out-wecom-webhook.json")["text"]
    text = wanted["json"]["text"]
    mentions = tuple(text["mentioned_list"])
    assert WecomRobot(robot.url).send(Outgoing(KEY, text["content"], mentions)) == Sent()
    assert WecomRobot(robot.url).send(Outgoing(KEY, text["content"])) == Sent()
    (with_mentions, plain) = robot.posted
    assert wanted["url"] == f"https://qyapi.weixin.qq.com{with_mentions.address}"
    body = json.loads(with_mentions.body)
    assert body == {"msgtype": "text", "text": {"content": text["content"], "mentioned_list": [*mentions]}}
    assert json.loads(plain.body) == {"msgtype": "text", "text": {"content": text["content"]}}


@pytest.mark.parametrize("text", ["@所有人 <@all> @all", "张三@LinXT"])
def test_nobody_is_mentioned_because_of_a_text(robot: FakeRobot, text: str) -> None:
    assert WecomRobot(robot.url).send(Outgoing(KEY, text)) == Sent()
    assert robot.posted[0].mentions == ()


@pytest.mark.parametrize("key", ["a b&key=other", "../../send?key=x#y", "键", "%2e%2e", "a\u2028b"])
def test_a_key_stays_one_value(robot: FakeRobot, key: str) -> None:
    assert WecomRobot(robot.url).send(Outgoing(key, TEXT)) == Sent()
    assert [one.key for one in robot.posted] == [key]


@pytest.mark.parametrize(
    ("text", "said"),
    [("正" * 682 + "常", Refused()), ("正" * 682 + "ok", Sent()), ("x" * 2048, Sent()), ("x" * 2049, Refused())],
)
def test_what_is_too_long_is_refused_and_not_cut(robot: FakeRobot, text: str, said: Said) -> None:
    assert WecomRobot(robot.url).send(Outgoing(KEY, text)) == said
    assert [one.text for one in robot.posted] == ([text] if said == Sent() else [])


def test_nobody_there_is_nothing_sent() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert WecomRobot(f"http://127.0.0.1:{unused.getsockname()[1]}").send(MESSAGE) == SOON


def test_redirects_are_not_followed(robot: FakeRobot) -> None:
    with FakeRobot() as elsewhere:
        for fault in (Fault.HTTP_301, Fault.HTTP_302):
            robot.script = in_turn(fault)
            robot.redirects_to = f"{elsewhere.url}/cgi-bin/webhook/send?key={KEY}"
            assert WecomRobot(robot.url).send(MESSAGE) == Refused()
        assert elsewhere.posted == []


def test_the_environment_names_no_proxy(robot: FakeRobot, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert WecomRobot(robot.url).send(MESSAGE) == Sent()


def test_many_at_once(robot: FakeRobot) -> None:
    way_out = WecomRobot(robot.url)
    said: list[Said] = []
    threads = [
        threading.Thread(target=lambda n=number: said.append(way_out.send(Outgoing(f"key-{n}", TEXT))))
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [Sent()] * 20
    assert len({one.key for one in robot.posted}) == 20


def test_no_log_holds_the_key(
    robot: FakeRobot,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [*root.handlers])
    with caplog.at_level(logging.DEBUG):
        for fault in ANSWERS:
            robot.script = in_turn(fault)
            WecomRobot(robot.url, PATIENCE).send(MESSAGE)
        assert [record for record in caplog.records if record.name.startswith("httpcore2")], "something was logged"
        assert KEY not in caplog.text
        configure_logs()
        root.setLevel(logging.DEBUG)
        WecomRobot(robot.url).send(MESSAGE)
    printed = capsys.readouterr()
    assert KEY not in printed.out + printed.err
    assert KEY not in f"{MESSAGE!r}{WecomRobot(robot.url)!r}"

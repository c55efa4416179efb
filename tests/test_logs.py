"""What a family wrote is in no log, whatever breaks: an exception's own words are never written."""

import json
import logging
import sys
import threading

import pytest
import structlog

from bot.logs import configure_logs

CANARY = "卡纳丽测试甲 38.6 发热"


@pytest.fixture(autouse=True)
def logs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hooks and handlers are put back afterwards."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    configure_logs()


def fail() -> None:
    text = CANARY
    raise ValueError(f"cannot read {text}")


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    printed = capsys.readouterr()
    assert CANARY not in printed.err + printed.out
    assert "卡纳丽" not in printed.err + printed.out
    return [json.loads(line) for line in printed.err.splitlines()]


def test_an_exception_that_nobody_caught(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        fail()
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    (line,) = lines(capsys)
    assert (line["event"], line["error"]) == ("unexpected", "ValueError")
    assert "test_logs.py" in str(line["at"])
    assert "fail" in str(line["at"])


def test_an_exception_in_a_thread(capsys: pytest.CaptureFixture[str]) -> None:
    thread = threading.Thread(target=fail, name="a thread")
    thread.start()
    thread.join()
    (line,) = lines(capsys)
    assert (line["thread"], line["error"]) == ("a thread", "ValueError")


def test_what_a_library_logs(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application: %s", CANARY)
    (line,) = lines(capsys)
    assert (line["logger"], line["error"]) == ("uvicorn.error", "ValueError")


def test_our_own_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info("read", group=1)
    (line,) = lines(capsys)
    assert (line["event"], line["group"], line["level"]) == ("read", 1, "info")

"""Logs: JSON lines on standard error with ids only. No query strings, texts, names, parameters or local variables.

What an exception says may hold what a family wrote, so of an unexpected one only its type and where it was raised are
written, whoever catches it: a command, a thread, the web server.
"""

import logging
import sys
import threading
from pathlib import Path
from types import TracebackType

import structlog

FRAMES = 8  # the innermost ones

log = structlog.get_logger()


def configure_logs(least: int = logging.NOTSET) -> None:
    """Let everything in this process log this way; `least`: how grave it must be, as `logging` counts."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(least),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # as it is when the line is written
    )
    root = logging.getLogger()
    root.handlers = [_Lines()]
    root.setLevel(logging.WARNING)
    sys.excepthook = _unexpected
    threading.excepthook = _unexpected_in_thread


def described(error: BaseException) -> dict[str, object]:
    """An exception without its words: its type, and where it was raised, innermost last."""
    return {"error": type(error).__name__, "at": _frames(error.__traceback__)}


def _frames(traceback: TracebackType | None) -> list[str]:
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{Path(code.co_filename).name}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return frames[-FRAMES:]


def _unexpected(_kind: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
    log.critical("unexpected", **described(error))


def _unexpected_in_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None:
        name = arguments.thread.name if arguments.thread else None
        log.critical("unexpected", thread=name, **described(arguments.exc_value))


class _Lines(logging.Handler):
    """What libraries log: who, how grave, and of an exception its type and place. Not their words: they may quote."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        error = record.exc_info[1] if record.exc_info else None
        log.warning("library", logger=record.name, grade=record.levelname, **(described(error) if error else {}))

"""`jielong serve` and `jielong work`: the roles."""

import contextlib
import gc
import resource
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from types import FrameType

import click
import uvicorn

from bot.app import build_app
from bot.channels.protocol import Sends
from bot.cli.chinese import Command
from bot.cli.rooms import expect_ready_or_absent
from bot.errors import NotPossible
from bot.supervisor import Supervisor
from bot.wiring import Rooms, build_rooms, open_rooms

BACKLOG = 2048  # connections that wait to be accepted: a morning's peak, and all of it while the service starts
GRACE_SECONDS = 4  # for requests that are being answered when the service is told to end


def run_service(
    rooms: Rooms,
    host: str,
    port: int,
    *,
    work: bool = True,
    schedule: bool = True,
    outlets: Mapping[str, Sends] | None = None,
) -> None:
    """Serve until SIGTERM or Ctrl-C; ends with what it started within 10 s."""
    expect_ready_or_absent(rooms)
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, _end)
    _take_all_descriptors()
    listener = listen(host, port)
    config = uvicorn.Config(
        build_app(rooms, work=work, schedule=schedule, outlets=outlets),
        log_config=None,
        access_log=False,  # a query holds signatures
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=30,
    )
    gc.freeze()  # what is loaded by now stays to the end, which comes sooner where nobody looks through it
    uvicorn.Server(config).run(sockets=[listener])


def _end(_signal: int, _frame: FrameType | None) -> None:
    """End well: before the service answers at once; later uvicorn ends it first and then raises the signal again."""
    sys.exit(0)


def _take_all_descriptors() -> None:
    """As many open connections as the system allows: one that sends nothing must not take another's place."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections; raises NotPossible where the address is taken, or none of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError:
        raise NotPossible(f"不能在 {host}:{port} 上监听：端口已被占用或地址不对，请换 --port 或 --host") from None


@click.command(cls=Command, short_help="运行服务：接收、读取、页面、提醒和日报")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="监听端口")
@click.option("--no-work", is_flag=True, help="只接收，不读取（另用 jielong work 读取）")
@click.option("--no-schedule", is_flag=True, help="不在本进程内运行定时任务（另用 jielong schedule）")
def serve(host: str, port: int, *, no_work: bool, no_schedule: bool) -> None:
    """运行服务：接收各渠道的消息并读取成健康记录，显示页面，到点发提醒和日报。

    \b
    例：
      jielong serve --port 8000
    """  # noqa: D301 - click's mark for text that is not to be wrapped
    run_service(build_rooms(), host, port, work=not no_work, schedule=not no_schedule)


@click.command(cls=Command, short_help="只读取消息（与 serve --no-work 配合）")
def work() -> None:
    """只读取消息：与 jielong serve --no-work 配合，可在 PostgreSQL 上同时运行多个。

    \b
    例：
      jielong work
    """  # noqa: D301 - click's mark for text that is not to be wrapped
    with open_rooms() as rooms:
        expect_ready_or_absent(rooms)
    supervisor = Supervisor()
    ended = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda _signal, _frame: ended.set())
    supervisor.start()
    with contextlib.suppress(KeyboardInterrupt):
        ended.wait()
    supervisor.stop()

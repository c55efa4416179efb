"""`jielong schedule`: the clock. A role that ticks and sends, or one look at what is due at an instant."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import click

from bot import clock
from bot.cli.chinese import Command
from bot.cli.rooms import expect_ready_or_absent, ready_rooms
from bot.clockwork import Done, Jobs, Schedule
from bot.delivery.outbox import Outcome, Posted, posted
from bot.delivery.sender import Sender
from bot.errors import NotPossible
from bot.wiring import Rooms, build_outlets, open_rooms
from models.vocabulary import DeadBecause, DeliveryKind, DeliveryState, JobKind, SlotOutcome

YEARS = range(1970, 3000)  # in which a day before and a day after can still be written
KINDS = {JobKind.REMINDER: "提醒", JobKind.SCHOOL_DIGEST: "日报", JobKind.BUREAU_DIGEST: "日报"}
POSTED = {DeliveryKind.REMINDER: "提醒", DeliveryKind.DIGEST: "日报"}
NOT_POSTED = {SlotOutcome.NOTHING: "没有人未报，不发", SlotOutcome.SKIPPED: "过了 30 分钟，不再发"}
STATES = {
    DeliveryState.SENT: "已发",
    DeliveryState.DUE: "暂时发不出去，稍后再发",
    DeliveryState.UNKNOWN: "没有等到平台的答复，不知道发出去没有，不再发",
}
DEAD = {
    DeadBecause.TOO_LATE: "过了时间，不再发",
    DeadBecause.BINDING_CHANGED: "机器人已经改绑，不发",
    DeadBecause.REFUSED: "平台不收这条消息，不再发",
    DeadBecause.ROBOT_GONE: "平台说没有这个机器人，请重新绑定",
    DeadBecause.NO_CHANNEL: "没有这个发送渠道",
}
HELP = """运行定时任务：到点提醒未报的群，给学校和教育局发日报。

不加选项时一直运行，可与 jielong serve --no-schedule 配合；在 PostgreSQL 上可同时运行多个，每件事只做一次。

加 --once 时只做那一刻该做的事，发完就结束；--at 是那一刻，不写就是现在，不写时区就是学校所在地的时间。

\b
例：
  jielong schedule
  jielong schedule --once
  jielong schedule --once --at 2020-02-19T09:00
"""


class Instant(click.ParamType[datetime]):
    """An instant as ISO 8601 writes it; without a zone it is naive."""

    name = "ISO"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The instant; a mistake is explained in Chinese."""
        try:
            instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            self.fail("不是时间，请写成 2020-02-19T09:00 这样", param, ctx)
        if instant.year not in YEARS:
            self.fail(f"的年份要在 {YEARS[0]} 到 {YEARS[-1]} 之间", param, ctx)
        return instant


@click.command(cls=Command, help=HELP, short_help="运行定时任务：提醒和日报")
@click.option("--once", is_flag=True, help="只做那一刻该做的事，然后结束")
@click.option("--at", type=Instant(), help="当作现在的时间，与 --once 一起用")
def schedule(at: datetime | None, *, once: bool) -> None:
    """Tick until SIGTERM or Ctrl-C, or look once."""
    if once:
        with ready_rooms() as rooms:
            _look_once(rooms, _aware(at, rooms.settings.zone))
    elif at is not None:
        raise NotPossible("--at 要和 --once 一起用")
    else:
        _tick()


def _tick() -> None:
    with open_rooms() as rooms:
        expect_ready_or_absent(rooms)
        ended = threading.Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, lambda _signal, _frame: ended.set())
        role = Schedule(rooms.database, rooms.settings, build_outlets(rooms.settings))
        role.start()
        ended.wait()
        role.stop()
    os._exit(0)  # at once: all that counts is in the database, and the interpreter's own end takes its time


def _look_once(rooms: Rooms, at: datetime) -> None:
    """Do and send what is due at the instant, and say so; raises NotPossible where something failed."""
    now = _from(at)
    done = Jobs(rooms.database, rooms.settings.zone, rooms.settings.public_url).run_due(at, patient=False)
    sent = Sender(rooms.database, build_outlets(rooms.settings), now).send_due()
    with rooms.database.read() as session:
        others = posted(session, {one.delivery_id for one in sent} - {one.delivery_id for one in done})
    for line in _lines(done, sent, others, at, rooms.settings.zone):
        click.echo(line)
    failed = sum(one.outcome is None for one in done)
    if failed:
        raise NotPossible(f"有 {failed} 件没有做成，原因见日志；30 分钟之内再运行一次会重试")


def _aware(at: datetime | None, zone: ZoneInfo) -> datetime:
    if at is None:
        return clock.now()
    return (at.replace(tzinfo=zone) if at.tzinfo is None else at).astimezone(UTC)


def _from(at: datetime) -> Callable[[], datetime]:
    """A clock that shows `at` now."""
    begun = clock.seconds()
    return lambda: at + timedelta(seconds=clock.seconds() - begun)


def _lines(
    done: list[Done], sent: list[Outcome], others: dict[int, Posted], at: datetime, zone: ZoneInfo
) -> Iterator[str]:
    """What was done at the instant, then what had been left in the outbox before."""
    became = {one.delivery_id: one for one in sent}
    for one in done:
        what = f"{one.due.due_at.astimezone(zone):%H:%M} {KINDS[one.due.kind]} {one.robot.whose}"
        late = f"（晚了 {(at - one.due.due_at) // timedelta(minutes=1)} 分钟）" if one.due.is_late(at) else ""
        if one.outcome is None:
            yield f"{what}：没有做成"
        elif one.outcome in NOT_POSTED:
            yield f"{what}：{NOT_POSTED[one.outcome]}"
        elif one.delivery_id in became:
            yield f"{what}{late}：{_said(became[one.delivery_id])}"
        else:
            yield f"{what}{late}：由另一个进程发送"
    for delivery_id, other in others.items():
        what = f"{other.due_at.astimezone(zone):%H:%M} {POSTED[other.kind]} {other.whose}"
        yield f"{what}：{_said(became[delivery_id])}"


def _said(outcome: Outcome) -> str:
    return STATES[outcome.state] if outcome.why is None else DEAD[outcome.why]

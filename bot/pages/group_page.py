"""A group's day on a phone: what is to be done first, what is well last and folded."""

from datetime import date, datetime

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.counts.earlier import Earlier, earlier
from bot.counts.group_day import GroupDay, group_day
from bot.counts.reminding import Reminder, Reminding, reminding
from bot.counts.roll import Roll
from bot.counts.tally import tally
from bot.messages import reminder
from bot.pages.addresses import SCHOOL_HOME, group_in_scope
from bot.pages.days import asked_day, dated, tab_of, tabs
from bot.pages.rendering import render
from bot.pages.visit import Desk, Page, Visit
from models.vocabulary import DeliveryState, GroupKind, SlotOutcome, State, UserRole
from scheduler.days import local_day

SHOWN = 10  # missing members who are named at once; where there are more, the rest is folded


def show(desk: Desk, visit: Visit) -> Response:
    """The group of the address on a day, today where none is asked for."""
    day = asked_day(visit)
    with desk.database.read() as session:
        group = group_in_scope(session, desk, visit.viewer, visit.path["ref"])
        seen = group_day(session, group.id, day, desk.zone)
        way = reminding(session, group, day, desk.zone)
        before = earlier(session, group.id, day)
        full_names = group.school.full_names
        address = f"/group/{visit.path['ref']}"
        days = tabs(visit, address, lambda one: _number(session, group.id, one))
    is_today = day == visit.today
    too_early = is_today and not seen.heard and visit.now < min(way.times, default=visit.now)
    return render(
        "group.html",
        visit,
        day=seen,
        last_heard=lambda member: _last_heard(before, member, visit, "昨天" if is_today else "前一天"),
        when="今天" if is_today else f"{day.month}月{day.day}日",
        is_today=is_today,
        is_class=seen.kind is GroupKind.CLASS,
        tabs=days,
        current=tab_of(day, visit),
        notes=_notes(seen, way, visit) if is_today else [],
        verdict=_verdict(seen, visit, is_today=is_today),
        source=_source(seen, way, visit, is_today=is_today),
        reminder=_reminder(way, visit) if is_today else "",
        calm=_calm(seen, way, visit, is_today=is_today),
        too_early=too_early,
        shown=SHOWN,
        copy=_copy(seen, way, visit, full_names=full_names, too_early=too_early) if is_today else None,
        here=dated(address, day, visit),
        school_href=dated(SCHOOL_HOME, day, visit) if visit.viewer.role is UserRole.SCHOOL else None,
        paste_href=dated(f"{address}/paste", day, visit),
    )


PAGES = (Page("GET", "/group/{ref}", frozenset({UserRole.TEACHER, UserRole.SCHOOL}), show),)


def _number(session: Session, group_id: int, day: date) -> str:
    """27/30, — where nobody was to report."""
    people = [one.people for one in tally(session, day, group_id=group_id).groups]
    return f"{people[0].heard}/{people[0].expected}" if people else "—"


def _copy(day: GroupDay, way: Reminding, visit: Visit, *, full_names: bool, too_early: bool) -> str | None:
    """The reminder for whoever sends it by hand; None where nobody is missing."""
    names = tuple(one.of.name for one in day.of(State.MISSING))
    again = any(one.state is DeliveryState.SENT for one in way.reminders)
    roll = Roll(day.group, day.kind, day.heard, names, full_names)
    at = visit.now.astimezone(visit.zone)
    return reminder.opening(roll, at) if too_early else reminder.text(roll, at, again=again)


def _last_heard(before: Earlier, membership_id: int, visit: Visit, day_before: str) -> str:
    """What stands in small beside who is missing."""
    at = before.yesterday(membership_id)
    if at is None:
        silent = before.silent_days(membership_id)
        return f"连着 {silent} 天没报" if silent > 1 else ""
    is_late = local_day(at, visit.zone) >= before.day
    return f"{day_before}的后来补了" if is_late else f"{day_before} {_clock(at, visit)} 报的"


def _verdict(day: GroupDay, visit: Visit, *, is_today: bool) -> str:
    missing = day.count(State.MISSING)
    if not day.expected:
        return "还没有名单"
    if not missing:
        return "都报了"
    if not is_today:
        return f"{missing} 人没报" if day.day < visit.today else "还没到这一天"
    return f"还差 {missing} 人" if day.heard else "还没有人报"


def _source(day: GroupDay, way: Reminding, visit: Visit, *, is_today: bool) -> str:
    """Whether words come in, and when the last ones did."""
    if day.heard_at is None:
        when = "今天" if is_today else "这一天"
        return f"{when}还没有收到群消息" if way.listens and is_today else f"{when}没有收到消息"
    return f"{'群消息' if way.listens else '最新消息'} {_clock(day.heard_at, visit)}"


def _clock(at: datetime, visit: Visit) -> str:
    return f"{at.astimezone(visit.zone):%H:%M}"


def _reminder(way: Reminding, visit: Visit) -> str:
    """When the robot reminds next, or that it has."""
    next_at = way.next_at(visit.now)
    if next_at is not None:
        return f"{_clock(next_at, visit)} 自动提醒"
    sent = [one for one in way.reminders if one.state is DeliveryState.SENT]
    return f"{_clock(sent[-1].due_at, visit)} 提醒过" if sent else ""


def _calm(day: GroupDay, way: Reminding, visit: Visit, *, is_today: bool) -> str:
    """What is said where nothing is to be done, "" where something is."""
    if day.count(State.CLEAR) < day.expected or day.doubts or day.others:
        return ""
    if not is_today:
        return "这一天都报了，没有情况。"
    next_at = way.next_at(visit.now)
    return "今天没有要您做的事。" + (f"{_clock(next_at, visit)} 的提醒不发。" if next_at else "")


def _notes(day: GroupDay, way: Reminding, visit: Visit) -> list[tuple[str, str]]:
    """What went wrong with the reminders of today, as (heading, sentence): who relies on them must know."""
    if way.robot_gone_at is not None:
        gone_at = way.robot_gone_at.astimezone(visit.zone)
        since = f"{gone_at:%H:%M}" if gone_at.date() == visit.today else f"{gone_at.month}月{gone_at.day}日"
        by_hand = "在那之前，要提醒就复制下面的话发到群里。" if day.count(State.MISSING) else ""
        return [(f"{since} 起提醒发不到群里", f"机器人可能被移出群了，请告诉学校重新绑定。{by_hand}")]
    if not day.count(State.MISSING):
        return []
    return [note for one in way.reminders if (note := _note(one, visit)) is not None]


def _note(reminder: Reminder, visit: Visit) -> tuple[str, str] | None:
    at = _clock(reminder.due_at, visit)
    by_hand = "要提醒的话，复制下面的话发到群里。"
    if reminder.outcome is SlotOutcome.SKIPPED:
        return f"{at} 的提醒没有发", f"到点时系统没在运行，过了时间就不补发。{by_hand}"
    if reminder.state is DeliveryState.DEAD:
        return f"{at} 的提醒没有发成", f"微信那边没有收下。{by_hand}"
    if reminder.state is DeliveryState.UNKNOWN:
        return f"{at} 的提醒不知道发出去没有", "请到群里看一眼；没有的话，复制下面的话发一次。"
    return None

"""Pasting what was copied out of WeChat: what was read in it is seen before anything is saved.

Asking, looking and saving are three addresses. Between them the text travels in the form, so that nothing of it is kept
anywhere until somebody says so.
"""

import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlalchemy import func, select
from starlette.responses import RedirectResponse, Response

from bot import clock
from bot.channels.paste import incoming, messages
from bot.channels.protocol import Incoming
from bot.counts.group_day import GroupDay, MemberLine
from bot.counts.members import MemberDay
from bot.counts.preview import Preview, Recognised
from bot.counts.quotes import Quote, Stretch
from bot.messages.figures import day_words, month_day
from bot.pages.addresses import group_address, group_in_scope
from bot.pages.days import asked_day, day_in
from bot.pages.errors import NotFound
from bot.pages.previews import NoPreview, Question
from bot.pages.rendering import celsius, render
from bot.pages.visit import Desk, Page, Visit
from bot.records.flags import LABELS
from models.group import Group
from models.message import InboxMessage
from models.vocabulary import Basis, MessageState, State, UserRole

MOST_TEXT_BYTES = 256 * 1024  # ten times the longest chain of a full group
MOST_PASTE_BYTES = 2 * 1024 * 1024  # of a form that holds such a text: a Chinese letter takes nine bytes in it
MOST_MESSAGES = 500
MOST_UNREAD = 40  # lines that are shown
CHOICES = ("今天", "昨天", "前天")
WAIT_SECONDS = 3.0  # for the reader, so that the page that follows shows what was saved
MOST_WAITERS = 8  # of the threads that all pages share
LOOK_SECONDS = 0.1
PASTERS = frozenset({UserRole.TEACHER, UserRole.SCHOOL})


@dataclass(frozen=True, slots=True)
class Sentence:
    """Why a paste is not shown, and what to do."""

    what: str
    then: str


EMPTY = Sentence("框里还是空的", "请先到群里长按最新的接龙，点「复制」，再贴到下面的框里。")
TOO_LONG = Sentence("贴的内容太长了", "请只复制一天的接龙或聊天记录，分几次贴。")
TOO_MANY = Sentence("一次贴的消息太多了", f"一次最多 {MOST_MESSAGES} 条，请分几次贴。")
NOTHING = Sentence("没有读到健康情况", "请复制群里最新的接龙，或家长报体温的消息。图片里的字读不到。")
BUSY = Sentence("正在读别人贴的内容", "请过一会儿，再点一次「看看读到了什么」。")


@dataclass(frozen=True, slots=True)
class Change:
    """A member of whom something was known before that is now known otherwise."""

    name: str = field(repr=False)
    before: str = field(repr=False)
    after: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Paste:
    """What somebody pasted for a group."""

    group_id: int
    group: str
    home: str
    day: date
    text: str = field(repr=False)
    messages: Sequence[Incoming] = field(repr=False)


def ask(desk: Desk, visit: Visit) -> Response:
    """Where a text is pasted."""
    group = _group(desk, visit)
    desk.previews.warm()
    return _asking(desk, visit, group, min(asked_day(visit), visit.today))


def edit(desk: Desk, visit: Visit) -> Response:
    """The same, with the text that was looked at."""
    return _asking(desk, visit, _group(desk, visit), _chosen(visit), text=visit.form.get("text", ""))


def look(desk: Desk, visit: Visit) -> Response:
    """What would be if the text were saved."""
    pasted = _pasted(desk, visit)
    if isinstance(pasted, Response):
        return pasted
    found = desk.previews.preview(Question(pasted.group_id, pasted.messages, pasted.day, visit.now))
    match found:
        case NoPreview.BUSY:
            return _asking(desk, visit, _group(desk, visit), pasted.day, BUSY, pasted.text)
        case NoPreview.UNREADABLE:
            return render("paste_unread.html", visit, pasted=pasted)
        case Preview():
            if not found.recognised.tells and not found.recognised.known:
                return _asking(desk, visit, _group(desk, visit), pasted.day, NOTHING, pasted.text)
            return _preview(visit, pasted, found)


def save(desk: Desk, visit: Visit) -> Response:
    """Keep the text; the reader takes it like any other message. Leads to the group's page of the day."""
    pasted = _pasted(desk, visit)
    if isinstance(pasted, Response):
        return pasted
    with desk.database.write() as session:
        desk.inbox.keep(session, pasted.messages, pasted.group_id, visit.now)
    _wait_until_read(desk, pasted.group_id)
    return RedirectResponse(f"{pasted.home}?day={_shown(visit, pasted)}", 303)


_WAITERS = threading.BoundedSemaphore(MOST_WAITERS)

PAGES = (
    Page("GET", "/group/{ref}/paste", PASTERS, ask),
    Page("POST", "/group/{ref}/paste", PASTERS, look, MOST_PASTE_BYTES),
    Page("POST", "/group/{ref}/paste/edit", PASTERS, edit, MOST_PASTE_BYTES),
    Page("POST", "/group/{ref}/paste/save", PASTERS, save, MOST_PASTE_BYTES),
)


def _group(desk: Desk, visit: Visit) -> Group:
    with desk.database.read() as session:
        return group_in_scope(session, desk, visit.viewer, visit.path["ref"])


def _chosen(visit: Visit) -> date:
    return min(day_in(visit.form, visit), visit.today)


def _asking(
    desk: Desk, visit: Visit, group: Group, day: date, sentence: Sentence | None = None, text: str = ""
) -> Response:
    days = [(word, visit.today - timedelta(days=ago)) for ago, word in enumerate(CHOICES)]
    if day not in dict(days).values():
        days.append((day_words(day), day))
    return render(
        "paste.html",
        visit,
        group=group.name,
        home=group_address(desk.keyring, group.id),
        day=day,
        days=days,
        sentence=sentence,
        text=text,
    )


def _pasted(desk: Desk, visit: Visit) -> _Paste | Response:
    """The paste of a form, or the page that says why it is none."""
    group, day, text = _group(desk, visit), _chosen(visit), visit.form.get("text", "")
    found = messages(text, day, visit.zone) if len(text.encode()) <= MOST_TEXT_BYTES else []
    sentence = None
    if not text.strip():
        sentence = EMPTY
    elif len(text.encode()) > MOST_TEXT_BYTES:
        sentence = TOO_LONG
    elif len(found) > MOST_MESSAGES:
        sentence = TOO_MANY
    elif not found:
        sentence = NOTHING
    if sentence is not None:
        return _asking(desk, visit, group, day, sentence, text if sentence is not TOO_LONG else "")
    now = visit.now.astimezone(visit.zone)
    kept = incoming(found, f"group-{group.id}", day, now, desk.keyring)
    return _Paste(group.id, group.name, group_address(desk.keyring, group.id), day, text, kept)


def _shown(visit: Visit, pasted: _Paste) -> date:
    """The day that was looked at; the chosen one where a text is dated so that there is no page of its day."""
    try:
        return day_in(visit.form, visit, "shown")
    except NotFound:
        return pasted.day


def _wait_until_read(desk: Desk, group_id: int) -> None:
    """Wait a moment for the reader, unless many do: a page must not be kept waiting by those who save."""
    if not _WAITERS.acquire(blocking=False):
        return
    try:
        _wait(desk, group_id)
    finally:
        _WAITERS.release()


def _wait(desk: Desk, group_id: int) -> None:
    waits = select(func.count()).where(InboxMessage.group_id == group_id, InboxMessage.state == MessageState.WAITING)
    until = clock.seconds() + WAIT_SECONDS
    while clock.seconds() < until:
        with desk.database.read() as session:
            if not session.scalar(waits):
                return
        time.sleep(LOOK_SECONDS)


# --- what is shown of a preview


def _preview(visit: Visit, pasted: _Paste, found: Preview) -> Response:
    days = sorted(found.days, key=lambda one: one.day != pasted.day)  # the chosen day first, the others as they are
    can_save = found.recognised.known < found.recognised.messages
    was = {(one.day, one.membership_id): one for one in found.before}
    return render(
        "paste_preview.html",
        visit,
        group=pasted.group,
        home=pasted.home,
        chosen=pasted.day,
        text=pasted.text,
        can_save=can_save,
        said=list(_said(pasted, found, visit)),
        days=[_without_noise(one) for one in days],
        changes={one.day: list(_changes(one, was)) for one in days},
        clear={one.day: _clear(one) for one in days},
        unread=found.recognised.unread,
        most_unread=MOST_UNREAD,
        button=_button(days),
    )


def _button(days: Sequence[GroupDay]) -> str:
    if len(days) > 1:
        return f"保存这 {len(days)} 天"
    return f"保存这 {days[0].heard} 人" if days[0].heard else "保存，先放着"


def _said(pasted: _Paste, found: Preview, visit: Visit) -> Iterator[str]:
    """What the paste is, and where it goes, in sentences."""
    what = found.recognised
    yield f"{_form(what)}，{_news(found)}。"
    if what.known:
        yield (
            "这些以前都存过，不会记两遍。" if what.known == what.messages else f"{what.known} 条以前存过，不会记两遍。"
        )
    others = [day.day for day in found.days if day.day != pasted.day]
    if others and len(others) == len(found.days) == 1:
        yield f"不是{_near(pasted.day, visit)}，记到{_near(others[0], visit)}。"
    elif others:
        yield f"{'、'.join(month_day(day) for day in others)}的，记到{'那一天' if len(others) == 1 else '各自那一天'}。"
    elif pasted.day != visit.today:
        yield f"记到{_near(pasted.day, visit)}。"


def _form(what: Recognised) -> str:
    if what.lines is not None:
        written = f"接龙写着 {month_day(what.chain_day)}，" if what.chain_day else "接龙 "
        return f"{written}{what.lines} 行"
    return f"{what.messages} 条消息" if what.messages > 1 else "一条消息"


def _news(found: Preview) -> str:
    """Whether the paste says anything that was not known."""
    heard = [line for day in found.days for line in day.members if line.of.state is not State.MISSING]
    new = {line.of.membership_id for line in heard if line.new}
    if new:
        return f"{len(new)} 人有新的" if len(new) < len({line.of.membership_id for line in heard}) else "都是新的"
    return "都要核实" if any(one.new for day in found.days for one in day.doubts) else "没有新的"


def _near(day: date, visit: Visit) -> str:
    """今天, 昨天（2月19日 周三）; further back the date alone."""
    ago = (visit.today - day).days
    if ago == 0:
        return CHOICES[0]
    return f"{CHOICES[ago]}（{day_words(day)}）" if 0 < ago < len(CHOICES) else f" {day_words(day)}"


def _without_noise(day: GroupDay) -> GroupDay:
    """The day, with nothing marked as new where everything is."""
    if any(not line.new and line.of.state is not State.MISSING for line in day.members):
        return day
    return replace(
        day,
        members=tuple(replace(line, new=False) for line in day.members),
        doubts=tuple(replace(one, new=False) for one in day.doubts),
    )


def _changes(day: GroupDay, was: dict[tuple[date, int], MemberDay]) -> Iterator[Change]:
    for line in day.members:
        before = was.get((day.day, line.of.membership_id))
        if line.new and before is not None and before.basis is not None and line.of.basis is not None:
            said, says = _summary(before), _summary(line.of)
            if said != says:
                yield Change(line.of.name, said, says)


def _summary(one: MemberDay) -> str:
    """36.7 ℃，发热、外出（沈阳市）: what a record says, in short."""
    flags = "、".join(LABELS[flag] for flag in one.flags)
    parts = [
        celsius(one.temperature) if one.temperature is not None else "",
        flags + (f"（{'、'.join(one.places)}）" if one.places else ""),
    ]
    return "，".join(part for part in parts if part) or ("只写了名字" if one.basis is Basis.INFERRED else "正常")


def _clear(day: GroupDay) -> list[tuple[MemberLine, list[tuple[Stretch, ...]]]]:
    """The members of whom all is well, in the order of the chain, each with their words behind the name."""
    lines = sorted(_without_noise(day).of(State.CLEAR), key=_place)
    return [
        (line, [words for words in dict.fromkeys(_behind_name(one, line.of.name) for one in line.quotes) if words])
        for line in lines
    ]


def _place(line: MemberLine) -> tuple[bool, int]:
    number = line.quotes[0].line if line.quotes else None
    return number is None, number or 0


def _behind_name(quote: Quote, name: str) -> tuple[Stretch, ...]:
    """The words of an entry without its number and the name, which stand beside it already."""
    if not quote.stretches:
        return ()
    first, *others = quote.stretches
    if first.mark is not None:
        return quote.stretches
    opening = re.match(
        rf"\s*(?:[\[(（]?\d{{1,3}}[\])）.、．,，:：\s]+)?(?:{re.escape(name)}[\s,，、:：]*)?", first.text
    )
    rest = first.text[opening.end() :] if opening else first.text
    return (replace(first, text=rest), *others) if rest else tuple(others)

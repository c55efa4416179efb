"""The reminder of a group: how many were heard from, and who is missing. Never anything of health.

The same text is what a teacher copies into the group by hand.
"""

from datetime import datetime, time

from bot.counts.roll import Roll
from bot.messages.names import listed
from bot.messages.plain import plain
from models.vocabulary import GroupKind
from scheduler.timetable import DIGESTS

MOST_NAMED = 10  # where more are missing, nobody is named: a long list shames, and helps no one
BY = DIGESTS.times[0]  # what is not in by then is not in the numbers that go out
_GREETINGS = ((time(10), "早上好"), (time(12), "上午好"), (time(14), "中午好"), (time(18), "下午好"))
_EVENING = "晚上好"


def text(roll: Roll, at: datetime, *, again: bool = False, privacy_url: str | None = None) -> str | None:
    """What is said in the group at a school-local instant; None where nobody is missing.

    `again`: it is not the day's first, and is shorter. `privacy_url`: where /privacy is, in a chat's very first one.
    """
    if not roll.missing:
        return None
    words = _again(roll, at) if again else _first(roll, at)
    return _with(privacy_url, words)


def _with(privacy_url: str | None, words: str) -> str:
    return words if privacy_url is None else f"{words}\n我们怎样处理这些信息：{privacy_url}"


def opening(roll: Roll, at: datetime) -> str:
    """What a teacher says before anybody could have answered: nobody is named yet."""
    return f"{_chain(roll, at)}开始了，{_by(at)}报上就好。"


def unnamed(roll: Roll, at: datetime, *, privacy_url: str | None = None) -> str | None:
    """What is said while reports may still wait to be read: nobody is named, nothing is counted."""
    return _with(privacy_url, f"{_chain(roll, at)}，还没报的{_by(at)}补上就好，谢谢！") if roll.missing else None


def mentions(roll: Roll) -> tuple[str, ...]:
    """Whom the reminder mentions by platform id: who is named in full. A mention shows the whole name to everybody."""
    return roll.accounts if roll.full_names and _names_them(roll) else ()


def _first(roll: Roll, at: datetime) -> str:
    if not roll.heard and not _names_them(roll):
        return opening(roll, at)
    heard = f"已有{roll.heard}位，" if roll.heard else ""
    counts = f"{_chain(roll, at)}{heard}还差{len(roll.missing)}位"
    if not _names_them(roll):
        return f"{counts}。{_by(at)}{'都来得及' if at.time() < BY else '报上就好'}，不用急。"
    return f"{counts}：{_names(roll)}。{_by(at)}补上就好，谢谢！"


def _chain(roll: Roll, at: datetime) -> str:
    whom = "各位老师" if roll.kind is GroupKind.STAFF else "家长"
    greeting = next((words for until, words in _GREETINGS if at.time() < until), _EVENING)
    return f"{whom}{greeting}，{plain(roll.group)}今天的接龙"


def _names_them(roll: Roll) -> bool:
    return len(roll.missing) <= MOST_NAMED


def _again(roll: Roll, at: datetime) -> str:
    who = f"：{_names(roll)}" if _names_them(roll) else ""
    call = "跟学校办公室说一声" if roll.kind is GroupKind.STAFF else "打电话给班主任"
    return f"还差{len(roll.missing)}位{who}。{_by(at)}补一行就行，不方便就{call}。"


def _names(roll: Roll) -> str:
    return "、".join(listed(roll.missing, full=roll.full_names))


def _by(at: datetime) -> str:
    """Until when: not before an hour that has passed."""
    return f"{BY.hour}点前" if at.time() < BY else "有空"

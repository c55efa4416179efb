"""What the made-up county's groups write on three mornings, in the ways that families write."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.cli.demo_county import FIRST, LOWER, NICKNAMES, SECOND, STAFF, THIRD, given, names
from scheduler.days import local_day

DAYS = 3  # the pages have a tab for each
BEGINS, ENDS = time(6, 30), time(8, 50)
_EARLIEST = timedelta(hours=2)  # before the end of a morning that is not over
_FORM = "请填：姓名 体温 有无发热咳嗽 是否外出\n例：张三 36.5 无 否\n"
_TENTHS = "三四五六七"

Lines = Iterable[tuple[str, str]]
"""A sender and a text each, in order."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a morning."""

    group: str
    at: datetime
    sender: str = field(repr=False)
    text: str = field(repr=False)


def said(now: datetime, zone: ZoneInfo, days: int = DAYS) -> list[Said]:
    """What the groups have written by `now`, in order of time: half of today's reports, nearly all of earlier days."""
    today = local_day(now, zone)
    mornings: list[tuple[date, Mapping[str, Lines]]] = [
        (today - timedelta(days=ago), _earlier(today - timedelta(days=ago), ago)) for ago in range(1, days)
    ]
    mornings.append((today, _today(today)))
    found = [
        one
        for day, morning in mornings
        for group, lines in morning.items()
        for one in _spread(group, lines, day, now, zone)
    ]
    return sorted(found, key=lambda one: one.at)


def _spread(group: str, lines: Lines, day: date, now: datetime, zone: ZoneInfo) -> Iterator[Said]:
    """The messages of a group's morning, evenly over what of the morning is over."""
    midnight = datetime.combine(day, time(0), zone)
    ends = max(midnight, min(datetime.combine(day, ENDS, zone), now.astimezone(zone) - timedelta(minutes=1)))
    begins = datetime.combine(day, BEGINS, zone)
    if begins + timedelta(minutes=30) > ends:
        begins = max(midnight, ends - _EARLIEST)
    every = list(lines)
    for number, (sender, text) in enumerate(every):
        at = begins + (ends - begins) * (number + 1) / (len(every) + 1)
        yield Said(group, at.replace(microsecond=0), sender, text)


def _today(day: date) -> dict[str, Lines]:
    """This morning: one class nearly complete, one half, one silent; the staff half; the other school complete."""
    return {
        FIRST: _chain_of_first(day),
        SECOND: _reports_of_second(),
        STAFF: _chain_of_staff(day, 12, {7: "36度5，前天县外亲戚来家里吃过饭"}),
        LOWER: _chain(_heading(LOWER, day), _plain(LOWER, 20), LOWER),
    }


def _earlier(day: date, ago: int) -> dict[str, Lines]:
    """A morning of the days before: nearly everybody is in, some with what goes on until today."""
    went_on = {4: "36.9 有点咳嗽" if ago == 1 else "36.5 无 否", 17: f"36.5 居家隔离第{7 - ago}天"}
    return {
        FIRST: _chain(_heading(FIRST, day), _plain(FIRST, 31 - ago, went_on), FIRST, every=5),
        SECOND: [*_single(SECOND, 41 - 2 * ago)],
        THIRD: _chain(
            _heading(THIRD, day), _plain(THIRD, 38 - ago, {11: "37.5 嗓子疼"} if ago == 1 else {}), THIRD, every=6
        ),
        STAFF: _chain_of_staff(day, 21 - ago, {}),
        LOWER: _chain(_heading(LOWER, day), _plain(LOWER, 21 - ago), LOWER, every=5),
    }


def _chain_of_first(day: date) -> Iterator[tuple[str, str]]:
    """Every family copies the chain with a line more. Two answer the same copy, twice; one corrects its line."""
    special = {
        4: "37.8 有点咳嗽，在家休息",
        9: "36.4 昨天从沈阳回来",
        13: "36.6 正常，爷爷发烧在家",
        16: "36.5 无 上周跟武汉回来的亲戚一起吃过饭",
        17: "36.5 居家隔离第7天",
        19: "63.5 正常",
    }
    people = names(FIRST)
    lines = _plain(FIRST, 27, special)
    lines[22] = f"{people[22].replace('丙', '炳')} 36.4 无 否"  # sounds the same
    heading = _heading(FIRST, day)
    yield _teacher(FIRST), heading
    yield from _chain(heading, lines, FIRST, forks={11, 20})
    lines[6] = f"{people[6]} 36.4 无 否（刚才看错了）"
    yield _family(FIRST, 6, "妈妈"), heading + _numbered(lines)
    yield _teacher(FIRST), "收到，谢谢各位家长的配合"


def _reports_of_second() -> Iterator[tuple[str, str]]:
    """A message of its own from each family that has answered, each in its own way."""
    people = names(SECOND)
    yield _teacher(SECOND), "各位家长早，请报一下孩子今天的体温和身体情况，不用接龙"
    yield _family(SECOND, 0, "妈妈"), f"{people[0]}36.5，正常"
    yield _family(SECOND, 1, "爸爸"), "36.4，无发热咳嗽"
    yield _family(SECOND, 2, "奶奶"), f"俺家{given(2)}三十六度五，能吃能喝，啥毛病没有"
    yield _family(SECOND, 3, "妈妈"), f"{given(3)}36度6，没咳嗽没发烧，没出门"
    yield _family(SECOND, 4, "妈妈"), "[强]36.5"
    yield _family(SECOND, 5, "爸爸"), f"老师早，{given(5)}36.4"
    yield _family(SECOND, 6, "妈妈"), f"{given(6)}36.9，刚跑完步，过会儿再量"
    yield _family(SECOND, 7, "姥姥"), f"{given(7)}今天嗓子有点疼，体温36.8"
    yield _family(SECOND, 8, "妈妈"), f"{people[8]}，36.5，昨天我们从大连回来的，在家待着"
    yield f"{NICKNAMES[SECOND, 9]}妈妈", f"{NICKNAMES[SECOND, 9]}36.5 正常"
    yield _family(SECOND, 10, "爸爸"), f"{people[10]} 三十六度三 全家都好，没外出"
    yield _family(SECOND, 11, "妈妈"), f"{people[11]}36.6，没事，就是他爷爷这两天发烧"
    yield _family(SECOND, 6, "妈妈"), f"{given(6)}重量了，更正一下，36.5，正常"
    yield "岁月静好", "36.5"
    yield _family(SECOND, 12, "爷爷"), f"俺家{given(12)}好像有点发烧，体温计没找着，还没量呢"
    yield NICKNAMES[SECOND, 13], "36.4 健康"
    yield _family(SECOND, 14, "妈妈"), "老师，孩子昨晚吐了两回，今天还用报吗"
    yield _family(SECOND, 15, "妈妈"), f"{people[15]}体温正常，无咳嗽"
    yield _family(SECOND, 16, "爸爸"), f"{given(16)}昨天没报上，不好意思。今天36.5，正常"
    yield _teacher(SECOND), "好的，没报的家长抓紧时间"


def _single(group: str, count: int) -> Iterator[tuple[str, str]]:
    """A message of its own from each of the first families."""
    ways = ("{name}36.{tenth}，正常", "{name} 36度{tenth} 无发热咳嗽", "孩子36.{tenth}，没有外出，全家健康")
    for place, name in enumerate(names(group)[:count]):
        yield _family(group, place, "爸爸"), ways[place % len(ways)].format(name=name, tenth=place % 5 + 3)


def _chain_of_staff(day: date, count: int, special: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    """Bare names: whoever has nothing to say signs; a few write more."""
    heading = f"#接龙\n教职工 {day.month}月{day.day}日 平安接龙，一切正常请接姓名，有情况请写明\n"
    lines = [
        f"{name} {special[place]}" if place in special else name for place, name in enumerate(names(STAFF)[:count])
    ]
    for length in range(1, len(lines) + 1):
        yield names(STAFF)[length - 1], heading + _numbered(lines[:length])


def _chain(
    heading: str, lines: Sequence[str], group: str, *, forks: Collection[int] = (), every: int = 1
) -> Iterator[tuple[str, str]]:
    """A chain as it grows, each copy from the family of its last line.

    A family of `forks` has not seen the line before its own; with `every` above one, so many lines a copy are new.
    """
    for length in _lengths(len(lines), every):
        copied = [*lines[: length - 2], lines[length - 1]] if length - 1 in forks else lines[:length]
        yield _family(group, length - 1, "妈妈"), heading + _numbered(copied)


def _lengths(count: int, every: int) -> Sequence[int]:
    """How many lines each copy of a chain has."""
    return sorted({*range(every, count + 1, every), count})


def _plain(group: str, count: int, special: Mapping[int, str] | None = None) -> list[str]:
    """The lines of a group's first members, well unless something special is said of a place."""
    ways = (
        "36.{tenth} 无发热咳嗽 未外出",
        "36度{tenth} 无 否",
        "三十六度{spoken} 没有 没出门",
        "36.{tenth}℃ 正常，未外出",
    )
    return [
        f"{name} "
        + (special or {}).get(
            place, ways[place % len(ways)].format(tenth=place % 5 + 3, spoken=_TENTHS[place % len(_TENTHS)])
        )
        for place, name in enumerate(names(group)[:count])
    ]


def _heading(group: str, day: date) -> str:
    return f"#接龙\n{group} {day.month}月{day.day}日 健康接龙\n{_FORM}"


def _teacher(group: str) -> str:
    return f"{group}班主任"


def _family(group: str, place: int, who: str) -> str:
    return f"{names(group)[place]}{who}"


def _numbered(lines: Sequence[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))

"""A made-up county for a first look: one school, two classes and its staff, and what their groups write in a morning.

Everybody is invented: the given names are the sixty of the sexagenary cycle (甲子, 乙丑, …), one after another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.reading.scene import Setting
from bot.roster.rows import RosterRow
from models.vocabulary import Role

SCHOOL = "演示县第一小学"
FIRST, SECOND, STAFF = "三年一班", "三年二班", "教职工群"
GATEWAY = "gateway/demo"
CHATS = {FIRST: "demo-room-1", SECOND: "demo-room-2", STAFF: "demo-room-3"}
TEACHER = "班主任"
BEGINS = time(7, 0)
_BETWEEN = timedelta(seconds=20)
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_SURNAMES = {
    FIRST: "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛奚范",
    SECOND: "彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元",
    STAFF: "顾孟平黄和穆萧尹姚邵湛汪",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the morning."""

    group: str
    at: datetime
    sender: str = field(repr=False)
    text: str = field(repr=False)


def setting(day: date) -> Setting:
    """What the made-up county calls home and risk."""
    return Setting("演示县", "演示市", "辽宁省", day - timedelta(days=30), ("武汉市", "湖北省"))


def roster() -> list[RosterRow]:
    """The members of the three groups."""
    people = [(group, name) for group in CHATS for name in names(group)]
    return [
        RosterRow(row=row, school=SCHOOL, group=group, name=name, role=Role.TEACHER if group == STAFF else Role.STUDENT)
        for row, (group, name) in enumerate(people, 1)
    ]


def names(group: str) -> list[str]:
    """The members of a group, in the order of the roster."""
    return [
        surname + _STEMS[place % len(_STEMS)] + _BRANCHES[place % len(_BRANCHES)]
        for place, surname in enumerate(_SURNAMES[group])
    ]


def morning(day: date, zone: ZoneInfo) -> list[Said]:
    """What the groups write, in order: chains with a fever and a journey, single reports; a few say nothing."""
    begins = datetime.combine(day, BEGINS, zone)
    return [
        Said(group, begins + number * _BETWEEN, sender, text)
        for group, words in (
            (FIRST, _chain_of_first(day)),
            (SECOND, _reports_of_second()),
            (STAFF, _chain_of_staff(day)),
        )
        for number, (sender, text) in enumerate(words)
    ]


def _chain_of_first(day: date) -> Iterator[tuple[str, str]]:
    """A chain that every family copies with a line more; two answer the same copy, three families never do."""
    heading = f"#接龙\n{FIRST} {day.month}月{day.day}日 健康接龙\n请填：姓名 体温 有无发热咳嗽 是否外出\n"
    special = {9: "37.8 有点咳嗽", 20: "36.4 昨天从沈阳回来", 31: "36.6 正常，爷爷发烧在家"}
    lines = [
        f"{name} {special.get(place, f'36.{place % 5 + 2} 无发热咳嗽 未外出')}"
        for place, name in enumerate(names(FIRST)[:-3])
    ]
    yield TEACHER, f"{heading}例：1. 张三 36.5 无 否"
    for count in range(1, len(lines) + 1):
        forks = count == len(lines) // 2  # this family has not seen the line before its own
        copied = [*lines[: count - 1 - forks], lines[count - 1]]
        yield f"{names(FIRST)[count - 1]}妈妈", heading + _numbered(copied)
    yield TEACHER, "收到，谢谢各位家长的配合"


def _reports_of_second() -> Iterator[tuple[str, str]]:
    """A message of its own from each family, and one from somebody whom nobody knows."""
    ways = ("{name}36.{tenth}，无发热咳嗽", "{name} 体温36.{tenth} 一切正常", "孩子36.{tenth}，没有外出，全家健康")
    yield TEACHER, "请各位家长报一下孩子今天的体温和身体情况"
    for place, name in enumerate(names(SECOND)[:-4]):
        yield f"{name}爸爸", ways[place % len(ways)].format(name=name, tenth=place % 5 + 2)
    yield "岁月静好", "36.5"


def _chain_of_staff(day: date) -> Iterator[tuple[str, str]]:
    heading = f"#接龙\n教职工 {day.month}月{day.day}日 平安接龙，一切正常请接姓名\n"
    people = names(STAFF)[:-1]
    for count in range(1, len(people) + 1):
        yield people[count - 1], heading + _numbered(people[:count])


def _numbered(lines: Sequence[str]) -> str:
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))

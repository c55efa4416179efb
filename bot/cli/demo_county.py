"""A made-up county for a first look: its schools, groups, people and robots. `demo_morning.py` has what they write.

Everybody is invented: the given names are the sixty of the sexagenary cycle (甲子, 乙丑, …), one after another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise

from bot.reading.scene import Setting
from bot.roster.rows import RosterRow
from models.vocabulary import Role

COUNTY = "演示县"
SCHOOL, OTHER_SCHOOL = "演示县第一小学", "演示县第二中学"
FIRST, SECOND, THIRD, STAFF, LOWER = "三年一班", "三年二班", "四年一班", "教职工群", "七年一班"
GATEWAY = "gateway/demo"
BUREAU_ROBOT = "demo-robot-bureau"
NICKNAMES = {(SECOND, 9): "豆豆", (SECOND, 13): "小石头"}  # that the roster knows: a group's, a member's place in it
_SINCE = timedelta(days=30)  # before today: from then on travel counts


@dataclass(frozen=True, slots=True)
class DemoGroup:
    """A group of the county: where its messages come from, and the robot that reminds it."""

    school: str
    name: str
    people: int
    chat: str
    robot: str | None = None


GROUPS = (
    DemoGroup(SCHOOL, FIRST, 30, "demo-room-1", "demo-robot-1"),
    DemoGroup(SCHOOL, SECOND, 40, "demo-room-2"),
    DemoGroup(SCHOOL, THIRD, 40, "demo-room-3", "demo-robot-3"),
    DemoGroup(SCHOOL, STAFF, 20, "demo-room-4", "demo-robot-4"),
    DemoGroup(OTHER_SCHOOL, LOWER, 20, "demo-room-5"),
)
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
    "陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦昌马苗凤方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕"
    "殷罗毕郝邬傅皮卞齐康伍余顾孟黄穆萧尹姚邵湛汪祁毛禹狄米贝臧伏戴谈宋茅庞熊纪舒屈项祝"
    "董梁杜阮蓝闵席季麻贾路娄江童颜郭梅盛林刁"
    "钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫"
)
_PLACES = dict(
    zip(
        (group.name for group in GROUPS),
        pairwise(accumulate((group.people for group in GROUPS), initial=0)),
        strict=True,
    )
)


def robots() -> dict[str, str]:
    """The keys of the county's robots, each with the chat that it stands in."""
    of_groups = {group.robot: f"{group.school} {group.name}" for group in GROUPS if group.robot is not None}
    return {**of_groups, BUREAU_ROBOT: f"{COUNTY}教育局 工作群"}


def setting(day: date) -> Setting:
    """What the made-up county calls home and risk."""
    return Setting(COUNTY, "演示市", "辽宁省", day - _SINCE, ("武汉市", "湖北省"))


def roster() -> list[RosterRow]:
    """The members of all groups; the telephone numbers are none that anybody could have."""
    people = [(group, place, name) for group in GROUPS for place, name in enumerate(names(group.name))]
    return [
        RosterRow(
            row=row,
            school=group.school,
            group=group.name,
            name=name,
            role=Role.TEACHER if group.name == STAFF else Role.STUDENT,
            aliases=(NICKNAMES[group.name, place],) if (group.name, place) in NICKNAMES else (),
            guardians=() if group.name == STAFF else ((None, f"{row:011}"),),
        )
        for row, (group, place, name) in enumerate(people, 1)
    ]


def names(group: str) -> Sequence[str]:
    """The members of a group, in the order of the roster."""
    begin, end = _PLACES[group]
    return [surname + given(place) for place, surname in enumerate(_SURNAMES[begin:end])]


def given(place: int) -> str:
    """The given name of a group's member at this place, from 0."""
    return _STEMS[place % len(_STEMS)] + _BRANCHES[place % len(_BRANCHES)]

"""A made-up class for the tests of chains: who is in it, and what a run of messages comes to."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.cli.replay import outcome
from bot.reading.scene import Member, Message, Scene, Setting
from models.vocabulary import GroupKind, Role

ZONE = ZoneInfo("Asia/Shanghai")
SETTING = Setting("昌图县", "铁岭市", "辽宁省", date(2020, 1, 20), ("武汉市", "湖北省"))
NAMES = ("李雷", "韩梅梅", "王子涵", "赵一诺", "孙宇航", "周小雨", "吴佳琪", "郑浩然")
TEACHER = "班主任陈老师"


def scene_of(names: Iterable[str] = NAMES, kind: GroupKind = GroupKind.CLASS) -> Scene:
    role = Role.STUDENT if kind is GroupKind.CLASS else Role.TEACHER
    members = tuple(Member(id=place, name=name, role=role) for place, name in enumerate(names))
    return Scene("三年二班", kind, "昌图县实验小学", members, SETTING)


SCENE = scene_of()


def at(clock: str, day: str = "2020-02-18") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZONE)


def messages_of(rows: str, *, day: str = "2020-02-18") -> tuple[Message, ...]:
    """Messages from rows `07:01 sender: text`; `|` ends a line of the text, `02-19 07:01` names another day."""
    found: list[Message] = []
    for row in filter(None, (line.strip() for line in rows.splitlines())):
        stamp, _, rest = row.partition(" ")
        on = day
        if len(stamp) == len("02-19") and "-" in stamp:
            on = f"2020-{stamp}"
            stamp, _, rest = rest.partition(" ")
        sender, _, text = rest.partition(": ")
        found.append(Message(f"m{len(found) + 1}", at(stamp, on), sender, None, text.replace("|", "\n")))
    return tuple(found)


def told(rows: str, scene: Scene = SCENE) -> str:
    """What a run of messages comes to: `02-18 李雷 36.5, 韩梅梅 37.6 fever; ? m3`, the last part for the review."""
    result = outcome(messages_of(rows), scene)
    parts = []
    for day, records in sorted(result.days.items()):
        people = []
        for member, record in sorted(records.items()):
            temperature = "-" if record.temperature is None else str(record.temperature.quantize(Decimal("0.1")))
            people.append(" ".join([scene.members[member].name, temperature, *sorted(record.flags)]))
        parts.append(f"{day:%m-%d} " + ", ".join(people))
    if result.review:
        parts.append("? " + " ".join(result.review))
    return "; ".join(parts)

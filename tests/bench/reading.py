"""What reading costs: a fresh entry, and a copy of a chain in which one entry is new, of a class or of a school."""

import json
from datetime import datetime, timedelta
from itertools import product

from bot.clock import seconds
from bot.reading.fold import GroupState, step
from bot.reading.scene import Member, Message, Scene, Setting
from models.vocabulary import GroupKind, Role
from tests.faults.town import GIVEN, SETTING, SURNAMES

MIDDLES = ("子", "思", "佳", "明")
SAID = ("36.5 正常", "36.6℃，无发热咳嗽，未外出", "36度4 没事", "36.7 有点咳嗽", "36.5 无 无")
ROUNDS = 3
FIRST = datetime.fromisoformat("2020-02-18T07:00:00+08:00")


def scene(size: int) -> Scene:
    """A group of so many pupils."""
    names = [surname + middle + given[-1] for surname, middle, given in product(SURNAMES, MIDDLES, GIVEN)]
    members = tuple(Member(number, name, Role.STUDENT) for number, name in enumerate(names[:size]))
    setting = Setting(SETTING.home_county, SETTING.home_city, SETTING.home_province, SETTING.since, ("武汉市",))
    return Scene("三年二班", GroupKind.CLASS, "演示小学", members, setting)


def copies(group: Scene) -> list[Message]:
    """A chain that grows by an entry a message until all are in it."""
    text = "#接龙\n三年二班2月18日体温接龙\n"
    messages = []
    for number, member in enumerate(group.members):
        text += f"\n{number + 1}. {member.name} {SAID[number % len(SAID)]}"
        at = FIRST + timedelta(seconds=number)
        messages.append(Message(f"m{number}", at, f"{member.name}妈妈", None, text))
    return messages


def read(messages: list[Message], group: Scene) -> tuple[float, int]:
    """Seconds for all messages from nothing, and how many readings they gave."""
    state, readings, began = GroupState(), 0, seconds()
    for message in messages:
        done = step(state, message, group)
        state, readings = done.state, readings + len(done.readings)
    return seconds() - began, readings


def best(messages: list[Message], group: Scene) -> float:
    """The best of some rounds, in seconds; every entry must have been read."""
    rounds = [read(messages, group) for _ in range(ROUNDS)]
    if any(readings < len(group.members) for _, readings in rounds):
        raise AssertionError("an entry was not read")
    return min(took for took, _ in rounds)


def main() -> None:
    """Print the rates and how the cost of a copy grows with its length."""
    small, large = scene(45), scene(500)
    fresh = best(copies(small)[-1:], small) / 45
    small_copy = best(copies(small), small) / 45
    large_copy = best(copies(large), large) / 500
    print(
        json.dumps(
            {
                "bench": "reading",
                "fresh_entries_a_second": round(1 / fresh),
                "copies_of_45_entries_a_second": round(1 / small_copy),
                "copies_of_500_entries_a_second": round(1 / large_copy),
                "cost_of_a_copy_500_to_45": round(large_copy / small_copy, 2),
            }
        )
    )


if __name__ == "__main__":
    main()

"""A made-up town: groups, members and one report a member and day, as many as a test wants."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import product

from bot.cli.replay import Case, CaseGroup, CaseMember, CaseMessage, CaseSetting
from models.vocabulary import GroupKind, Role

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
GIVEN = ("一诺", "梓萱", "浩然", "雨桐", "子墨", "欣怡", "俊熙", "诗涵")
FIRST_DAY = date(2020, 3, 2)
CHINA = timezone(timedelta(hours=8))
SETTING = CaseSetting(
    home_county="演示县", home_city="演示市", home_province="辽宁省", since=date(2020, 1, 15), risk_areas=["武汉市"]
)


@dataclass(frozen=True)
class Town:
    """`groups` classes of 160 pupils, each of whom is reported once a day for `days` days."""

    groups: int
    days: int

    def cases(self) -> list[Case]:
        """The groups, each bound to the chat that its id names."""
        return [
            Case(
                id=f"chat-{number}",
                setting=SETTING,
                group=CaseGroup(
                    name=f"{number}班",
                    kind=GroupKind.CLASS,
                    school="演示小学",
                    members=[CaseMember(name=s + g, role=Role.STUDENT) for s, g in product(SURNAMES, GIVEN)],
                ),
                messages=[],
            )
            for number in range(self.groups)
        ]

    def messages(self) -> Iterator[tuple[str, CaseMessage]]:
        """Chat and message: every pupil's parent reports, day by day, the groups in turn."""
        for day in range(self.days):
            morning = datetime.combine(FIRST_DAY + timedelta(days=day), time(7), CHINA)
            for second, (surname, given) in enumerate(product(SURNAMES, GIVEN)):
                for group in range(self.groups):
                    name = surname + given
                    yield (
                        f"chat-{group}",
                        CaseMessage(
                            id=f"{group}-{day}-{second}",
                            at=morning + timedelta(seconds=second),
                            sender=f"{name}妈妈",
                            text=f"{name} 36.{(second + group) % 8 + 1} 正常",
                        ),
                    )

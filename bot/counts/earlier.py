"""When the members of a group were last heard of before a day: what stands in small beside who is missing."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from models.membership import Membership
from models.reading import MemberReading
from models.record import Record

LOOKED_BACK = 6  # days before the day itself


@dataclass(frozen=True, slots=True)
class Earlier:
    """The reports of a group's members on the days before a day."""

    day: date
    reported: Mapping[int, Mapping[date, datetime]]  # membership -> day -> when the last words of that day were written
    days: frozenset[date]  # on which anybody of the group was heard of

    def yesterday(self, membership_id: int) -> datetime | None:
        """When a member reported for the day before; None: never."""
        return self.reported.get(membership_id, {}).get(self.day - timedelta(days=1))

    def silent_days(self, membership_id: int) -> int:
        """For how many days in a row, up to the day itself, nothing was heard of a member, who is missing on it.

        Only days on which the group was heard of count: a weekend, or the time before the group began, is nobody's.
        """
        last = max(self.reported.get(membership_id, ()), default=date.min)
        return 1 + sum(1 for one in self.days if last < one)


def earlier(session: Session, group_id: int, day: date) -> Earlier:
    """What stands of the days before, in one query."""
    rows = session.execute(
        select(Membership.id, Record.day, func.max(MemberReading.at))
        .join(Record, Record.person_id == Membership.person_id)
        .join(MemberReading, and_(MemberReading.person_id == Record.person_id, MemberReading.day == Record.day))
        .where(
            Membership.group_id == group_id,
            Record.basis.is_not(None),
            Record.day >= day - timedelta(days=LOOKED_BACK),
            Record.day < day,
        )
        .group_by(Membership.id, Record.day)
    )
    reported: dict[int, dict[date, datetime]] = defaultdict(dict)
    for membership_id, of_day, at in rows:
        reported[membership_id][of_day] = at
    return Earlier(day, reported, frozenset(one for days in reported.values() for one in days))

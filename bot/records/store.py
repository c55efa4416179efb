"""Writing what a group's messages say: readings, the new version of each changed record, review items.

Everything happens in the caller's one transaction. Readings belong to memberships, records to persons: a person in two
groups has one record a day, merged from the readings of both, and persons are locked in the order of their ids.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.reading.statement import Reading, Unclear
from bot.records.heard import Heard
from bot.records.merge import Day, merge
from bot.records.stored import evidence_rows, message_name, reading_of, statement_rows
from models.group import Group, Revision
from models.membership import Membership
from models.message import InboxMessage
from models.person import Person
from models.reading import MemberReading
from models.record import Record, RecordVersion
from models.review import ReviewConcern, ReviewItem
from models.sealing import Keyring
from models.vocabulary import Cause, Reason, ReviewState, VersionReason

STAYS_OPEN = (Reason.CLOSED_DAY, Reason.PARKED)  # not a matter of reading: no re-reading withdraws them


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where the results of one group's reading go."""

    session: Session
    keyring: Keyring
    group_id: int
    messages: Mapping[str, int]  # names of messages -> their rows
    read: AbstractSet[int]  # the rows that were read; what is written of others stays
    now: datetime
    _touched: dict[tuple[int, date], VersionReason] = field(default_factory=dict)

    def write(self, heard: Heard, *, afresh: bool, first_day: date, reread: bool) -> None:
        """Write what was heard; `afresh`: it is all there is to say of the open days, and replaces what is written."""
        wanted = {self._key(one.key): one for one in heard.readings.values()}
        written = self._written(first_day, wanted) if afresh else {}
        people = self._people()
        for key, row in written.items():
            if key not in wanted and row.day >= first_day and row.message_id in self.read:
                self._touch(row.person_id, row.day, VersionReason.REREAD)
                self.session.delete(row)
        for key, one in wanted.items():
            self._keep(written.get(key), key, one, people[one.member], reread=reread)
        self._withdraw({self._key(key) for key in heard.settled})
        if afresh:
            self._withdraw_unheard({self._key(one.key) for one in heard.unclear.values()}, first_day)
        self.add_reviews(heard.unclear.values())
        self.session.flush()
        self._merge_touched()

    def add_reviews(self, unclear: Iterable[Unclear]) -> None:
        """Open a review item for each doubt, unless it is there."""
        for one in unclear:
            key = self._key(one.key)
            item = self.session.scalar(select(ReviewItem).filter_by(group_id=self.group_id, key=key))
            if item is None:
                item = ReviewItem(group_id=self.group_id, key=key, state=ReviewState.OPEN, opened_at=self.now)
                self.session.add(item)
            elif item.state == ReviewState.DECIDED:
                continue
            elif item.state == ReviewState.WITHDRAWN:
                item.state, item.closed_at = ReviewState.OPEN, None
            item.message_id = self.messages[one.message]
            item.day, item.reason = one.day, one.reason
            item.start, item.end = one.span.start, one.span.end
            item.proposed = statement_rows(one.proposed.statements) if one.proposed else []
            item.concerns = [ReviewConcern(membership_id=member) for member in sorted(one.members)]

    def _key(self, key: str) -> bytes:
        return self.keyring.digest("reading", str(self.group_id), key)

    def _touch(self, person_id: int, day: date, reason: VersionReason) -> None:
        self._touched[person_id, day] = reason

    def _written(self, first_day: date, wanted: Mapping[bytes, Reading]) -> dict[bytes, MemberReading]:
        """The group's readings of open days, and of closed ones those that are heard again."""
        again = [key for key, one in wanted.items() if one.day < first_day]
        rows = self.session.scalars(
            select(MemberReading).where(
                MemberReading.group_id == self.group_id,
                or_(MemberReading.day >= first_day, MemberReading.key.in_(again)),
            )
        )
        return {row.key: row for row in rows}

    def _people(self) -> dict[int, int]:
        """Membership -> person."""
        rows = self.session.execute(
            select(Membership.id, Membership.person_id).where(Membership.group_id == self.group_id)
        )
        return dict(rows.all())

    def _keep(self, row: MemberReading | None, key: bytes, one: Reading, person_id: int, *, reread: bool) -> None:
        retracts = sorted(self._key(key).hex() for key in one.retracts)
        values = {
            "membership_id": one.member,
            "person_id": person_id,
            "message_id": self.messages[one.message],
            "day": one.day,
            "at": one.at,
            "basis": one.basis,
            "statements": statement_rows(one.statements),
            "start": one.span.start,
            "end": one.span.end,
            "replaces": sorted(one.replaces),
            "retracts": retracts,
        }
        if row is not None:
            if all(getattr(row, name) == value for name, value in values.items()):
                return
            self._touch(row.person_id, row.day, VersionReason.REREAD)
            for name, value in values.items():
                setattr(row, name, value)
        else:
            self.session.add(MemberReading(group_id=self.group_id, key=key, **values))
        corrects = bool(one.replaces or one.retracts)
        reason = VersionReason.REREAD if reread else VersionReason.CORRECTED if corrects else VersionReason.ADDED
        self._touch(person_id, one.day, reason)
        if retracts:
            lost = self.session.execute(
                select(MemberReading.person_id, MemberReading.day).where(
                    MemberReading.group_id == self.group_id,
                    MemberReading.key.in_([bytes.fromhex(key) for key in retracts]),
                )
            )
            for other, day in lost:
                self._touch(other, day, reason)

    def _withdraw(self, keys: set[bytes]) -> None:
        if keys:
            self.session.execute(
                update(ReviewItem)
                .where(
                    ReviewItem.group_id == self.group_id,
                    ReviewItem.key.in_(keys),
                    ReviewItem.state == ReviewState.OPEN,
                )
                .values(state=ReviewState.WITHDRAWN, closed_at=self.now)
            )

    def _withdraw_unheard(self, heard: set[bytes], first_day: date) -> None:
        opened = self.session.execute(
            select(ReviewItem.key, ReviewItem.message_id).where(
                ReviewItem.group_id == self.group_id,
                ReviewItem.state == ReviewState.OPEN,
                ReviewItem.day >= first_day,
                ReviewItem.reason.not_in(STAYS_OPEN),
            )
        )
        self._withdraw({key for key, message_id in opened if message_id in self.read} - heard)

    def _merge_touched(self) -> None:
        if not self._touched:
            return
        people = sorted({person for person, _ in self._touched})
        days = {day for _, day in self._touched}
        locked = select(Person.id).where(Person.id.in_(people)).order_by(Person.id)
        self.session.execute(locked.with_for_update(key_share=True))
        told, rows = self._readings(people, days)
        records = {
            (one.person_id, one.day): one
            for one in self.session.scalars(select(Record).where(Record.person_id.in_(people), Record.day.in_(days)))
        }
        for (person_id, day), reason in sorted(self._touched.items()):
            merged = merge(told[person_id, day])
            self._version(records.get((person_id, day)), person_id, day, merged, rows, reason)

    def _readings(
        self, people: list[int], days: set[date]
    ) -> tuple[Mapping[tuple[int, date], list[Reading]], Mapping[str, int]]:
        """All readings of the touched days of these people, in any group, and the rows of the messages they name."""
        told: dict[tuple[int, date], list[Reading]] = defaultdict(list)
        messages: dict[str, int] = {}
        found = self.session.execute(
            select(MemberReading, InboxMessage)
            .join(InboxMessage, InboxMessage.id == MemberReading.message_id)
            .where(MemberReading.person_id.in_(people), MemberReading.day.in_(days))
        )
        for row, message in found:
            name = message_name(message)
            messages[name] = row.message_id
            told[row.person_id, row.day].append(reading_of(row, name, row.at))
        return told, messages

    def _version(
        self,
        record: Record | None,
        person_id: int,
        day: date,
        merged: Day | None,
        messages: Mapping[str, int],
        reason: VersionReason,
    ) -> None:
        """Write a new version where anything differs from the one before; its words may move without."""
        if record is None:
            if merged is None:
                return
            reason = VersionReason.REPORTED
            record = Record(person_id=person_id, day=day, version=0)
            self.session.add(record)
        stands: dict[str, Any] = {
            "basis": merged.basis if merged else None,
            "temperature": merged.temperature if merged else None,
            "flags": sorted(merged.flags) if merged else [],
            "places": list(merged.places) if merged else [],
        }
        rests_on: dict[str, Any] = {
            "messages": [messages[name] for name in merged.messages] if merged else [],
            "evidence": evidence_rows(merged, messages) if merged else [],
        }
        is_new = record.version == 0 or any(getattr(record, name) != value for name, value in stands.items())
        for name, value in (stands | rests_on).items():
            setattr(record, name, value)
        if not is_new:
            return
        record.version += 1
        self.session.flush()
        self.session.add(
            RecordVersion(record_id=record.id, number=record.version, at=self.now, reason=reason, **stands, **rests_on)
        )


def next_revision(session: Session, group_id: int, now: datetime, *, roster_changed: bool) -> int:
    """Count one more revision of the group's inputs, and clear what called for reading it again."""
    number = session.scalars(
        update(Group)
        .where(Group.id == group_id)
        .values(revision=Group.revision + 1, stale=False)
        .returning(Group.revision)
    ).one()
    cause = Cause.ROSTER if roster_changed else Cause.MESSAGES
    session.add(Revision(group_id=group_id, number=number, cause=cause, at=now))
    return number

"""The inbox: one unique insert a message. What it answers is what the channel's caller is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.channels.protocol import Incoming, Kind
from bot.intake.mask import masked
from bot.roster.binding import chat_key
from models.audit import AuditRow
from models.chat import Binding, Unbound
from models.database import IDS_A_STATEMENT, insert_new
from models.message import InboxMessage
from models.sealing import Keyring
from models.vocabulary import AuditAct, MessageState
from scheduler.days import is_open, local_day


class Receipt(StrEnum):
    """What became of a message that arrived."""

    STORED = "stored"
    KNOWN = "known"  # it was stored before
    QUARANTINED = "quarantined"  # its clock is wrong: kept for a person
    UNBOUND = "unbound"  # its chat is bound to nothing: counted, not kept
    FOREIGN = "foreign"  # its chat belongs to another gateway: refused, and written down
    IGNORED = "ignored"  # nothing to read in it: an image, an event


@dataclass(frozen=True, slots=True)
class Inbox:
    """Stores what channels decode; stateless, so that every transaction decides anew."""

    keyring: Keyring
    zone: ZoneInfo
    open_days: int

    def store(self, session: Session, incoming: Incoming, arrived_at: datetime) -> Receipt:
        """Insert one message, unless it is there; everything happens in the caller's transaction."""
        chat_digest = self._chat_digest(incoming)
        bound = session.execute(
            select(Binding.channel, Binding.group_id).where(
                Binding.chat_digest == chat_digest, Binding.until_at.is_(None)
            )
        ).all()
        group_id = next((group for channel, group in bound if channel == incoming.channel), None)
        if group_id is None:
            if _is_gateway(incoming.channel) and any(_is_gateway(channel) for channel, _ in bound):
                self._note(session, AuditAct.FOREIGN_CHAT, incoming, chat_digest, arrived_at, None)
                return Receipt.FOREIGN
            _count_unbound(session, incoming.channel)
            return Receipt.UNBOUND
        if incoming.kind is not Kind.TEXT or not incoming.text.strip():
            return Receipt.IGNORED
        sent_at = incoming.sent_at.isoformat() if incoming.sent_at else ""
        identity = self._identity(incoming, incoming.sender, sent_at, masked(incoming.text))
        return self._insert(session, incoming, identity, group_id, arrived_at)

    def keep(self, session: Session, messages: Sequence[Incoming], group_id: int, now: datetime) -> int:
        """Insert texts that somebody who may speak for the group brought; how many were not there.

        No binding is asked for. Their ids are all that tells them apart; where one has no time, their order orders.
        """
        rows = self._rows(messages, group_id, now)
        return sum(insert_new(session, InboxMessage, row) is not None for row in rows)

    def drafts(
        self, session: Session, messages: Sequence[Incoming], group_id: int, now: datetime
    ) -> list[InboxMessage]:
        """What `keep` would insert of them; nothing is."""
        rows = {row["platform_digest"]: row for row in self._rows(messages, group_id, now)}
        digests = list(rows)
        for start in range(0, len(digests), IDS_A_STATEMENT):
            some = InboxMessage.platform_digest.in_(digests[start : start + IDS_A_STATEMENT])
            for known in session.scalars(select(InboxMessage).where(InboxMessage.group_id == group_id, some)):
                if rows[known.platform_digest]["channel"] == known.channel:
                    del rows[known.platform_digest]
        return [InboxMessage(id=0, **row) for row in rows.values()]

    def _rows(self, messages: Sequence[Incoming], group_id: int, now: datetime) -> list[dict[str, Any]]:
        return [
            self._row(one, self._identity(one), group_id, now + timedelta(microseconds=position))
            for position, one in enumerate(messages)
        ]

    def _chat_digest(self, incoming: Incoming) -> bytes:
        return self.keyring.digest("chat", chat_key(incoming.channel, incoming.chat))

    def _identity(self, incoming: Incoming, *content: str) -> dict[str, str | bytes]:
        """What a message is unique by; `content`: what tells it apart where ids begin again."""
        return {
            "channel": incoming.channel,
            "chat_digest": self._chat_digest(incoming),
            "platform_digest": self.keyring.digest("message", incoming.platform_id),
            "content_digest": self.keyring.digest("content", *content),
        }

    def _insert(
        self,
        session: Session,
        incoming: Incoming,
        identity: Mapping[str, str | bytes],
        group_id: int,
        arrived_at: datetime,
    ) -> Receipt:
        new = insert_new(session, InboxMessage, self._row(incoming, identity, group_id, arrived_at))
        if new is None:
            return self._again(session, incoming, identity, arrived_at)
        if incoming.stale:
            self._note(session, AuditAct.QUARANTINED, incoming, self._chat_digest(incoming), arrived_at, new)
            return Receipt.QUARANTINED
        return Receipt.STORED

    def _row(
        self, incoming: Incoming, identity: Mapping[str, str | bytes], group_id: int, arrived_at: datetime
    ) -> dict[str, Any]:
        return {
            **identity,
            "platform_id": incoming.platform_id,
            "group_id": group_id,
            "sender": incoming.sender,
            "sender_name": incoming.sender_name,
            "text": masked(incoming.text),
            "quoted": masked(incoming.quoted) if incoming.quoted else None,
            "sent_at": incoming.sent_at,
            "arrived_at": arrived_at,
            **self._dated(incoming.sent_at, arrived_at),
            "state": MessageState.QUARANTINED if incoming.stale else MessageState.WAITING,
            "attempts": 0,
        }

    def _again(
        self, session: Session, incoming: Incoming, identity: Mapping[str, str | bytes], arrived_at: datetime
    ) -> Receipt:
        """A repetition; one with a right clock lets a quarantined message in: now it is known to be fresh."""
        if incoming.stale:
            return Receipt.KNOWN
        released = session.execute(
            update(InboxMessage)
            .filter_by(**identity, state=MessageState.QUARANTINED)
            .values(state=MessageState.WAITING, arrived_at=arrived_at, **self._dated(incoming.sent_at, arrived_at))
            .returning(InboxMessage.id)
        ).scalar_one_or_none()
        if released is not None:
            self._note(session, AuditAct.RELEASED, incoming, self._chat_digest(incoming), arrived_at, released)
        return Receipt.KNOWN

    def release(self, session: Session, ids: Sequence[int], now: datetime) -> int:
        """Let messages in that a person has looked at, to be read like any other; how many were in quarantine.

        Their days are judged anew: whatever clock was wrong when they arrived is right now.
        """
        found = session.scalars(
            select(InboxMessage).where(InboxMessage.id.in_(ids), InboxMessage.state == MessageState.QUARANTINED)
        ).all()
        for one in found:
            one.state = MessageState.WAITING
            one.open = is_open(one.day, now, self.zone, self.open_days)
            if one.sent_at is not None:  # else the arrival is all that tells its time
                one.arrived_at = now
            audit = AuditRow(
                at=now, act=AuditAct.RELEASED, channel=one.channel, chat_digest=one.chat_digest, message_id=one.id
            )
            session.add(audit)
        return len(found)

    def _dated(self, sent_at: datetime | None, arrived_at: datetime) -> dict[str, date | bool]:
        """Which day a message is of, and whether that day is open."""
        day = local_day(sent_at or arrived_at, self.zone)
        return {"day": day, "open": is_open(day, arrived_at, self.zone, self.open_days)}

    @staticmethod
    def _note(
        session: Session, act: AuditAct, incoming: Incoming, chat_digest: bytes, at: datetime, message_id: int | None
    ) -> None:
        session.add(AuditRow(at=at, act=act, channel=incoming.channel, chat_digest=chat_digest, message_id=message_id))


def _is_gateway(channel: str) -> bool:
    return channel.startswith("gateway/")


def _count_unbound(session: Session, channel: str) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(
        insert(Unbound)
        .values(channel=channel, messages=1)
        .on_conflict_do_update(index_elements=["channel"], set_={"messages": Unbound.messages + 1})
    )

"""Bindings: which group a chat speaks for, and where reminders and digests of a group, a school, the bureau go."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.errors import NotPossible
from models.chat import Binding
from models.sealing import Keyring

ROBOT = "wecom-robot"  # one way: it posts, nobody answers through it
CHANNELS = ("wecom-bot", "wecom-app", "official-account", "onebot", "gateway/NAME", ROBOT)
_GATEWAY = re.compile(r"gateway/[a-z0-9-]{1,32}")
_CASELESS = frozenset(
    {"wecom-bot", "wecom-app"}
)  # developer.work.weixin.qq.com/document/path/90195: userid ignores case
MOST_CHARACTERS = 256  # of a chat's id


@dataclass(frozen=True, slots=True)
class Target:
    """What a chat is bound to: a group, a school, or (neither) the bureau."""

    group_id: int | None = None
    school_id: int | None = None


def chat_key(channel: str, chat: str) -> str:
    """The chat's id as it is looked up: WeCom's ids ignore case. It is stored as given, to be written to."""
    return chat.casefold() if channel in _CASELESS else chat


def bind(session: Session, keyring: Keyring, channel: str, chat: str, target: Target, now: datetime) -> bool:
    """Bind a chat from now on; whether that changes anything.

    What it takes the place of ends at this instant: a binding of the same chat to something else and, of a robot, that
    of the unit's robot so far, since a unit has one. A robot that the platform refused is trusted again when it is
    bound again.

    Raises NotPossible where the channel is unknown, the chat's id is none, or the target does not fit the channel.
    """
    if channel == ROBOT:
        chat = _robot_key(chat)
    _check(channel, chat, target)
    before = holds(session, keyring, channel, chat)
    if before is not None and Target(before.group_id, before.school_id) == target:
        was_refused = before.refused_at is not None
        before.refused_at = None
        return was_refused
    ends = [before] if before is not None else []
    if channel == ROBOT:
        ends.extend(session.scalars(_robots_of(target)))
    for one in ends:
        one.until_at = now
    session.flush()  # the old ones must have ended before the new one is inserted
    session.add(
        Binding(
            channel=channel,
            chat=chat,
            chat_digest=keyring.digest("chat", chat_key(channel, chat)),
            group_id=target.group_id,
            school_id=target.school_id,
            from_at=now,
        )
    )
    session.flush()
    return True


def holds(session: Session, keyring: Keyring, channel: str, chat: str) -> Binding | None:
    """The binding of a chat that holds now."""
    digest = keyring.digest("chat", chat_key(channel, chat))
    return session.scalar(
        select(Binding).where(Binding.channel == channel, Binding.chat_digest == digest, Binding.until_at.is_(None))
    )


def _robot_key(chat: str) -> str:
    """The key of a robot; people copy the whole address, which the platform shows them."""
    return dict(parse_qsl(urlsplit(chat).query)).get("key", "") if "://" in chat else chat


def _robots_of(target: Target) -> Select[Binding]:
    """The robots of a unit whose binding holds now: one, since each new one ends the one before."""
    return select(Binding).where(
        Binding.channel == ROBOT,
        Binding.until_at.is_(None),
        Binding.group_id == target.group_id,  # None: IS NULL
        Binding.school_id == target.school_id,
    )


def _check(channel: str, chat: str, target: Target) -> None:
    if channel not in CHANNELS[:4] and channel != ROBOT and not _GATEWAY.fullmatch(channel):
        raise NotPossible(f"没有叫“{channel}”的渠道，可用的是 {'、'.join(CHANNELS)}（NAME 是网关的名字）")
    if not chat.strip() or len(chat) > MOST_CHARACTERS or not chat.isprintable():
        raise NotPossible(f"群聊编号不能为空、不能有控制字符、最长 {MOST_CHARACTERS} 个字符")
    if target.group_id is None and channel != ROBOT:
        raise NotPossible(f"渠道 {channel} 要绑定到一个班级或教职工群，请用 --group 说明是哪一个")

"""Bindings: which group a chat speaks for, and where reminders and digests of a group, a school, the bureau go."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
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
    """Bind a chat from now on; whether that is new. A binding of the same chat to something else ends at this instant.

    Raises NotPossible where the channel is unknown, the chat's id is none, or the target does not fit the channel.
    """
    _check(channel, chat, target)
    before = holds(session, keyring, channel, chat)
    if before is not None:
        if Target(before.group_id, before.school_id) == target:
            return False
        before.until_at = now
        session.flush()  # the old one must have ended before the new one is inserted
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


def _check(channel: str, chat: str, target: Target) -> None:
    if channel not in CHANNELS[:4] and channel != ROBOT and not _GATEWAY.fullmatch(channel):
        raise NotPossible(f"没有叫“{channel}”的渠道，可用的是 {'、'.join(CHANNELS)}（NAME 是网关的名字）")
    if not chat.strip() or len(chat) > MOST_CHARACTERS or not chat.isprintable():
        raise NotPossible(f"群聊编号不能为空、不能有控制字符、最长 {MOST_CHARACTERS} 个字符")
    if target.group_id is None and channel != ROBOT:
        raise NotPossible(f"渠道 {channel} 要绑定到一个班级或教职工群，请用 --group 说明是哪一个")

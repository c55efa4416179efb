"""Where a text is said: the group, its roster, the setting; and the message itself."""

from dataclasses import dataclass, field
from datetime import date, datetime

from models.vocabulary import GroupKind, Role


@dataclass(frozen=True, slots=True)
class Member:
    """A person as a member of the group; `id` is the membership's."""

    id: int
    name: str = field(repr=False)
    role: Role
    aliases: tuple[str, ...] = field(default=(), repr=False)  # group nicknames that the roster knows
    accounts: frozenset[str] = field(default=frozenset(), repr=False)  # platform ids confirmed to speak for the member
    from_day: date | None = None
    until_day: date | None = None  # last day

    def __hash__(self) -> int:
        """Of the id alone, which is unique; members are looked up often."""
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a deployment calls home and risk; `since` is the date from which travel and contact count."""

    home_county: str
    home_city: str
    home_province: str
    since: date
    risk_areas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """A group with its roster and setting. Hashable by identity of content, so that indexes over it can be cached."""

    group: str
    kind: GroupKind
    school: str
    members: tuple[Member, ...] = field(repr=False)
    setting: Setting

    def __hash__(self) -> int:
        """Of the group without its members, so that it costs the same in a large group."""
        return hash((self.group, self.school, len(self.members), self.setting))


@dataclass(frozen=True, slots=True)
class Message:
    """One message as the reader gets it; messages of a group are read in order of (at, natural order of id)."""

    id: str
    at: datetime  # aware, in the school's time zone
    sender: str = field(repr=False)  # the nickname that the message shows, "" where the channel gives none
    account: str | None = field(repr=False)  # the sender's platform id, None where the channel gives none
    text: str = field(repr=False)

"""What a page is: a row of a table with its policy, and a function from a visit to an answer.

Reading the body, who is signed in, the policy, the checks against forged requests and the headers of every answer are
done in one place, `bot/pages/door.py`. A handler is called in a thread and may use the database.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from starlette.responses import Response

from bot.counts.past_days import PastDays
from bot.intake.inbox import Inbox
from bot.pages.previews import Previews
from models.database import Database
from models.sealing import Keyring
from models.vocabulary import UserRole
from scheduler.days import local_day

MOST_FORM_BYTES = 16 * 1024

PUBLIC: frozenset[UserRole] = frozenset()
"""The policy of a page that anybody may open."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What pages work with."""

    database: Database
    keyring: Keyring
    inbox: Inbox
    previews: Previews
    zone: ZoneInfo
    public_url: str
    past_days: PastDays = field(default_factory=PastDays)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is signed in: their role at a unit, as their session has it."""

    session_id: int
    role: UserRole
    school_id: int | None  # of a school
    group_id: int | None  # of a teacher
    csrf: str = field(repr=False)  # the token that every form of theirs carries


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to a page, checked."""

    now: datetime
    zone: ZoneInfo
    path: Mapping[str, str]  # parameters of the path
    query: Mapping[str, str]  # the first value of each name
    form: Mapping[str, str] = field(repr=False)  # the first value of each name; {} on GET
    cookies: Mapping[str, str] = field(repr=False)
    signed_in: Viewer | None  # None on a public page, where nobody is

    @property
    def viewer(self) -> Viewer:
        """Who is signed in, on a page that is not public."""
        assert self.signed_in is not None
        return self.signed_in

    @property
    def today(self) -> date:
        """The school's local date."""
        return local_day(self.now, self.zone)


Handler = Callable[[Desk, Visit], Response]


@dataclass(frozen=True, slots=True)
class Page:
    """A route and its policy: who may open it. `PUBLIC` is a policy too; none is not."""

    method: str  # "GET" or "POST"
    path: str
    allowed: frozenset[UserRole]
    handler: Handler
    most_bytes: int = MOST_FORM_BYTES  # of a form

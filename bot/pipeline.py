"""One claimed group -> all that follows from its messages, in one transaction. The product on one page."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.intake import log
from bot.intake.claims import Claim
from bot.intake.log import MOST_ATTEMPTS, Logged
from bot.reading.fold import GroupState, read_order, step
from bot.reading.scene import Message, Scene
from bot.reading.state import REMEMBERED
from bot.reading.statement import Reading, Span, Unclear
from bot.records.heard import Heard, Verdict
from bot.records.store import Outlet, next_revision
from bot.roster.scene import scene as load_scene
from models.database import Database
from models.sealing import Keyring
from models.vocabulary import Reason
from scheduler.days import first_open_day, local_day

MOST_AT_ONCE = 1_000  # messages a transaction
AHEAD = timedelta(days=1)  # a chain for tomorrow is often begun the evening before


@dataclass(frozen=True, slots=True)
class Memory:
    """Where the fold over a group stands; it counts only at this revision."""

    revision: int
    state: GroupState
    last: Message | None


@dataclass
class Pipeline:
    """Reads claimed groups. `memories` only save work: without them everything comes out the same."""

    database: Database
    keyring: Keyring
    zone: ZoneInfo
    open_days: int
    beat: Callable[[], None] = lambda: None  # called before each message: the reader is not held
    memories: dict[int, Memory] = field(default_factory=dict, repr=False)
    _trying: int | None = None  # the message of the attempt that was committed last

    def read(self, claim: Claim, now: datetime, *, carefully: bool = False) -> int:
        """Read a claimed group's waiting messages; how many were settled; raises Superseded.

        `carefully`: a reader has died over this group. One message is taken, each attempt committed before it is made,
        and a message that readers keep dying of is parked; the others of the group go on.
        """
        first_day = first_open_day(local_day(now, self.zone), self.open_days)
        with claim.look() as session:
            scene = load_scene(session, claim.group_id)
            most = 1 if carefully else MOST_AT_ONCE
            arrived = in_order(log.waiting(session, claim.group_id, self.zone, most))
            inputs = [one for one in arrived if one.open]
            memory = self._memory(claim, inputs)
            if memory is None:
                inputs = afresh(session, claim.group_id, inputs, first_day, self.zone)
        parked = [one for one in dict.fromkeys([*inputs, *arrived]) if carefully and one.attempts >= MOST_ATTEMPTS]
        inputs = [one for one in inputs if one not in parked]

        heard, state = self._fold(memory.state if memory else GroupState(), inputs, scene, carefully=carefully)
        heard = judged(heard, inputs, first_day, self.zone, self.open_days)
        late = [one for one in arrived if not one.open and one not in parked]
        too_late, _ = self._fold(GroupState(), late, scene, carefully=carefully)

        with claim.settle() as session:
            rows = {one.message.id: one.id for one in [*inputs, *arrived, *parked]}
            outlet = Outlet(session, self.keyring, claim.group_id, rows, {one.id for one in inputs}, now)
            outlet.write(heard, afresh=memory is None, first_day=first_day, reread=claim.stale)
            outlet.add_reviews(of_closed_days(too_late).unclear.values())
            outlet.add_reviews([_parked(one) for one in parked])
            settled = [one.id for one in arrived if one not in parked]
            log.finish(session, settled, harmless=[one.id for one in [*inputs[-1:], *late[-1:]]])
            for one in parked:
                log.park(session, one.id, now)
            revision = next_revision(session, claim.group_id, now, roster_changed=claim.stale)
        self._trying = None
        last = inputs[-1].message if inputs else memory.last if memory else None
        self.memories[claim.group_id] = Memory(revision, state, last)
        return len(arrived)

    def survived(self) -> None:
        """Reading ended otherwise than by the reader's death: the attempt that was under way does not count."""
        if self._trying is not None:
            log.take_back(self.database, self._trying)
            self._trying = None

    def _memory(self, claim: Claim, inputs: Sequence[Logged]) -> Memory | None:
        """The memory to go on from: of the same revision, and no input belongs before its last message."""
        memory = self.memories.get(claim.group_id)
        if memory is None or claim.stale or memory.revision != claim.revision:
            return None
        if memory.last and inputs and _order(inputs[0]) < read_order(memory.last):
            return None
        return memory

    def _fold(
        self, state: GroupState, inputs: Sequence[Logged], scene: Scene, *, carefully: bool
    ) -> tuple[Heard, GroupState]:
        def before(one: Logged) -> None:
            self.beat()
            if carefully:
                log.attempt(self.database, one.id, self._trying)
                self._trying = one.id

        return fold(state, inputs, scene, before)


def afresh(session: Session, group_id: int, inputs: Sequence[Logged], first_day: date, zone: ZoneInfo) -> list[Logged]:
    """What a fold that begins from nothing reads: the new inputs, and what it takes to read them and the open days."""
    since = min([first_day, *(one.day for one in inputs)]) - REMEMBERED
    return in_order([*log.already_read(session, group_id, since, zone), *inputs])


def fold(
    state: GroupState, inputs: Sequence[Logged], scene: Scene, before: Callable[[Logged], None]
) -> tuple[Heard, GroupState]:
    """What inputs bring after what was read before them; `before` is called with each."""
    heard = Heard()
    for one in inputs:
        before(one)
        told = step(state, one.message, scene)
        heard.take(told)
        state = told.state
    return heard, state


def judged(heard: Heard, inputs: Sequence[Logged], first_day: date, zone: ZoneInfo, open_days: int) -> Heard:
    """What was heard, by whether it still counts: open days are those of the day on which its message arrived."""
    by_name = {one.message.id: one for one in inputs}

    def verdict(told: Reading | Unclear) -> Verdict:
        source = by_name[told.message]
        arrived = local_day(source.arrived_at, zone)
        if not first_open_day(arrived, open_days) <= told.day <= arrived + AHEAD:
            return Verdict.CLOSED
        return Verdict.KEEP if source.waiting or told.day >= first_day else Verdict.STANDS

    return heard.judged(verdict)


def of_closed_days(heard: Heard) -> Heard:
    """What was heard in messages whose days were closed when they arrived: all of it is for a person."""
    return heard.judged(lambda _: Verdict.CLOSED)


def in_order(inputs: Iterable[Logged]) -> list[Logged]:
    """Inputs in the order of reading."""
    return sorted(inputs, key=_order)


def _order(one: Logged) -> tuple[object, ...]:
    return read_order(one.message)


def _parked(one: Logged) -> Unclear:
    message = one.message
    return Unclear(
        key=f"parked:{message.id}",
        message=message.id,
        day=message.at.date(),
        reason=Reason.PARKED,
        span=Span(0, len(message.text)),
    )

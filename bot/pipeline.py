"""One claimed group -> all that follows from its messages, in one transaction. The product on one page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.intake import log
from bot.intake.claims import Claim
from bot.intake.log import MOST_ATTEMPTS, Logged
from bot.reading.fold import GroupState, read_order, step
from bot.reading.scene import Message, Scene
from bot.reading.statement import Reading, Span, Unclear
from bot.records.heard import Heard, Verdict
from bot.records.store import Outlet, next_revision
from bot.roster.scene import scene as load_scene
from models.database import Database
from models.sealing import Keyring
from models.vocabulary import Reason
from scheduler.days import first_open_day, local_day

AHEAD = timedelta(days=1)  # a chain for tomorrow is often begun the evening before


@dataclass(frozen=True, slots=True)
class Memory:
    """Where the fold over a group stands; it counts only at this revision and for this first open day."""

    revision: int
    first_day: date
    state: GroupState
    last: Message | None


@dataclass
class Pipeline:
    """Reads claimed groups. `memories` only save work: without them everything comes out the same."""

    database: Database
    keyring: Keyring
    zone: ZoneInfo
    open_days: int
    memories: dict[int, Memory] = field(default_factory=dict, repr=False)

    def read(self, claim: Claim, now: datetime, *, carefully: bool = False) -> int:
        """Read a claimed group's waiting messages; how many were settled; raises Superseded.

        `carefully`: a reader has died over this group. One message is taken, the attempt committed before it is made,
        and a message that readers keep dying of is parked; the others of the group go on.
        """
        first_day = first_open_day(local_day(now, self.zone), self.open_days)
        with claim.look() as session:
            scene = load_scene(session, claim.group_id)
            arrived = sorted(log.waiting(session, claim.group_id, self.zone), key=_order)
            if carefully:
                arrived = arrived[:1]
            parked = [one for one in arrived if carefully and one.attempts >= MOST_ATTEMPTS]
            fresh = [one for one in arrived if one.open and one not in parked]
            memory = self._memory(claim, first_day, fresh)
            inputs = fresh
            if memory is None:
                inputs = sorted([*log.already_read(session, claim.group_id, first_day, self.zone), *fresh], key=_order)

        heard, state = self._fold(memory.state if memory else GroupState(), inputs, scene, carefully=carefully)
        by_name = {one.message.id: one for one in inputs}
        heard = heard.judged(lambda told: self._verdict(told, by_name[told.message], first_day))
        for_a_person = [_closed(one) for one in arrived if not one.open] + [_parked(one) for one in parked]

        with claim.settle() as session:
            rows = {one.message.id: one.id for one in [*inputs, *arrived]}
            outlet = Outlet(session, self.keyring, claim.group_id, rows, now)
            outlet.write(heard, afresh=memory is None, first_day=first_day, reread=claim.stale)
            outlet.add_reviews(for_a_person)
            settled = [one.id for one in arrived if one not in parked]
            log.finish(session, settled, harmless=[one.id for one in inputs[-1:]])
            for one in parked:
                log.park(session, one.id, now)
            revision = next_revision(session, claim.group_id, now, roster_changed=claim.stale)
        last = inputs[-1].message if inputs else memory.last if memory else None
        self.memories[claim.group_id] = Memory(revision, first_day, state, last)
        return len(arrived)

    def _memory(self, claim: Claim, first_day: date, fresh: Sequence[Logged]) -> Memory | None:
        """The memory to go on from: same revision and open days, and nothing that belongs before its last message."""
        memory = self.memories.get(claim.group_id)
        if memory is None or claim.stale or (memory.revision, memory.first_day) != (claim.revision, first_day):
            return None
        if memory.last and fresh and _order(fresh[0]) < read_order(memory.last):
            return None
        return memory

    def _fold(
        self, state: GroupState, inputs: Sequence[Logged], scene: Scene, *, carefully: bool
    ) -> tuple[Heard, GroupState]:
        heard = Heard()
        before: int | None = None
        for one in inputs:
            if carefully:
                log.attempt(self.database, one.id, before)
                before = one.id
            told = step(state, one.message, scene)
            heard.take(told)
            state = told.state
        return heard, state

    def _verdict(self, told: Reading | Unclear, source: Logged, first_day: date) -> Verdict:
        """Whether what a message says of a day still counts: open days are those of the day on which it arrived."""
        arrived = local_day(source.arrived_at, self.zone)
        if not first_open_day(arrived, self.open_days) <= told.day <= arrived + AHEAD:
            return Verdict.CLOSED
        return Verdict.KEEP if source.waiting or told.day >= first_day else Verdict.STANDS


def _order(one: Logged) -> tuple[object, ...]:
    return read_order(one.message)


def _closed(one: Logged) -> Unclear:
    return _whole(one, Reason.CLOSED_DAY)


def _parked(one: Logged) -> Unclear:
    return _whole(one, Reason.PARKED)


def _whole(one: Logged, reason: Reason) -> Unclear:
    message = one.message
    return Unclear(
        key=f"{reason}:{message.id}",
        message=message.id,
        day=message.at.date(),
        reason=reason,
        span=Span(0, len(message.text)),
    )

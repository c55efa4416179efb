"""Steps of a group's log that are no messages: roster or setting changed, so its open days must be read again."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.database import IDS_A_STATEMENT
from models.group import Group, Revision
from models.vocabulary import Cause


def advance(session: Session, group_ids: Iterable[int], cause: Cause, now: datetime) -> None:
    """Give each group its next revision and mark it stale; a reading of an older revision is then never written."""
    ids = sorted(set(group_ids))
    for start in range(0, len(ids), IDS_A_STATEMENT):
        some = ids[start : start + IDS_A_STATEMENT]
        # Locks are taken in the order of ids, so that two that lock several groups never wait for each other.
        session.execute(select(Group.id).where(Group.id.in_(some)).order_by(Group.id).with_for_update(key_share=True))
        moved = session.execute(
            update(Group)
            .where(Group.id.in_(some))
            .values(revision=Group.revision + 1, stale=True)
            .returning(Group.id, Group.revision),
            execution_options={"synchronize_session": False},
        ).all()
        session.add_all(
            Revision(group_id=group_id, number=number, cause=cause, at=now) for group_id, number in sorted(moved)
        )

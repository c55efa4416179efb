"""How many messages a second become durable: together, as the service does it, and with a commit each."""

import json
import tempfile
from dataclasses import replace
from functools import partial
from itertools import count

from bot.clock import seconds
from bot.intake.commit import GroupCommit
from tests.intake.county import KEYRING, NOW, TEXT, County, small_county

MESSAGES = 2_000
ROUNDS = 3


def together(county: County, ids: "count[int]") -> float:
    """Messages a second through the group commit."""
    commits = GroupCommit(county.database, KEYRING)
    commits.start()
    began = seconds()
    messages = [replace(TEXT, platform_id=f"{next(ids)}") for _ in range(MESSAGES)]
    waiting = [commits.submit(partial(county.inbox.store, incoming=one, arrived_at=NOW)) for one in messages]
    for one in waiting:
        one.result()
    took = seconds() - began
    commits.stop()
    return MESSAGES / took


def one_by_one(county: County, ids: "count[int]") -> float:
    """Messages a second with a commit each."""
    began = seconds()
    for _ in range(MESSAGES):
        county.arrives(platform_id=f"{next(ids)}")
    return MESSAGES / (seconds() - began)


def main() -> None:
    """Print the best of some rounds and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        county = small_county(f"sqlite:///{folder}/jielong.db")
        ids = count()
        shared = max(together(county, ids) for _ in range(ROUNDS))
        single = max(one_by_one(county, ids) for _ in range(ROUNDS))
        county.database.close()
    print(
        json.dumps(
            {
                "bench": "intake",
                "group_commit_messages_a_second": round(shared),
                "commit_each_messages_a_second": round(single),
                "ratio": round(shared / single, 2),
            }
        )
    )


if __name__ == "__main__":
    main()

"""What a page costs from request to answer, in a county of 2020's size, and whether a group's grows with the county."""

import json
import tempfile
from datetime import timedelta

from bot import clock
from bot.clock import seconds
from bot.wiring import migrate
from models.database import open_database
from models.vocabulary import UserRole
from tests.bench.counts import NOW, fill
from tests.intake.county import KEYRING, County, bureau, small_county
from tests.pages.desk import desk_of, signed_in

ROUNDS = 40


def milliseconds(county: County, role: UserRole) -> list[float]:
    """How long the first page of a role takes, in order, the first look apart."""
    browser = signed_in(desk_of(county), role, now=NOW)
    home = browser.get("/").headers["location"]
    took = []
    for number in range(ROUNDS + 1):
        began = seconds()
        answer = browser.get(home)
        if number:
            took.append((seconds() - began) * 1000)
        if answer.status_code != 200:
            raise AssertionError(answer.text)
    return sorted(took)


def large_county(url: str) -> County:
    """28 schools, 658 groups, 21,500 people, a week of days."""
    database = open_database(url, KEYRING)
    migrate(database, KEYRING)
    with database.write() as session:
        session.add(bureau())
        fill(session)
    return County(database, group_id=1)


def main() -> None:
    """Print the 50th and 95th percentiles, and what the county's size adds to a group's page."""
    clock.now = lambda: NOW + timedelta(minutes=5)
    with tempfile.TemporaryDirectory() as folder:
        large = large_county(f"sqlite:///{folder}/large.db")
        small = small_county(f"sqlite:///{folder}/small.db")
        group, alone, whole = (
            milliseconds(county, role)
            for county, role in (
                (large, UserRole.TEACHER),
                (small, UserRole.TEACHER),
                (large, UserRole.BUREAU),
            )
        )
        large.database.close()
        small.database.close()
    half, most = ROUNDS // 2, ROUNDS * 95 // 100
    print(
        json.dumps(
            {
                "bench": "pages",
                "group_page_ms": round(group[half], 1),
                "group_page_p95_ms": round(group[most], 1),
                "group_page_ratio_to_a_class_of_three": round(group[half] / alone[half], 2),
                "bureau_page_ms": round(whole[half], 1),
                "bureau_page_p95_ms": round(whole[most], 1),
            }
        )
    )


if __name__ == "__main__":
    main()

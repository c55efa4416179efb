"""Nothing of health reaches a group chat, whatever families have written: over every case and day of the corpora.

What a school's digest says counts too: a school's robot may stand in a chat of many.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.cli.replay import Case, days_of, load
from bot.counts.digest import school_day
from bot.counts.members import MemberDay, member_days
from bot.counts.roll import Roll, roll
from bot.messages import digest, reminder
from bot.messages.names import listed
from bot.messages.plain import plain
from bot.reading.fold import fold
from bot.reading.lexicon import lexicon
from bot.reading.symptom import FEVER, SYMPTOMS
from bot.records.flags import LABELS
from models.record import Record
from models.vocabulary import State
from tests.counts.corpus import COUNTIES, ZONE, CorpusCounty, corpus_county
from tests.flow.cases import CORPUS

TEMPERATURE = re.compile(r"[34]\d[.．]\d|[34]\d度|[℃°]")
ILLNESS = frozenset(lexicon().words("fever")) | frozenset(lexicon().words("symptom"))
TIMES = (time(9), time(10, 30), time(12))


def leaks(text: str, *, places: Collection[str] = (), names: Collection[str] = ()) -> list[str]:
    """What of health, places and people stands in a text."""
    ruled = (rules.found(text, 0, len(text)) for rules in (FEVER, SYMPTOMS))
    return [
        *TEMPERATURE.findall(text),
        *(word for word in ILLNESS if word in text),
        *(match.rule for matches in ruled for match in matches),
        *(label for label in LABELS.values() if label in text),
        *(name for name in (*places, *names) if name in text),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "王小明 36.5",
        "王小明37．8",
        "38度2",
        "36℃",
        "有点咳嗽",
        "孩子还烧着呢",
        "嗓子有点疼",
        "接触三类人员1",
        "外出2人",
        "从沈阳市回来",
        "李雷已报",
    ],
)
def test_what_is_looked_for_is_found(text: str) -> None:
    assert leaks(text, places=["沈阳市"], names=["李雷"])


def without(text: str, words: Collection[str]) -> str:
    """The text without what may stand in it, longest first."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text


def reminders(called: Roll, day: date) -> Iterator[str]:
    """Every reminder that the group could get on the day."""
    for at in TIMES:
        for again in (False, True):
            text = reminder.text(called, datetime.combine(day, at, ZONE), again=again)
            if text is not None:
                yield text


def of_group(county: CorpusCounty, case: Case, day: date) -> tuple[Roll, list[MemberDay], set[str], str]:
    """The roll call, the member-days, all places that the county's records name, and the school's digest."""
    school_id, group_id = county.ids[case.id]
    with county.database.read() as session:
        at = datetime.combine(day, time(11), ZONE)
        return (
            roll(session, day, group_id),
            member_days(session, day, group_id=group_id),
            {place for places in session.scalars(select(Record.places)) for place in places},
            digest.school(school_day(session, day, school_id), 1, at),
        )


@pytest.mark.parametrize("cases", COUNTIES, ids=lambda cases: cases[0].id)
def test_a_group_hears_who_is_missing_and_nothing_else(cases: list[Case], tmp_path: Path) -> None:
    said = 0
    with corpus_county(f"sqlite:///{tmp_path / 'jielong.db'}", cases, tmp_path) as county:
        own = {plain(name) for case in cases for name in (case.group.name, case.group.school)}
        everybody = {member.name for case in cases for member in case.group.members}
        for case in cases:
            for day in county.days():
                called, members, places, of_school = of_group(county, case, day)
                missing = [one.name for one in members if one.state is State.MISSING]
                assert (called.missing, called.heard) == (tuple(missing), len(members) - len(missing))
                for full in (False, True):
                    for text in reminders(replace(called, full_names=full), day):
                        rest = without(text, [*own, *listed(missing, full=full), *(missing if full else ())])
                        assert leaks(rest, places=places, names=everybody) == []
                        said += 1
                assert leaks(without(of_school, own), places=places, names=everybody) == []
    assert said


def folded(case: Case) -> Iterator[tuple[date, Roll, set[str]]]:
    """Each day of a case: the roll call that its fold gives, and the places that were told."""
    names = [member.name for member in case.group.members]
    told = fold(list(case.heard()), case.scene())
    days = days_of(told.readings)
    for day in sorted({message.at.date() for message in case.messages} | set(days)):
        asked = {member for one in told.unclear if one.day == day for member in one.members}
        heard = set(days.get(day, {})) | asked
        missing = tuple(name for place, name in enumerate(names) if place not in heard)
        places = {place for record in days.get(day, {}).values() for place in record.places}
        yield day, Roll(case.group.name, case.group.kind, len(heard), missing, full_names=False), places


@pytest.mark.parametrize("file", ["dev-chains", "dev-lines", "dev-more"])
def test_the_same_of_the_corpora_that_are_only_folded(file: str) -> None:
    said = 0
    for case in load(CORPUS / f"{file}.jsonl"):
        own = {plain(name) for name in (case.group.name, case.group.school)}
        everybody = {member.name for member in case.group.members}
        for day, called, places in folded(case):
            for full in (False, True):
                for text in reminders(replace(called, full_names=full), day):
                    rest = without(text, [*own, *listed(called.missing, full=full), *(called.missing if full else ())])
                    assert leaks(rest, places=places, names=everybody) == [], case.id
                    said += 1
    assert said

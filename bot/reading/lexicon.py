"""The word lists as one search: illness, well-being, cues of context, people."""

from functools import cache
from importlib.resources import files
from tomllib import loads

from bot.reading.rules import Lexicon
from bot.reading.words import load

_CUES = ("denies", "nothing", "ends", "hedges", "over", "not_over", "supposes", "asks", "corrects", "false_alarm")


@cache
def lexicon() -> Lexicon:
    """All words that are looked for in every piece; kinds are the names of the lists."""
    words = Lexicon()
    cues, people = load("cues"), load("people")
    health = loads((files("bot.reading.words") / "health.toml").read_text(encoding="utf-8"))
    for kind in (
        "nothing",
        "supposes",
        "asks",
        "hedges",
        "ends",
        "denies",
        "over",
        "not_over",
        "corrects",
        "false_alarm",
    ):
        words.add(kind, cues[kind])
    for kind in ("kin", "household", "child"):
        words.add(kind, people[kind])
    for kind in ("stranger", "we", "me", "animal"):
        words.add(kind, people[kind])
    for kind in ("nothing", "well", "fever", "symptom"):
        for value, group in health[kind].items():
            words.add(kind, group, value)
    return words

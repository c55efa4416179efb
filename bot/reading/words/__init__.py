"""Word lists as data, each with its source; `load` reads one of them."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def load(topic: str) -> dict[str, tuple[str, ...]]:
    """The lists of `<topic>.toml`: name of the list -> words, in the order of the file."""
    table = tomllib.loads(files(__name__).joinpath(f"{topic}.toml").read_text(encoding="utf-8"))
    return {name: tuple(words) for name, words in table.items()}


def one_of(*lists: tuple[str, ...]) -> str:
    """A pattern that matches any of the words, the longest first."""
    words = sorted({word for words in lists for word in words}, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(words) + ")"

"""Lists that must fit: cut between entries, and what was left out is counted."""

from collections.abc import Sequence


def text_bytes(text: str) -> int:
    """How many bytes of UTF-8 a text takes."""
    return len(text.encode())


def cut(entries: Sequence[str], most_bytes: int, *, of_all: str) -> str:
    """All entries, or as many of the first as fit together with `of_all` ("等60所"), which says how many there are.

    An entry brings its own separator; the first one's is for the caller to leave out.
    """
    if text_bytes("".join(entries)) <= most_bytes:
        return "".join(entries)
    left = most_bytes - text_bytes(of_all)
    kept = []
    for entry in entries:
        left -= text_bytes(entry)
        if left < 0:
            break
        kept.append(entry)
    return "".join(kept) + of_all


def shares(wanted: Sequence[int], most: int) -> list[int]:
    """How much each gets of what there is: none more than it wants, and what one leaves goes to the others alike."""
    given = [0] * len(wanted)
    left = max(most, 0)
    for number, place in enumerate(sorted(range(len(wanted)), key=lambda one: wanted[one])):
        given[place] = min(wanted[place], left // (len(wanted) - number))
        left -= given[place]
    return given

"""Which letters of a text are spoken for."""

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar


class _Range(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


Thing = TypeVar("Thing", bound=_Range)


class Taken:
    """The letters of a text that were recognised as something; a question costs no more than the range it is about."""

    def __init__(self, length: int) -> None:
        """None of so many letters."""
        self._letters = bytearray(length)

    def copy(self) -> "Taken":
        """The same, to go on from."""
        other = Taken(0)
        other._letters[:] = self._letters
        return other

    def take(self, start: int, end: int) -> None:
        """Mark a range."""
        self._letters[start:end] = b"\x01" * (end - start)

    def touches(self, start: int, end: int) -> bool:
        """Whether anything of a range is marked."""
        return self._letters.find(1, start, end) >= 0

    def free(self, things: Iterable[Thing]) -> Iterator[Thing]:
        """The things that overlap nothing that was found before, each marked in its turn."""
        for thing in things:
            if not self.touches(thing.start, thing.end):
                self.take(thing.start, thing.end)
                yield thing

    def blanked(self, norm: str) -> str:
        """The text with what is marked blanked out, so that no word is found across its border."""
        return "".join("\x00" if taken else letter for letter, taken in zip(norm, self._letters, strict=True))

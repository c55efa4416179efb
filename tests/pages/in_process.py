"""Previews without a process of their own: what the child does, done here."""

from bot.counts.foreseen import Foreseen
from bot.foresight import Foresight
from bot.pages.previews import Previews, Question, Unforeseen, answer
from bot.settings import Settings
from tests.intake.county import KEYRING, County


class InProcess(Previews):
    """Answers in the process that asks; `cannot`: what it answers instead."""

    def __init__(self, county: County) -> None:
        super().__init__(Settings())
        self._foresight = Foresight(county.database, KEYRING, county.inbox)
        self.cannot: Unforeseen | None = None

    def warm(self) -> None:
        """There is nothing to begin."""

    def foresee(self, question: Question) -> Foreseen | Unforeseen:
        return self.cannot or answer(self._foresight, question)

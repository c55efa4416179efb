"""Previews without a process of their own: what the child does, done here."""

from bot.counts.preview import Preview
from bot.pages.previews import NoPreview, Previews, Question, answer
from bot.previewer import Previewer
from bot.settings import Settings
from tests.intake.county import KEYRING, County


class InProcess(Previews):
    """Answers in the process that asks; `cannot`: what it answers instead."""

    def __init__(self, county: County) -> None:
        super().__init__(Settings())
        self._previewer = Previewer(county.database, KEYRING, county.inbox)
        self.cannot: NoPreview | None = None

    def warm(self) -> None:
        """There is nothing to begin."""

    def preview(self, question: Question) -> Preview | NoPreview:
        return self.cannot or answer(self._previewer, question)

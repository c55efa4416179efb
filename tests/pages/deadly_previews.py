"""A child that looks ahead and that some texts kill or hold; see tests/faults/deadly.py."""

from bot import pipeline
from bot.pages.previews import Pipe, serve
from bot.settings import Settings
from tests.faults.deadly import deadly_step


def deadly_serve(settings: Settings, asked: Pipe, limit: float) -> None:
    """Serve, but for those texts."""
    pipeline.step = deadly_step  # type: ignore[attr-defined]
    serve(settings, asked, limit)

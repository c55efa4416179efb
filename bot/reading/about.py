"""Whom a piece of text is about: the members whom it names, else those for whom its sender speaks."""

import re
from dataclasses import dataclass

from bot.reading.member import Mention, Speaker
from bot.reading.naming import family_member, looks_like_name, unknown_head
from bot.reading.piece import Piece
from bot.reading.scene import Member
from bot.reading.subject import addressed, only_met

_MY_OWN = re.compile(
    r"(?:我|本人)(?:自己|今天|今早|今日|也|是|的|体温|量的?|早上)*\s*(?:3[4-9]|4[0-2]|三十|正常|健康|没事|也?都?好)"
)


@dataclass(frozen=True, slots=True)
class People:
    """Whom a piece is about."""

    mains: tuple[Member, ...]
    named: bool  # by the text, not by the speaker's nickname
    ambiguous: tuple[Mention, ...] = ()
    unknown: str = ""  # a name at the head that the roster does not have


def _named(piece: Piece, speaker: Speaker) -> tuple[list[Member], list[Mention]]:
    """The members whom a piece names, and the names that several share, none of them the speaker's own."""
    named: list[Member] = []
    ambiguous: list[Mention] = []
    for mention in piece.mentions:
        if addressed(piece, mention) or only_met(piece, mention):
            continue
        own = [member for member in mention.members if member in speaker.members]
        if len(mention.members) == 1:
            named.append(mention.members[0])
        elif len(own) == 1:
            named.append(own[0])
        else:
            ambiguous.append(mention)
    return named, ambiguous


def people_of(piece: Piece, speaker: Speaker, *, entry: bool) -> People:
    """The members whom the piece names, else the speaker's."""
    named, ambiguous = _named(piece, speaker)
    if named and not entry and speaker.is_self and _MY_OWN.search(piece.whole()):
        named.extend(speaker.members)
    if named:
        return People(tuple(dict.fromkeys(named)), named=True)
    if ambiguous:
        return People((), named=True, ambiguous=tuple(ambiguous))
    head = unknown_head(piece)
    if head:
        close = family_member(head, speaker)
        if close is not None:
            return People((close,), named=True)
        if entry or (not speaker.members and looks_like_name(head)):
            return People((), named=True, unknown=head)
    return People(speaker.members, named=False)

"""Brothers and sisters who are both in the group: the illness of one is the family's of the other."""

import re
from dataclasses import replace
from datetime import date

from bot.reading.about import People
from bot.reading.member import plain
from bot.reading.piece import Piece
from bot.reading.said import Told
from bot.reading.scene import Member
from bot.reading.statement import Fever, Statement, Symptom, Temperature, Value
from models.vocabulary import Experiencer

_SIBLING = re.compile("弟|妹|哥|姐|老大|老二|大宝|二宝|俩|双胞胎|两个孩子|龙凤胎")
_PAIR = 2


def siblings_of(
    told: Told, member: Member, people: People, piece: Piece, day: date | None
) -> tuple[Statement[Value], ...]:
    """The illness of a member's brothers and sisters in the piece, as one of the household."""
    if len(people.mains) < _PAIR:
        return ()
    found = []
    for said in told.said:
        others = [other for other in said.members if other.id != member.id]
        if (
            not others
            or member in said.members
            or said.day != day
            or said.statement.context.experiencer is not Experiencer.PERSON
        ):
            continue
        if not all(_are_siblings(member, other, people, piece) for other in others):
            continue
        if isinstance(said.statement.value, (Fever, Symptom, Temperature)):
            context = replace(said.statement.context, experiencer=Experiencer.HOUSEHOLD)
            found.append(replace(said.statement, context=context))
    return tuple(found)


def _are_siblings(one: Member, other: Member, people: People, piece: Piece) -> bool:
    return plain(one.name)[0] == plain(other.name)[0] and (
        _SIBLING.search(piece.whole()) is not None or len(people.mains) == _PAIR
    )

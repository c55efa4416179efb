"""What is said to the group and reports nobody: notices, orders, bulletins, advertisements."""

import re

from bot.reading.about import People
from bot.reading.piece import Piece
from bot.reading.said import Told
from bot.reading.statement import Temperature

IMPERATIVE = re.compile(
    "请|注意|多喝|记得|别|抓紧|收到|尽快|不要|务必|大家|各位|家长们|同学们|怎么|提醒|观察|谢谢|辛苦|@所有人"
)
_NOTICE = re.compile(
    r"(?:^|[,。;!\n\s])(?:请|各位|大家|家长们|老师们|同学们|望|务必|通知|温馨提示)"
    r"|必须|务必|如实(?:填|写|上?报)|接龙完毕|不得瞒报|@所有人|(?:还没|没|未)[报接填]的|抓紧|提醒|逐人"
)
_BULLETIN = re.compile(r"某某|患者[^,。]{0,4}某|经查|流调|通报如下")
_ADVERT = re.compile(r"到货|包邮|要的私|优惠|满\d+减|咨询|广告")
# 发热的私聊老师, 没有的扣1: whoever is so is told to do something.
_ORDER = re.compile(
    "(?:没|无|有|不|发热|发烧|咳嗽|症状|异常|隔离|接触)[^,。]{0,8}的(?:同学|学生|孩子|家长|老师|人)?,?"
    "(?:请|先|别|不要|不用|千万|必须|应|要|立即|马上|尽快|及时|主动|单独|私|联系|告诉|回(?!来|家)|扣|打字|写|报|接龙|在家)"
)
_SEVERAL = 2  # questions that make a form
_LONGEST_NAMED = 25  # letters up to which a text that names somebody is about them, whatever it asks for


def is_notice(piece: Piece, told: Told, people: People) -> bool:
    """Whether a message tells others what to do and reports nobody: it asks or orders and measures nothing."""
    if not people.named and (_ORDER.search(piece.whole()) or _ADVERT.search(piece.whole())):
        return True
    if any(isinstance(said.statement.value, Temperature) for said in told.said) or told.implausible:
        return False
    if len(re.findall("是否|有无|有没有", piece.whole())) >= _SEVERAL and ":" not in piece.whole()[-4:]:
        return True
    return (
        any(kind.search(piece.whole()) for kind in (_NOTICE, _BULLETIN, _ADVERT))
        and not re.search("请假|请了", piece.whole())
        and not (people.named and len(piece.whole()) < _LONGEST_NAMED)
    )

"""Words that people have made, as they may stand in a message that leaves: no mention, no link, no mark-up, one line.

A group robot takes `<@all>` in the content of a text for a mention of everybody, and clients make links of addresses
(developer.work.weixin.qq.com/document/path/91770); a name of the roster must do neither.
"""

import re
import unicodedata

MOST_CHARACTERS = 30  # of a name in a message
NAMELESS = "无名"
_MARK_UP = frozenset("<>@&`*_~#[]{}|\\")
_OF_LINKS = str.maketrans({":": "：", "/": "-", ".": "·", "。": "·"})  # IDNA takes 。 for a dot (UTS #46, 2.3)
_SPACES = re.compile(r"\s+")


def plain(text: str) -> str:
    """The text without all that a client could take for more than words; NAMELESS where nothing is left.

    A sign counts as what it is compatible with (NFKC): a full-width ＠ is an @.
    """
    kept = "".join(_kept(sign) for sign in text)
    words = _SPACES.sub(" ", kept.translate(_OF_LINKS)).strip()
    if not words:
        return NAMELESS
    return words if len(words) <= MOST_CHARACTERS else words[: MOST_CHARACTERS - 1] + "…"


def _kept(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in {"Cc", "Zl", "Zp", "Zs"}:
        return " "
    if category.startswith("C"):  # invisible, or of no meaning: directions, joiners, surrogates, private use
        return ""
    like = unicodedata.normalize("NFKC", sign)
    if not _MARK_UP.isdisjoint(like):
        return ""
    return like if any(ord(one) in _OF_LINKS for one in like) else sign

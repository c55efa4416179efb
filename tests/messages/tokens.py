"""What a client could take for more than words."""

import re
import unicodedata

NASTY = (
    "<@all>",
    "@all",
    "@所有人",
    "＠all",
    "﹫",
    "＜",
    "﹥",
    "<a href=x>",
    "http://a.cn",
    "https://",
    "weixin://dl",
    "www.",
    ".cn",
    "。com",
    "．",
    "[a](b)",
    "![",
    "](",
    "**",
    "`",
    "_",
    "~~",
    "#",
    "\n",
    "\r",
    "\u2028",
    "\u202e",
    "\u200b",
    "\u0301",
    "\U000e0041",
    "\ud800",
    "\x00",
)
_TOKEN = re.compile(r"[<>@`*_~#\[\]{}|\\&]|://|\w\.\w|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


def tokens(text: str) -> list[str]:
    """Mentions, tags, links, mark-up and line breaks in a text, and in what it is compatible with."""
    return [*_TOKEN.findall(text), *_TOKEN.findall(unicodedata.normalize("NFKC", text))]

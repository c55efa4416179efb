"""ID-card and phone numbers are masked before a text is stored, character for character, so that spans stay right.

Least data: 个人信息保护法 art. 6 and 19. An ID-card number has 17 digits and a digit or X (GB 11643-1999), a mobile
number 11 digits from 13 to 19; separators inside are kept.
"""

import re

MASK = "*"
_DIGIT = r"[0-9０-９]"
_ID_CARD = re.compile(rf"(?<!{_DIGIT})(?:{_DIGIT}[ -]?){{17}}[0-9０-９XxＸｘ](?!{_DIGIT})")
_PHONE = re.compile(rf"(?<!{_DIGIT})[1１][3-9３-９](?:[ -]?{_DIGIT}){{9}}(?!{_DIGIT})")
_SHOWN = re.compile(r"[0-9０-９XxＸｘ]")


def masked(text: str) -> str:
    """The text, as long as before, with the digits of ID-card and phone numbers hidden."""
    for number in (_ID_CARD, _PHONE):
        text = number.sub(lambda found: _SHOWN.sub(MASK, found[0]), text)
    return text

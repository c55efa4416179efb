"""ID-card and phone numbers are masked before a text is stored, character for character, so that spans stay right.

Least data: 个人信息保护法 art. 6 and 19. An ID-card number is 6 digits of a place, 8 of a birthday, 3 and a check digit
or X (GB 11643-1999); a mobile number 11 digits from 13 to 19, with or without the 86 of the country. Separators may
stand where people put them, and stay; a date or a row of temperatures is neither.
"""

import re

MASK = "*"
_DIGIT = "[0-9０-９]"
_GAP = "[\\s.\\-‐-―－\u200b-\u200f]?"
_BIRTHDAY = "(?:[1１][9９]|[2２][0０])" + _DIGIT * 2 + "[01０１]" + _DIGIT + "[0-3０-３]" + _DIGIT
_ID_CARD = re.compile(f"(?<!{_DIGIT}){_DIGIT}{{6}}{_GAP}{_BIRTHDAY}{_GAP}{_DIGIT}{{3}}[0-9０-９XxＸｘ](?!{_DIGIT})")
_PHONE = re.compile(
    f"(?<!{_DIGIT})(?:(?:[0０]{{2}})?[8８][6６]{_GAP})?[1１][3-9３-９]{_DIGIT}{_GAP}{_DIGIT}{{4}}{_GAP}{_DIGIT}{{4}}(?!{_DIGIT})"
)
_SHOWN = re.compile("[0-9０-９XxＸｘ]")


def masked(text: str) -> str:
    """The text, as long as before, with the digits of ID-card and phone numbers hidden."""
    for number in (_ID_CARD, _PHONE):
        text = number.sub(lambda found: _SHOWN.sub(MASK, found[0]), text)
    return text

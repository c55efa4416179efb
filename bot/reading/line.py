"""The lines of a message: their numbers, and what a line is as a part of a form or a chain."""

import re
from dataclasses import dataclass

# The client's own rule (an item is 1 to 3 digits and a mark) widened by what people write: brackets, circles, no mark.
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_CIRCLES = re.compile(f"[{_CIRCLED}]")
_NUMBER = re.compile(
    r"\s*(?:"
    r"[\[(]\s*(?P<boxed>\d{1,3})\s*[\])]\s*[.、,:]?"
    rf"|(?P<circle>[{_CIRCLED}])"
    r"|(?P<marked>\d{1,3})\s*(?:[.、,。:;)\]\-_#@!&*%~](?!\d)|[.、,。:;)\]\-](?=\s*\d{2}\s*[.度]\d))"
    r"|(?P<bare>\d{1,3})(?:\s+(?!\d{2}[.]\d)|(?=[一-龥A-Za-z(\[]))"
    r")\s*"
)
_NO_NUMBER = re.compile(
    r"\s*(?:\d{1,3}\s*(?:年|月|日|号|班|级|点|时|分|度|周|天|岁|人|个|位|元|块|楼|栋|单元|组|名(?!字)|次|中|小|高|°|℃|%|C\b|摄氏)"
    r"|(?:3[4-9]|4[0-3])\s*[.。,、]\s*\d(?!\d{2}))"
)
INNER_NUMBER = re.compile(r"(?:(?<=[\s一-龥)])|(?<=\D[,;。、]))\d{1,3}\s*[.、)]\s*(?=[一-龥])")  # 36.6    10、邓灵珊
BREAK = re.compile(r"[-—=_*·~\s]{3,}")
SECTION = re.compile(
    r"\s*[-=*~#<>《》\[\]]{1,12}.{1,12}[-=*~#<>《》\[\]]{1,12}\s*|.{1,10}(?:组|部|班|科|室):?\s*"
)  # --语文组--
EXAMPLE = re.compile(
    r"\s*+(?:[(\[]\s*+)?(?:例如|示例|样例|范例|举例|例子|格式如|格式|如|例|模板|比如)\s*+(?:\d{1,3}\s*+)?(?:[)\]]\s*+)?(?:[,.:、]|(?<=\s)(?=\S)|$)"
)
TEMPLATE_WORD = re.compile(r"\s*+(?:[(\[]\s*+)?(?:格式|模板)")
_ITEM = r"\s*+(?:\d{1,2}\s*+[.、)]|[①-⑳])?\s*+"
LABEL = re.compile(
    _ITEM
    + "[^::\n]{0,6}(?:姓名|名字|体温|温度|是否|有无|有没有|家人|家属|本人|近\\s*\\d+|身体|健康|症状|接触|外出|所在"
    r"|住址|现住|位置|目前|眼下|手机|电话|现在|做什么)[^::\n]{0,36}\s*[::]\s*(?P<value>.*)"
)
FIELD = re.compile(r"[^\n:,。]{1,12}:")
NAME_LABEL = re.compile(_ITEM + r"[^::\n]{0,6}(?:姓名|名字)\s*[::]?\s*(?P<value>\S.*)?")
TEMPERATURE = re.compile(
    r"(?<!\d)(?:3[4-9]|4[0-2])\s*[.。,度点°']\s*\d|三十[四五六七八九]|(?<!\d)(?:3[4-9]|4[0-2])(?:\s*+°?\s*+[C度])?(?!\d)"
)
_UNITS = "公斤|千克|kg|KG|斤|元|块|码|cm|厘米|米|分|秒|岁"
_OF_THE_BODY = re.compile(rf"(?<![\d.])(?:3[5-9]|4[0-2])\s*[.。度点]\s*\d{{1,2}}(?![\d.])(?!\s*(?:{_UNITS}))")
_ILL = re.compile(
    "发烧|发热|低烧|咳嗽|隔离|密接|确诊|不舒服|难受|呕吐|拉肚|腹泻|嗓子疼|流鼻涕|头疼|头晕|甲流|水痘|诺如"
)
_THREE_DIGITS = re.compile(r"\d{3}")
_ASKED = re.compile(r"[^\n]{1,24}[::]\s*")
_FILLED = re.compile(r"\s*[^::\n]{0,8}(?:手机|电话|姓名|名字)\s*[::]?.*")
_NOT_REPORTED = re.compile("(?:未报|未接|没报|没接|未填|没填|未上报|未打卡|缺报|漏报|待报|待填)$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds something: `norm[start:end]`, its text behind the number from `body` on."""

    start: int
    end: int
    body: int
    number: str  # "" where it has none

    def whole(self, norm: str) -> str:
        """The line with its number."""
        return norm[self.start : self.end]

    def text(self, norm: str) -> str:
        """The line behind its number."""
        return norm[self.body : self.end]


def lines_of(norm: str, start: int, end: int) -> list[Line]:
    """The lines of a piece that are not blank, in order."""
    found: list[Line] = []
    position = start
    while position < end:
        stop = norm.find("\n", position, end)
        stop = end if stop < 0 else stop
        if norm[position:stop].strip():
            number, body = _numbered(norm, position, stop)
            found.append(Line(position, stop, body, number))
        position = stop + 1
    return found


def _numbered(norm: str, start: int, end: int) -> tuple[str, int]:
    """The number at the head of a line and where its text begins; ("", start) where there is none."""
    if _NO_NUMBER.match(norm, start, end):
        return "", start
    match = _NUMBER.match(norm, start, end)
    if match is None or (match["circle"] and _CIRCLES.search(norm, match.end(), end)):
        return "", start  # ①姓名②体温③…: the circles part the fields of one line
    number = match["boxed"] or match["marked"] or match["bare"]
    if number is None:
        number = str(_CIRCLED.index(match["circle"]) + 1)
    return str(int(number)), match.end()


def trim(norm: str, start: int, end: int) -> tuple[int, int]:
    """The range without the blanks at its ends."""
    while start < end and norm[start].isspace():
        start += 1
    while start < end and norm[end - 1].isspace():
        end -= 1
    return start, end


def speaks_of_health(content: str) -> bool:
    """Whether an entry of a chain about something else (a sign-in) tells of somebody's health all the same."""
    if _ILL.search(content):
        return True
    return _OF_THE_BODY.search(content) is not None and not _THREE_DIGITS.search(content)


_LEAST_ASKED = 2


def is_left_blank(words: str) -> bool:
    """Whether an entry names a person and leaves everything else open: 喻言 未报, or a form with no answer in it."""
    if _NOT_REPORTED.search(words) and not TEMPERATURE.search(words):
        return True
    lines = [line for line in words.split("\n") if line.strip()]
    asked = sum(_ASKED.fullmatch(line) is not None for line in lines)
    return asked >= _LEAST_ASKED and all(
        _ASKED.fullmatch(line) or _FILLED.fullmatch(line) or index == 0 for index, line in enumerate(lines)
    )

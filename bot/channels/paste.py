"""Text that somebody copied out of WeChat → the messages in it: who wrote each, when, and what.

No platform stands behind it: nothing says who the senders are but their nicknames, and a message has no id. The formats
are those that WeChat's clients copy and share, and that third parties' parsers accept (none is documented by Tencent):
a chain copied as it stands, `名字:` blocks, `名字 2020/2/18 8:01:02` blocks, and what a phone shares by mail, with a
line a day and `名字  08:01` blocks. A paste is written in one of them; the one that explains most of its lines wins.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from html import unescape
from zoneinfo import ZoneInfo

from bot.channels.body import storable
from bot.channels.protocol import Incoming, Kind
from bot.reading.heading import is_heading_line
from models.sealing import Keyring

CHANNEL = "paste"
LONGEST_HEADER = 100  # characters of a line that can say who wrote the next one; a nickname has 32 at most
NOON = time(12)  # what was said on an earlier day, nobody knows when


@dataclass(frozen=True, slots=True)
class Pasted:
    """One message of a paste."""

    sender: str = field(repr=False)  # the nickname that the copy shows, "" where it shows none
    at: datetime | None  # aware; None where the copy tells no time
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Header:
    """What the line above a message says."""

    sender: str = field(repr=False)
    at: datetime | None


@dataclass(frozen=True, slots=True)
class _Style:
    """One way of writing who wrote what; `header` reads a line, given the day of the lines around it."""

    header: Callable[[str, date, ZoneInfo], _Header | None]
    proves_itself: bool  # nobody writes such a line by chance: the first one need not open the paste


# --- lines that are no message

_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_DAY = re.compile(r"[—–―─-]{2,}\s*(20\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})日?\s*[—–―─-]{2,}")
_INTRODUCTION = re.compile(r"Dear[:：]|.*(?:的聊天记录如下|chat history).*", re.IGNORECASE)
_PICTURE = re.compile(
    r"\[(?:图片|照片|视频|语音|文件|表情|动画表情|链接|小程序|位置|名片|红包|转账|Photo|Image|Video|Sticker)"
    r"(?:[:：][^\[\]]*)?\]"
)


def is_placeholder(line: str) -> bool:
    """Whether a line only says that there was a picture or the like."""
    return _PICTURE.fullmatch(_plain(line)) is not None


def is_introduction(line: str) -> bool:
    """Whether a line opens what a phone shares by mail."""
    return len(line) <= LONGEST_HEADER and _INTRODUCTION.fullmatch(_plain(line)) is not None


def day_of_line(line: str) -> date | None:
    """The day that a dividing line of a shared conversation begins; None where the line is none."""
    found = _DAY.fullmatch(_plain(line)) if len(line) <= LONGEST_HEADER else None
    return _date(*found.groups()) if found else None


def _plain(line: str) -> str:
    """A line without what nobody sees."""
    return _INVISIBLE.sub("", line).strip()


# --- lines that say who wrote what stands below them

_CLOCK = (
    r"(?P<half>上午|下午|早上|中午|晚上|凌晨|AM|PM)?\s?(?P<hour>\d{1,2})[:：](?P<minute>\d\d)(?:[:：](?P<second>\d\d))?"
)
_DATE = r"(?P<year>20\d\d)[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
_ENDS_IN_DATE = re.compile(rf"{_DATE}$")
_NAME_DATE_TIME = re.compile(rf"(?P<name>\S(?:.*\S)?)\s+{_DATE}\s+{_CLOCK}")
_DATE_TIME_NAME = re.compile(rf"{_DATE}\s+{_CLOCK}(?:\s+(?P<name>\S.*))?")
_NAME_TIME = re.compile(rf"(?P<name>\S(?:.*\S)?)\s+{_CLOCK}")
_NAME_COLON = re.compile(r"(?P<name>\S(?:.*\S)?)\s*[:：]")
_NUMBERED = re.compile(r"\s*[\[(（]?\s*\d{1,3}\s*[.、．,，)）\]:：]|#")
_NO_NAME = re.compile(  # words with a colon behind them that open a part of what somebody writes
    r"(?:[\d\s.、①-⑳(（)）]*(?:学生|孩子|幼儿|家长|本人|家人|家属|同住人|今日|今天|当前|现|有无|是否)*"
    r"(?:姓名|名字|班级|学号|体温|温度|早|中|晚|午|症状|备注|其他|其它|健康|身体|行程|住址|地址|位置|电话|手机|接触|外出|外来人员|情况|状况|异常|说明)+"
    r"(?:情况|状况|史|如下|为|是)*)"
    r"|(?:各位|大家|亲爱|尊敬|敬爱|请|通知|转发|例如|示例|比如|格式|模板|要求|提示|温馨提示|注意).*"
    r"|例|如|注|附|转|P\.?S\.?|家长(?:朋友)?们?(?:您?好)?"
    r"|.*(?:如下|名单|人员|通知|格式|要求|(?:老师|家长|同学|朋友)们?好)"
)
_SENTENCE = re.compile("[。！？!?；;，,:：]")
_AFTERNOON = frozenset({"下午", "晚上", "PM"})
_NOON_HOURS = 12


def _instant(found: re.Match[str], day: date, zone: ZoneInfo) -> datetime | None:
    hour = int(found["hour"])
    if found["half"] in _AFTERNOON and hour < _NOON_HOURS:
        hour += _NOON_HOURS
    try:
        clock = time(hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        return None
    return datetime.combine(day, clock, zone)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:  # 2月30日
        return None


def _dated(pattern: re.Pattern[str]) -> Callable[[str, date, ZoneInfo], _Header | None]:
    """A header that tells day and time."""

    def header(line: str, _day: date, zone: ZoneInfo) -> _Header | None:
        found = pattern.fullmatch(line)
        day = _date(found["year"], found["month"], found["day"]) if found else None
        at = _instant(found, day, zone) if found and day else None
        return _Header((found["name"] or "").strip(), at) if found and at else None

    return header


def _timed(line: str, day: date, zone: ZoneInfo) -> _Header | None:
    """A header that tells the time; the day stands on a line of its own."""
    found = None if _NUMBERED.match(line) else _NAME_TIME.fullmatch(line)
    if found is None or _ENDS_IN_DATE.search(found["name"]):  # 2020/2/31: no day at all
        return None
    at = _instant(found, day, zone)
    return _Header(found["name"], at) if at else None


def _named(line: str, _day: date, _zone: ZoneInfo) -> _Header | None:
    """A header that tells the name alone: 李雷妈妈, and no label, heading or sentence that ends in a colon."""
    found = None if _NUMBERED.match(line) else _NAME_COLON.fullmatch(line)
    if found is None or _NO_NAME.fullmatch(found["name"]) or _SENTENCE.search(found["name"]):
        return None
    has_more = len(found["name"]) > _MOST_OF_A_HEADING_NAME and is_heading_line(found["name"])
    return None if has_more or "接龙" in found["name"] else _Header(found["name"], None)


_MOST_OF_A_HEADING_NAME = 7  # letters: 李平安妈妈 holds a word of headings, 三年二班健康日报 is one
_STYLES = (
    _Style(_dated(_NAME_DATE_TIME), proves_itself=True),
    _Style(_dated(_DATE_TIME_NAME), proves_itself=True),
    _Style(_timed, proves_itself=False),
    _Style(_named, proves_itself=False),
)


# --- a paste


def messages(text: str, today: date, zone: ZoneInfo) -> list[Pasted]:
    """The messages of a paste, in its order; [] where it holds no words.

    `today`: the day of a time that stands without one. Every line that is not blank, no placeholder and says nothing of
    who wrote when is in exactly one message.
    """
    lines = [line.rstrip() for line in _unmarked(storable(text)).replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    found: list[Pasted] = []
    for header, words in _blocks(lines, today, zone):
        kept = _trimmed([line for line in words if not is_placeholder(line)])
        if not kept:
            continue
        if header is not None:
            found.append(Pasted(header.sender, header.at, "\n".join(kept)))
        else:
            found.extend(Pasted("", None, "\n".join(part)) for part in _chains(kept))
    return found


def _blocks(lines: Sequence[str], today: date, zone: ZoneInfo) -> Iterator[tuple[_Header | None, list[str]]]:
    """Who wrote what, and the lines; None for what stands above the first header, or where there are none."""
    headers = max(
        (_headers(lines, style, today, zone) for style in _STYLES), key=len
    )  # the first of those with most: it says more
    is_shared = any(day_of_line(line) for line in lines)
    header: _Header | None = None
    words: list[str] = []
    for number, line in enumerate(lines):
        if number in headers:
            yield header, words
            header, words = headers[number], []
        elif (headers and is_shared and day_of_line(line)) or (header is None and headers and is_introduction(line)):
            yield header, words
            words = []
        else:
            words.append(line)
    yield header, words


def _headers(lines: Sequence[str], style: _Style, today: date, zone: ZoneInfo) -> dict[int, _Header]:
    """The lines that are headers in a style: something is written below each, nothing right above it."""
    found: dict[int, _Header] = {}
    day, opens, is_first = today, True, True
    for number, line in enumerate(lines):
        begun = day_of_line(line)
        plain = _plain(line)
        if begun is not None:
            day, opens = begun, True
            continue
        if not plain or (not found and is_introduction(line)):
            opens = True
            continue
        header = style.header(plain, day, zone) if opens and len(line) <= LONGEST_HEADER else None
        if header is not None and _is_followed(lines, number):
            found[number] = header
        elif is_first and not style.proves_itself:
            return {}
        opens, is_first = False, False
    return found


def _is_followed(lines: Sequence[str], number: int) -> bool:
    """Whether words stand below a line, at most one blank line between."""
    return any(_plain(line) and day_of_line(line) is None for line in lines[number + 1 : number + 3])


def _trimmed(lines: list[str]) -> list[str]:
    """The lines without blank ones at either end."""
    filled = [number for number, line in enumerate(lines) if _plain(line)]
    return lines[filled[0] : filled[-1] + 1] if filled else []


_MARKED = re.compile(r"#\s*(?:接龙|Group ?Note)", re.IGNORECASE)
_ENTRY = re.compile(
    r"\s{0,4}[\[(（]?(?P<number>\d{1,3})(?:[\])）]?\s{0,4}[.、．,，:：)）]\s{0,4}(?!\d)\S|\s{1,4}[一-龥])"
)


def _chains(lines: Sequence[str]) -> Iterator[list[str]]:
    """The chains that stand one below the other, each from its mark, or its heading and its first line, on."""
    part: list[str] = []
    has_entries = False
    for number, line in enumerate(lines):
        if has_entries and (_MARKED.match(_plain(line)) or _begins_chain(lines, number)):
            yield _trimmed(part)
            part, has_entries = [], False
        part.append(line)
        has_entries = has_entries or _ENTRY.match(line) is not None
    yield _trimmed(part)


def _begins_chain(lines: Sequence[str], number: int) -> bool:
    """Whether a heading below a blank line stands above a line with the number 1."""
    line = lines[number]
    if not number or _plain(lines[number - 1]) or len(line) > LONGEST_HEADER or _ENTRY.match(line):
        return False
    if not is_heading_line(line):
        return False
    following = (_ENTRY.match(line) for line in lines[number + 1 : number + 1 + _LINES_OF_A_HEADING])
    first = next((entry for entry in following if entry is not None), None)
    return first is not None and first["number"] == "1"


_LINES_OF_A_HEADING = 8


# --- the source of a mail

_LOOKS_LIKE_HTML = re.compile(r"\s*<(?:!doctype|html|body|div|meta)\b", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:br|p|div|li|tr|table|blockquote|h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


def _unmarked(text: str) -> str:
    """What a mail shows whose source was copied; other text as it is."""
    if not _LOOKS_LIKE_HTML.match(text):
        return text
    return unescape(_TAG.sub("", _BREAK.sub("\n", " ".join(text.splitlines()))))


# --- what intake keeps


def incoming(pasted: Sequence[Pasted], group: str, day: date, now: datetime, keyring: Keyring) -> list[Incoming]:
    """What intake is given, in the order of the paste; a message that stands twice in it is given once.

    `group`: what tells the groups apart; `day`: the school-local day that messages without a time are of, in the zone
    of `now`. A message's id comes from who wrote it, when, and what, never from where in the paste it stands: a longer
    copy of the same conversation brings only what is new. The same words on another day are another message.
    """
    today = now.date()
    found: dict[str, Incoming] = {}
    for position, one in enumerate(pasted):
        at = one.at
        of = at.isoformat() if at else day.isoformat()
        if at is None and day != today:
            at = datetime.combine(day, NOON, now.tzinfo)
        platform_id = (
            f"{(at.date() if at else day).isoformat()}-{keyring.digest('pasted', one.sender, of, one.text).hex()}"
        )
        message = Incoming(
            channel=CHANNEL,
            chat=group,
            platform_id=platform_id,
            sender="",
            sender_name=one.sender or None,
            sent_at=None if at is None else at + timedelta(microseconds=position),
            kind=Kind.TEXT,
            text=one.text,
            quoted=None,
            stale=False,
        )
        found.setdefault(platform_id, message)
    return list(found.values())

"""What stands above the entries of a chain: its day, its time of day, its topic, and what it asks."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from bot.reading.outcome import Frame


class ChainTopic(StrEnum):
    """What a chain is about."""

    HEALTH = "health"
    OTHER = "other"  # books, milk, meals, sign-in, training: its entries report nobody
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as far as it tells one chain from another."""

    core: str = field(default="", repr=False)  # its words without date, marks and blanks
    dates: tuple[tuple[int | None, int, int], ...] = ()  # (year, month, day) as written, the first counts
    of_yesterday: bool = False  # 昨天的体温, without a date
    times: AbstractSet[str] = frozenset()  # 早, 中, 晚
    topic: ChainTopic = ChainTopic.UNSAID
    lists_missing: bool = False  # 未报名单: its names are of those who have not reported
    frame: Frame = field(default_factory=Frame)

    def day(self, today: date) -> date | None:
        """The day that the heading's date names, seen from the day of the message; None where it names none."""
        for year, month, day in self.dates:
            near = _nearest(year, month, day, today)
            if near is not None and -_OLDEST_HEADING <= (near - today).days <= _LATEST_HEADING:
                return near
        return None

    def first_day(self, today: date) -> date | None:
        """The same for the first version, which alone can say 昨天 without a date."""
        return self.day(today) or (today - timedelta(days=1) if self.of_yesterday else None)


_OLDEST_HEADING = 31  # days: a chain is copied for some days, its heading's other dates (1月23日以来) are older
_LATEST_HEADING = 1


def _nearest(year: int | None, month: int, day: int, today: date) -> date | None:
    """The date with this month and day that is nearest to today."""
    candidates = []
    for some in (year,) if year is not None else (today.year - 1, today.year, today.year + 1):
        try:
            candidates.append(date(some, month, day))
        except ValueError:  # 2月30日: no date
            continue
    return min(candidates, key=lambda found: abs((found - today).days), default=None)


_HEALTH = re.compile(
    "体温|温度|测温|健康|晨检|午检|晚检|晨午|晨报|日报|平安|症状|发热|发烧|咳嗽|疫情|因病|缺勤|身体|三类|零报告|旅居|行程|接触史|排查|返校|不适"
)
_BODY = re.compile("体温|温度|测温|症状|发热|发烧|晨检|午检|晚检|晨午|身体状况|身体情况|健康(?!跑|操|讲座|教育|知识)")
_OTHER = re.compile(
    "校服|尺码|订购|订餐|订奶|订书|牛奶|奶|早饭|午饭|晚饭|早餐|午餐|晚餐|用餐|就餐|吃饭|饭|捐款|捐物|捐书|捐|缴费|交费|收费|费用|元一|购|拼团|买|报名|签到"
    "|网课|上课|课程|书|教材|教辅|资料|作业|背诵|阅读|朗读|疫苗|核酸|接种|保险|照片|座位|投票|选举|选|值日|校车|乘车|坐车|查寝|寝室|宿舍卫生|训练|瑜伽|跑步|跳绳|运动|健身"
    "|春游|秋游|活动|家长会|志愿|身高|体重|红包|祝福|生日|水果|蛋糕|门票|电影|口罩|快递|代购|参加|到会|收到请"
)
_SIGNS_UP = re.compile("报名|订|购|捐|缴费|尺码|签到|投票|核酸|疫苗|接种|查寝|身高|体重")


def topic_of(words: str) -> ChainTopic:
    """What a heading's words make the chain be about."""
    if _BODY.search(words) and not re.search("尺码|校服", words):
        return ChainTopic.HEALTH
    if _SIGNS_UP.search(words):
        return ChainTopic.OTHER
    if _HEALTH.search(words):
        return ChainTopic.HEALTH
    return ChainTopic.OTHER if _OTHER.search(words) else ChainTopic.UNSAID


_HAN_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NOT_ITS_DAY = r"(?!\s*(?:以来|之后|以后|后(?!勤)|起|至|到|之前|以前|前|-\s*\d))"
_DATES = (
    re.compile(
        r"(?:(?P<y>20\d\d)\s*年\s*)?(?<!\d)(?P<m>1[0-2]|0?[1-9])\s*月\s*(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)\s*[日号]?+"
        + _NOT_ITS_DAY
    ),
    re.compile(
        r"(?:(?P<y>20\d\d)\s*年\s*)?(?<![一二三四五六七八九十])(?P<hm>十[一二]|[一二三四五六七八九十])月(?P<hd>三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]?+"
        + _NOT_ITS_DAY
    ),
    re.compile(r"(?<!\d)(?P<y>20\d\d)\s*[-./]\s*(?P<m>1[0-2]|0?[1-9])\s*[-./]\s*(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(
        r"(?<![\d.])(?P<m>1[0-2]|0?[1-9])\s*[./-]\s*(?P<d>3[01]|[12]\d|0?[1-9])(?![\d班年级]|\.\d|\s*[度°℃C])\s*[日号]?+"
        + _NOT_ITS_DAY
    ),
)
_YESTERDAY = re.compile("昨[天日]的?(?:体温|健康|晨检|接龙|补)")
_MISSING = re.compile(
    "(?:未|没|还没|尚未|没有)(?:报|接|填|写|打卡|上报|交|完成|回复)|还差|还有|还剩|漏报|漏接|缺(?!勤)"
)
_TALK = re.compile("我|老师|俺|咱|没|了|吧|呢|啊")
_TIMES = {
    "早": "早",
    "晨": "早",
    "上午": "早",
    "中午": "中",
    "午检": "中",
    "午间": "中",
    "下午": "晚",
    "晚": "晚",
    "夜": "晚",
}
_TIME_WORD = re.compile(
    "早上好|早安|晚安|上午好|下午好|晚上好|各位早|老师早|家长早|早!|早点|"
    + "|".join(sorted(_TIMES, key=len, reverse=True))
)
_NAME_ALONE = re.compile(
    r"(?:写|接|报|填|发|打)(?:上|个|下)?(?:孩子|学生|自己)?(?:的)?(?:名字|姓名|名)(?:就行|即可|就可以|就好|就代表|即代表|就是|表示|=|就算|就当)"
    r"|(?:名字|姓名)\s*(?:=|即|就代表|就表示|代表|表示|就等于).{0,6}(?:正常|平安|健康|没事|无恙)"
)
_MARK_WORD = r"[\s\"'“「]{{0,3}}(?P<{}>\+ ?1|1(?!\d)|同上|平安|[^\w\s,。.、])[\s\"'”」]{{0,3}}"
_ASKS_FOR = r"(?:回复|回|扣|打|发|接|报|写|按)个?"
_ALL_WELL = "(?:正常|平安|健康|没事|没症状|无症状|无异常|没问题|没情况)"
_MARK_MEANS = re.compile(
    _ASKS_FOR + _MARK_WORD.format("sent") + "(?:即可|就行|就可以|就好|代表|表示|就是|=|就算)"
    "|" + _ALL_WELL + "[^,。;]{0,6}?" + _ASKS_FOR + _MARK_WORD.format("then")
    + "|" + _MARK_WORD.format("means") + "(?:=|代表|表示|就是|即为|就算).{0,6}" + _ALL_WELL
)  # fmt: skip


def _han(number: str) -> int:
    if "十" not in number:
        return _HAN_DIGITS[number]
    tens, _, ones = number.partition("十")
    return (_HAN_DIGITS[tens] if tens else 1) * 10 + (_HAN_DIGITS[ones] if ones else 0)


def _dates(words: str) -> tuple[tuple[int | None, int, int], ...]:
    found: list[tuple[int, tuple[int | None, int, int]]] = []
    for pattern in _DATES:
        for match in pattern.finditer(words):
            groups = match.groupdict()
            month = int(groups["m"]) if groups.get("m") else _han(groups["hm"])
            day = int(groups["d"]) if groups.get("d") else _han(groups["hd"])
            found.append((match.start(), (int(groups["y"]) if groups.get("y") else None, month, day)))
        if found:
            break
    return tuple(stated for _, stated in sorted(found))


@lru_cache(maxsize=4096)
def read_heading(words: str) -> Heading:
    """What the lines above the entries say; `words` are normalised, a line each."""
    stripped = re.sub(r"#\s*(?:接龙|Group ?Note)", " ", words)
    core = stripped
    for pattern in _DATES:
        core = pattern.sub("", core)
    core = re.sub(r"[(\[][^()\[\]]*[)\]]|周[一二三四五六日]|星期[一二三四五六日天]", "", core)
    core = re.sub(r"接上面|接上|续上|请?接龙|[^一-龥A-Za-z0-9]", "", core)
    topic = topic_of(stripped)
    dates = _dates(words)
    if topic is ChainTopic.UNSAID and not dates and _TALK.search(core):
        core = ""  # 上面太长了我这手机复制不全: talk above an entry is no heading
    times = frozenset(_TIMES[m.group()] for m in _TIME_WORD.finditer(words) if m.group() in _TIMES)
    marks = frozenset(re.sub(r"\s", "", m["sent"] or m["then"] or m["means"]) for m in _MARK_MEANS.finditer(words))
    frame = Frame(labels(words), bool(_NAME_ALONE.search(words)), marks)
    return Heading(core, dates, bool(_YESTERDAY.search(words)), times, topic, bool(_MISSING.search(words)), frame)


def is_heading_line(line: str) -> bool:
    """Whether a line looks like the heading of a chain: a date, or a word for what is collected."""
    return bool(_dates(line) or _HEALTH.search(line) or "接龙" in line or "上报" in line or "打卡" in line)


_ASKS = re.compile(
    "姓名|名字|体温|温度|度数|症状|健康|身体|有无|有没有|是否|接触|外出|异常|情况|所在|位置|去过|在哪|哪儿|哪里|离开|离县|行程|轨迹|旅居|家人|家属|家庭|不适|咳嗽|发热|住址|居住|状况|其他|其它|备注|没有事"
)
_ANSWERS = re.compile(r"\s*(?:无|未|没|不|均|都)|.*(?:3[4-9]|4[0-2])[.度]\d")
_SPLITS = (r"\+", "/", "、", "[,;]", "-+", r"\s+", "[①-⑳]", r"\|")  # what stands between two questions
_CLAUSE_END = re.compile(r"[\s,;]+")
_LEAST_ASKED = 2
_ASKED_SHARE = 0.7


def labels(words: str) -> tuple[str, ...]:
    """The questions that a heading or a form asks, in order, without blanks and numbers; () where it asks nothing."""
    lines = [line for line in words.split("\n") if line.strip()]
    stacked = [re.sub(r"^\s*(?:\d{1,2}\s*[.、)]|[①-⑳])\s*", "", line) for line in lines]
    stacked = [line.strip().rstrip(":").strip() for line in stacked if re.search(r":\s*$", line)]
    asked = tuple(re.sub(r"\s", "", line) for line in stacked if _ASKS.search(line))
    if len(asked) >= _LEAST_ASKED:
        return asked
    best: tuple[str, ...] = ()
    for line in lines:
        for clause in re.split(r"[:。!?()\[\]]", line):
            for split in _SPLITS:
                parts = [part.strip() for part in re.split(split, clause) if part.strip()]
                if len(parts) < _LEAST_ASKED:
                    continue
                parts[0] = _CLAUSE_END.split(parts[0])[-1]
                parts[-1] = _CLAUSE_END.split(parts[-1])[0]
                hits = sum(_ASKS.search(part) is not None and not _ANSWERS.match(part) for part in parts)
                if hits >= _LEAST_ASKED and hits >= _ASKED_SHARE * len(parts) and len(parts) > len(best):
                    best = tuple(re.sub(r"\s", "", part) for part in parts)
    return best

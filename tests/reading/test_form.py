"""How messages are laid out: what is a heading, an entry, a remark, a form, an example."""

import time
from collections.abc import Container
from datetime import date

import pytest

from bot.reading.form import Layout, Shape, layout
from bot.reading.heading import ChainTopic, labels, read_heading
from bot.reading.line import is_left_blank, lines_of
from bot.reading.normalise import normalise
from tests.reading.group import SCENE


def laid_out(rows: str, known: Container[str] = ()) -> tuple[Layout, tuple[str, ...], tuple[str, ...]]:
    """The layout of a text whose lines are parted by `|`, its entries and its remarks."""
    text = normalise(rows.replace("|", "\n"))
    found = layout(text, 0, len(text.norm), known=known, scene=SCENE)
    entries = tuple(f"{piece.number}:{text.norm[piece.start : piece.end]}" for piece in found.pieces)
    return found, entries, tuple(text.norm[start:end] for start, end in found.remarks)


CHAINS = [
    ("2月18日体温接龙|1.李雷 36.5|2.韩梅梅 36.4", ["1:李雷 36.5", "2:韩梅梅 36.4"], "numbered"),
    ("2月18日|1、李雷36.5|2，韩梅梅36.4|3）王子涵36.6", ["1:李雷36.5", "2:韩梅梅36.4", "3:王子涵36.6"], "marks"),
    ("2月18日|①李雷36.5|【2】韩梅梅36.4|3 王子涵36.6", ["1:李雷36.5", "2:韩梅梅36.4", "3:王子涵36.6"], "circles"),
    ("三二班2.18|03李雷36.5|07 韩梅梅36.4", ["3:李雷36.5", "7:韩梅梅36.4"], "school numbers, no mark"),
    ("4.18早体温|1李雷36.5", ["1:李雷36.5"], "a date that looks like a number and its entry"),
    ("2月18日|1.36.5 正常 李雷|2.韩梅梅36.4", ["1:36.5 正常 李雷", "2:韩梅梅36.4"], "the temperature first"),
    ("8.韩梅梅 36.3,无", ["8:韩梅梅 36.3,无"], "one entry without heading"),
    (
        "#接龙|1. 钱多多 38.9 发烧|2. 李雷 36.7",
        ["1:钱多多 38.9 发烧", "2:李雷 36.7"],
        "a first entry of somebody whom the roster does not know is no heading",
    ),
    ("#接龙|体温|例 1. 张三 36.5||1. 李雷 36.5|2. ", ["1:李雷 36.5"], "example and empty number"),
    ("2月18日|1.例:张三 36.5 正常|1.李雷 36.5", ["1:李雷 36.5"], "a numbered example"),
    ("2月18日|1、李雷,36.6    10、韩梅梅 36.2", ["1:李雷,36.6", "10:韩梅梅 36.2"], "two on a line"),
    ("2月18日|1.李雷 36.5|韩梅梅36.4", ["1:李雷 36.5", ":韩梅梅36.4"], "a line whose number was forgotten"),
    ("体温2.18|--一组--|李雷 36.5|--二组--|韩梅梅 36.4", [":李雷 36.5", ":韩梅梅 36.4"], "sections"),
    ("李雷--36.4--正常|韩梅梅--36.7--正常", [":李雷--36.4--正常", ":韩梅梅--36.7--正常"], "no heading, no numbers"),
    ("三年级体温2月18日:李雷36.5,韩梅梅36.4", [":李雷36.5,", ":韩梅梅36.4"], "a paragraph"),
    ("三年级体温2月18日 李雷36.5韩梅梅36.4", [":李雷36.5", ":韩梅梅36.4"], "a paragraph without marks"),
    ("2月18日|1.李雷36.2、韩梅梅36.4", ["1:李雷36.2、韩梅梅36.4"], "siblings, not a number between them"),
    ("2月18日|1.李雷36.5 2.冯建业36.4", ["1:李雷36.5", "2:冯建业36.4"], "two on a line, one unknown"),
    ("2月18日|1号李雷 36.5|2号韩梅梅 36.4", [":1号李雷 36.5", ":2号韩梅梅 36.4"], "seat numbers"),
    ("序号\t姓名\t体温|1\t李雷\t36.5|2\t韩梅梅\t未报", ["1:李雷 36.5"], "a table; 未报 is no report"),
    (
        "排查|【1】姓名:李雷|体温:36.5|【2】姓名:韩梅梅|体温:36.3",
        ["1:姓名:李雷\n体温:36.5", "2:姓名:韩梅梅\n体温:36.3"],
        "entries of several lines",
    ),
    (
        "姓名:李雷|体温:36.5|姓名:韩梅梅|体温:36.3",
        [":姓名:李雷\n体温:36.5", ":姓名:韩梅梅\n体温:36.3"],
        "two forms in one message",
    ),
    (
        "回报 2/18|005 名字 李雷|手机: 09xx|在做什么: 喝茶|人在哪: 家中|006 名字 韩梅梅|手机: 09xx|在做什么:|人在哪:",
        ["5:名字 李雷\n手机: 09xx\n在做什么: 喝茶\n人在哪: 家中"],
        "a machine's list prints those who have not answered with all their labels",
    ),
    ("#接龙|2月18日体温上报||1.", [], "a chain that nobody has answered"),
]


@pytest.mark.parametrize(("rows", "expected", "why"), CHAINS, ids=[row[2] for row in CHAINS])
def test_entries_of_a_chain(rows: str, expected: list[str], why: str) -> None:
    found, entries, _ = laid_out(rows)
    assert (found.shape, list(entries)) == (Shape.CHAIN, expected), why


OTHERS = [
    ("36.5 正常", Shape.SINGLE),
    ("李雷36.5,没出门", Shape.SINGLE),
    ("姓名:李雷|体温:36.5|是否发热咳嗽:否", Shape.SINGLE),
    ("1.姓名:李雷|2.体温:36.5|3.是否发热:否", Shape.SINGLE),
    ("1.每天测体温|2.勤洗手|3.不外出", Shape.SINGLE),
    ("还差李雷、韩梅梅,抓紧", Shape.SINGLE),
    ("205:李雷36.5 韩梅梅36.4", Shape.SINGLE),
    ("303按名字报。李雷一会儿复测", Shape.SINGLE),
    ("", Shape.SINGLE),
    ("请填:|姓名:|体温:|是否发热:", Shape.TEMPLATE),
    ("例:|姓名:小红|体温:36.5", Shape.TEMPLATE),
]


@pytest.mark.parametrize(("rows", "shape"), OTHERS, ids=[row[0] or "nothing" for row in OTHERS])
def test_what_is_no_chain(rows: str, shape: Shape) -> None:
    assert laid_out(rows)[0].shape is shape


def test_a_line_below_the_last_entry_is_the_senders_own_word() -> None:
    _, entries, remarks = laid_out("2月18日|1.李雷 36.5|2.韩梅梅 36.4|老师我家的也正常")
    assert entries == ("1:李雷 36.5", "2:韩梅梅 36.4")
    assert remarks == ("老师我家的也正常",)


def test_a_known_line_makes_lines_without_numbers_a_version() -> None:
    assert laid_out("李雷 36.5|没写名字36.6|好的", {"李雷36.5"})[1] == (":李雷 36.5", ":没写名字36.6")


HEADINGS = [
    ("2月18日体温接龙", date(2020, 2, 18), ChainTopic.HEALTH),
    ("2.18 早 体温", date(2020, 2, 18), ChainTopic.HEALTH),
    ("报平安接龙 2/18", date(2020, 2, 18), ChainTopic.HEALTH),
    ("二月十八日体温及外出情况", date(2020, 2, 18), ChainTopic.HEALTH),
    ("健康打卡 2020-02-18", date(2020, 2, 18), ChainTopic.HEALTH),
    ("20200218晨检", date(2020, 2, 18), ChainTopic.HEALTH),
    ("12月31日体温", date(2019, 12, 31), ChainTopic.HEALTH),
    ("1月23日以来去过哪 体温", None, ChainTopic.HEALTH),
    ("2.2班体温", None, ChainTopic.HEALTH),
    ("2月30日体温", None, ChainTopic.HEALTH),
    ("五年二班", None, ChainTopic.UNSAID),
    ("夏季校服尺码", None, ChainTopic.OTHER),
    ("核酸报名接龙:姓名+身份证后四位", None, ChainTopic.OTHER),
    ("第一节网课签到,到了打名字", None, ChainTopic.OTHER),
    ("自愿捐款支援抗疫", None, ChainTopic.OTHER),
    ("要订早饭、午饭的请接龙", None, ChainTopic.OTHER),
    ("今晚查寝", None, ChainTopic.OTHER),
]


@pytest.mark.parametrize(("words", "day", "topic"), HEADINGS, ids=[row[0] for row in HEADINGS])
def test_the_day_and_topic_of_a_heading(words: str, day: date | None, topic: ChainTopic) -> None:
    near = date(2020, 1, 5) if day == date(2019, 12, 31) else date(2020, 2, 19)
    heading = read_heading(words)
    assert (heading.day(near), heading.topic) == (day, topic)


LABELS = [
    ("姓名+体温+有无发热咳嗽+有无接触三类人员", ("姓名", "体温", "有无发热咳嗽", "有无接触三类人员")),
    ("姓名、体温、有无发热咳嗽、是否离开过彰武", ("姓名", "体温", "有无发热咳嗽", "是否离开过彰武")),
    ("姓名/早体温/14天内是否离开宽甸/家人健康否", ("姓名", "早体温", "14天内是否离开宽甸", "家人健康否")),
    ("①姓名②体温③本人有无发热咳嗽", ("姓名", "体温", "本人有无发热咳嗽")),
    ("姓名-体温-有无不适-所在地", ("姓名", "体温", "有无不适", "所在地")),
    ("今日健康接龙  格式:姓名 体温 有无症状 近期行程", ("姓名", "体温", "有无症状", "近期行程")),
    ("3月6日(周一)晨检接龙 姓名+体温+有无症状", ("姓名", "体温", "有无症状")),
    ("3月5日体温接龙(姓名 体温 症状 去过哪)", ("姓名", "体温", "症状", "去过哪")),
    ("请填:\n姓名:\n体温:\n是否去过湖北武汉:", ("姓名", "体温", "是否去过湖北武汉")),
    ("各位家长早上好", ()),
]


@pytest.mark.parametrize(("words", "expected"), LABELS, ids=[row[0][:12] for row in LABELS])
def test_the_questions_of_a_heading(words: str, expected: tuple[str, ...]) -> None:
    assert labels(words) == expected


MEANINGS = [
    ("一切正常的接龙写名字就行", True, ()),
    ("写名字=一切正常", True, ()),
    ("写名字就代表一切正常", True, ()),
    ("一切正常的回复 +1 即可", False, ("+1",)),
    ("没事的扣1就行", False, ("1",)),
    ("没症状的回1,不对劲的打字", False, ("1",)),
    ("1=一切正常", False, ("1",)),
    ("有情况的打电话,10点前报完", False, ()),
    ("写上姓名和体温", False, ()),
]


@pytest.mark.parametrize(("words", "name_is_report", "marks"), MEANINGS, ids=[row[0] for row in MEANINGS])
def test_what_a_bare_name_or_a_mark_means(words: str, name_is_report: bool, marks: tuple[str, ...]) -> None:  # noqa: FBT001
    frame = read_heading(words).frame
    assert (frame.name_is_report, frozenset(frame.marks)) == (name_is_report, frozenset(marks))


NUMBERS = [
    ("1.李雷", "1", "李雷"),
    ("01 李雷", "1", "李雷"),
    ("3.36.5 李雷", "3", "36.5 李雷"),
    ("36.5 正常", "", "36.5 正常"),
    ("36。5正常", "", "36。5正常"),
    ("2月18日", "", "2月18日"),
    ("6班体温", "", "6班体温"),
    ("7点前接完", "", "7点前接完"),
    ("15131234567", "", "15131234567"),
    ("（12）李雷", "12", "李雷"),
    ("1-李雷", "1", "李雷"),
    ("1️⃣李雷", "1", "李雷"),
]


@pytest.mark.parametrize(("line", "number", "rest"), NUMBERS, ids=[row[0] for row in NUMBERS])
def test_the_number_of_a_line(line: str, number: str, rest: str) -> None:
    norm = normalise(line).norm
    (found,) = lines_of(norm, 0, len(norm))
    assert (found.number, found.text(norm)) == (number, normalise(rest).norm)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("李雷 未报", True),
        ("李雷 36.5 昨天未报", False),
        ("李雷\n在做什么:\n人在哪:", True),
        ("李雷\n人在哪:家\n体温:", False),
    ],
)
def test_an_entry_that_is_left_blank(words: str, expected: bool) -> None:  # noqa: FBT001
    assert is_left_blank(words) is expected


LENGTH = 60_000
HOSTILE = {
    "blanks": " " * LENGTH + "x",
    "lines": "\n" * LENGTH + "x",
    "a quotation and lines": "「a」" + "\n" * LENGTH + "x",
    "quotes": '"' * LENGTH,
    "marks after a word": "扣" + '"' * LENGTH,
    "a temperature and blanks": "36" + " " * LENGTH + "x",
    "an example and blanks": "例" + " " * LENGTH + "x",
    "dashes": "李雷36.5\n韩梅梅36.4\n" + "-" * LENGTH + "x" + "-" * LENGTH + "y",
    "brackets": "(" * LENGTH,
    "colons": ":" * LENGTH,
    "digits": "1" * LENGTH,
    "numbers": "1 \n" * (LENGTH // 3),
    "labels": ("姓名" + " " * 50) * 1000,
    "months": "1 月 " * (LENGTH // 4),
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_a_long_text_is_laid_out_in_seconds(raw: str) -> None:
    text = normalise(raw)
    begun = time.process_time()
    layout(text, 0, len(text.norm), known=(), scene=SCENE)
    assert time.process_time() - begun < 3

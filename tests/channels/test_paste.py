"""What somebody copied out of WeChat, in every format, comes out as the messages that were copied."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from bot.channels.paste import Pasted, day_of_line, incoming, is_introduction, is_placeholder, messages
from models.sealing import Keyring
from tests.channels.platform import WIRE

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2020, 2, 20)
NOW = datetime(2020, 2, 20, 8, 5, tzinfo=ZONE)
KEYRING = Keyring.of(b"a-made-up-secret-of-the-tests,-32-bytes-and-more")


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=ZONE)


MOTHER, FATHER = "周一诺妈妈", "吴子墨爸爸"
SAID, TOLD = "周一诺 36.5 全家健康 未外出", "吴子墨 36.7"
SAMPLES = {
    "paste-name-colon.txt": [
        (MOTHER, None, SAID),
        (FATHER, None, f"{TOLD}\n全家健康"),
        ("林晓彤", None, "收到"),
    ],
    "paste-name-fullwidth-colon.txt": [(MOTHER, None, SAID), (FATHER, None, TOLD)],
    "paste-name-time.txt": [
        (MOTHER, at("2020-02-18 08:01:02"), SAID),
        (FATHER, at("2020-02-18 08:03:11"), f"{TOLD}\n全家健康"),
    ],
    "paste-name-time-dash.txt": [
        (MOTHER, at("2020-02-18 08:01:02"), SAID),
        (FATHER, at("2020-02-18 08:03"), TOLD),
    ],
    "share-mobile-android.txt": [
        (MOTHER, at("2020-02-18 08:01"), SAID),
        (FATHER, at("2020-02-18 08:03"), f"{TOLD}\n全家健康"),
        (MOTHER, at("2020-02-19 07:58"), "周一诺 36.4"),
    ],
    "share-mobile-private.txt": [
        (MOTHER, at("2020-02-18 08:01"), SAID),
        ("林晓彤", at("2020-02-18 08:02"), "收到"),
    ],
    "share-mail.html": [(MOTHER, at("2020-02-18 08:01"), SAID), (FATHER, at("2020-02-18 08:03"), TOLD)],
}


def told(text: str, today: date = TODAY) -> list[tuple[str, datetime | None, str]]:
    return [(one.sender, one.at, one.text) for one in messages(text, today, ZONE)]


@pytest.mark.parametrize("sample", SAMPLES)
def test_samples(sample: str) -> None:
    assert told((WIRE / sample).read_text()) == SAMPLES[sample]


def test_a_mail_that_was_copied_as_it_shows_is_read_like_its_source() -> None:
    shown = (
        'Dear:\n微信群"三年二班家长群"的聊天记录如下:\n\n—————  2020-2-18  —————\n\n'
        f"{MOTHER} 08:01\n{SAID}\n\n{FATHER} 08:03\n{TOLD}\n"
    )
    assert told(shown) == SAMPLES["share-mail.html"]


def test_a_chain_that_was_copied_is_one_message_of_nobody() -> None:
    chain = (WIRE / "solitaire-text-copied.txt").read_text()
    assert told(chain) == [("", None, chain.strip())]


CHAIN = "#接龙\n2月18日三年二班体温：\n\n1. 李雷 36.5\n2. 韩梅梅：36.6"
OTHER = "2月19日三年二班体温\n\n1. 李雷 36.4\n2. 韩梅梅 36.3"

# what is pasted, the senders, the texts, why
TEXTS: list[tuple[str, list[str], list[str], str]] = [
    (CHAIN, [""], [CHAIN], "a heading with a colon is no sender"),
    (f"{CHAIN}\n\n{CHAIN}", ["", ""], [CHAIN, CHAIN], "two chains, each with its mark"),
    (f"{CHAIN}\n\n{OTHER}", ["", ""], [CHAIN, OTHER], "a chain without a mark begins with heading and number 1"),
    (f"@所有人 接一下\n{CHAIN}", [""], [f"@所有人 接一下\n{CHAIN}"], "a sentence above the mark belongs to it"),
    ("李雷 36.5\n\n备注：\n家里有人咳嗽", [""], ["李雷 36.5\n\n备注：\n家里有人咳嗽"], "a label is no sender"),
    ("体温：\n36.5\n\n症状：\n无", [""], ["体温：\n36.5\n\n症状：\n无"], "nor where a form opens the paste"),
    ("各位家长：\n\n请接龙", [""], ["各位家长：\n\n请接龙"], "nor is who is spoken to"),
    (
        "李雷妈妈:\n姓名：李雷\n体温：\n36.5\n备注:\n无\n\n韩梅梅:\n36.6",
        ["李雷妈妈", "韩梅梅"],
        ["姓名：李雷\n体温：\n36.5\n备注:\n无", "36.6"],
        "a form that a parent filled in stays whole",
    ),
    ("李雷妈妈：\n\n\n韩梅梅：36.6", [""], ["李雷妈妈：\n\n\n韩梅梅：36.6"], "words must follow"),
    (
        "李 雷 妈妈 🌸:\r\n李雷 36.5\r\n\r\n如意:\r\n36.6\r\n",
        ["李 雷 妈妈 🌸", "如意"],
        ["李雷 36.5", "36.6"],
        "blanks and pictures in a name, line ends of Windows",
    ),
    (
        "\u200b李雷妈妈\u200b:\n36.5\n\u200b\n韩梅梅:\n36.6",
        ["李雷妈妈", "韩梅梅"],
        ["36.5", "36.6"],
        "what nobody sees",
    ),
    (
        "李雷妈妈:\n[图片]\n\n韩梅梅:\n[表情]\n36.6\n\n王小明:\n[图片: 1.jpg(请在附件中查看)]",
        ["韩梅梅"],
        ["36.6"],
        "pictures say nothing",
    ),
    (
        "李雷妈妈 2020年2月18日 下午1:05\n36.5\n\n韩梅梅 2020/2/18 20:01\n36.6",
        ["李雷妈妈", "韩梅梅"],
        ["36.5", "36.6"],
        "half days",
    ),
    (
        "2020-02-18 08:01:02 李雷妈妈\n36.5\n\n2020-02-18 08:02:00\n韩梅梅加入了群聊",
        ["李雷妈妈", ""],
        ["36.5", "韩梅梅加入了群聊"],
        "time first; the system has no name",
    ),
    (
        "上面没复制全 36.3\n\n李雷妈妈 2020/2/18 8:01:02\n36.5",
        ["", "李雷妈妈"],
        ["上面没复制全 36.3", "36.5"],
        "what stands above the first header is nobody's",
    ),
    (
        "李雷妈妈 2020/2/31 8:01:02\n36.5",
        [""],
        ["李雷妈妈 2020/2/31 8:01:02\n36.5"],
        "no such day",
    ),
    (
        "李雷妈妈 2020/2/18 8:01:02\n36.5\n\n王老师:\n收到\n\n韩梅梅 2020/2/18 8:02:02\n36.6",
        ["李雷妈妈", "韩梅梅"],
        ["36.5\n\n王老师:\n收到", "36.6"],
        "one style a paste",
    ),
    ("[图片]\n[语音]", [], [], "nothing in words"),
    (" \n\u200b\n", [], [], "nothing"),
]


@pytest.mark.parametrize(("pasted", "senders", "texts", "why"), TEXTS, ids=[row[3] for row in TEXTS])
def test_texts(pasted: str, senders: list[str], texts: list[str], why: str) -> None:
    found = messages(pasted, TODAY, ZONE)
    assert ([one.sender for one in found], [one.text for one in found]) == (senders, texts), why


def test_a_time_without_a_day_is_of_the_day_that_was_chosen() -> None:
    shared = "李雷妈妈  08:01\n\n李雷 36.5\n\n韩梅梅爸爸  8:02\n\n韩梅梅 36.6\n"
    assert told(shared, date(2020, 2, 19)) == [
        ("李雷妈妈", at("2020-02-19 08:01"), "李雷 36.5"),
        ("韩梅梅爸爸", at("2020-02-19 08:02"), "韩梅梅 36.6"),
    ]


# --- what holds for all messages and all texts

NAMES = st.sampled_from(
    ["李雷妈妈", "韩梅梅 爸爸", "静待花开🌸", "如意", "王老师", "A01李雷", "3班小明家长", "李平安妈妈", "👨‍👩‍👧 一家"]
)
LINES = st.sampled_from(
    [
        "李雷 36.5 正常",
        "2. 韩梅梅 36.6",
        "体温：",
        "#接龙",
        "2月18日体温：",
        "收到🌹",
        "姓名：李雷",
        "全家健康",
        "08",
        "36.5:",
    ]
)
WORDS = st.lists(LINES, min_size=1, max_size=4).map("\n".join)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2020, 12, 31)).map(  # noqa: DTZ001 - the zone is put in below
    lambda one: one.replace(second=0, microsecond=0, tzinfo=ZONE)
)
SAYINGS = st.lists(st.builds(Pasted, NAMES, INSTANTS, WORDS), min_size=1, max_size=6)


def blocks(header: Callable[[Pasted], str]) -> Callable[[Sequence[Pasted]], str]:
    return lambda some: "\n".join(f"{header(one)}\n{one.text}\n" for one in some)


def shared(some: Sequence[Pasted]) -> str:
    """As a phone shares it: a line a day."""
    written, day = ["三(2)班 微信群上的聊天记录如下，请查收。", ""], None
    for one in some:
        assert one.at is not None
        if one.at.date() != day:
            day = one.at.date()
            written += [f"—————  {day.year}-{day.month}-{day.day}  —————", "", ""]
        written += [f"{one.sender}  {one.at:%H:%M}", "", one.text, ""]
    return "\n".join(written)


FORMATS: dict[str, tuple[Callable[[Sequence[Pasted]], str], bool]] = {  # and whether it tells the time
    "colon": (blocks(lambda one: f"{one.sender}:"), False),
    "full-width colon": (blocks(lambda one: f"{one.sender}："), False),
    "time": (blocks(lambda one: f"{one.sender} {one.at:%Y/%m/%d %H:%M:%S}"), True),
    "time with single digits": (
        blocks(
            lambda one: (
                f"{one.sender} {one.at:%Y}/{one.at.month}/{one.at.day} {one.at.hour}:{one.at:%M}" if one.at else ""
            )
        ),
        True,
    ),
    "time with dashes": (blocks(lambda one: f"{one.sender} {one.at:%Y-%m-%d %H:%M}"), True),
    "time first": (blocks(lambda one: f"{one.at:%Y-%m-%d %H:%M:%S} {one.sender}"), True),
    "shared": (shared, True),
}


@pytest.mark.parametrize("name", FORMATS)
@given(SAYINGS, st.sampled_from(["\n", "\r\n"]))
def test_what_was_copied_comes_out(name: str, said: list[Pasted], line_end: str) -> None:
    render, tells_time = FORMATS[name]
    expected = said if tells_time else [replace(one, at=None) for one in said]
    assert messages(render(said).replace("\n", line_end), TODAY, ZONE) == expected


ANY_LINE = st.one_of(
    LINES,
    NAMES.map(lambda name: f"{name}:"),
    NAMES.map(lambda name: f"{name} 2020/2/18 8:01:02"),
    NAMES.map(lambda name: f"{name}  08:01"),
    st.sampled_from(["", "[图片]", "—————  2020-02-18  —————", "Dear:", "聊天记录如下，请查收。", "  ", "\u200b"]),
    st.text(max_size=12),
)


@given(st.lists(ANY_LINE, max_size=30).map("\n".join))
def test_no_word_is_lost_but_what_says_who_and_when(text: str) -> None:
    text = f"嗯\n{text}"  # no source of a mail
    given_lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = [line for one in messages(text, TODAY, ZONE) for line in one.text.split("\n")]
    for line in given_lines:
        shown = line.rstrip().replace("\0", "\N{REPLACEMENT CHARACTER}")
        if kept and kept[0] == shown:
            kept.pop(0)
        else:
            assert _says_nothing(line), line
    assert kept == []


def _says_nothing(line: str) -> bool:
    """Blank, a picture, or a line that says who wrote when."""
    plain = line.replace("\u200b", "").strip()
    return (
        not plain
        or is_placeholder(line)
        or is_introduction(line)
        or day_of_line(line) is not None
        or plain.endswith((":", "：", "8:01:02", "08:01"))
        or not any(ord(letter) > 32 and letter.isprintable() for letter in plain)
    )


@given(st.text())
def test_any_words_are_some_message(text: str) -> None:
    assert len(messages(f"好 {text}", TODAY, ZONE)) >= 1


@pytest.mark.parametrize(
    "bomb",
    [
        "a" * 250_000,
        "a:\n" * 80_000,
        "李雷妈妈 " + " " * 250_000 + "8:01",
        "1" + " " * 250_000 + "x",
        "<div" + "<a" * 120_000,
        "—" * 250_000,
        "[图片:" * 40_000,
        ("1. 李雷 36.5\n\n2月18日体温\n" * 5_000),
        "早早早早早早早早早早早早:\n" * 5_000,
    ],
    ids=["a letter", "colons", "blanks", "a number", "tags", "dashes", "pictures", "chains", "labels"],
)
def test_no_paste_holds_the_process(bomb: str) -> None:
    began = time.process_time()
    messages(bomb, TODAY, ZONE)
    assert time.process_time() - began < 1.0


# --- what intake gets

SAYING = [
    Pasted("李雷妈妈", None, "李雷 36.5"),
    Pasted("韩梅梅爸爸", at("2020-02-20 08:01"), "韩梅梅 37.5"),
    Pasted("韩梅梅爸爸", at("2020-02-20 08:01"), "打错了，是36.5"),
]


def ids(said: Sequence[Pasted], day: date = TODAY) -> list[str]:
    return [one.platform_id for one in incoming(said, "group-1", day, NOW, KEYRING)]


def test_the_same_words_at_the_same_time_are_the_same_message_wherever_they_stand() -> None:
    assert ids([Pasted("王老师", None, "大家早"), *SAYING])[1:] == ids(SAYING)
    assert ids([*SAYING, SAYING[0]]) == ids(SAYING)


def test_on_another_day_they_are_another_message() -> None:
    yesterday = ids(SAYING, TODAY - timedelta(days=1))
    assert yesterday[0] != ids(SAYING)[0]
    assert yesterday[1:] == ids(SAYING)[1:]  # these say themselves when they were written


def test_an_id_names_nobody_and_is_another_for_another_key() -> None:
    other = incoming(SAYING, "group-1", TODAY, NOW, Keyring.of(b"another-made-up-secret-of-the-tests, 32 bytes"))
    assert [one.platform_id for one in other] != ids(SAYING)
    assert not any(one.sender in made for one, made in zip(SAYING, ids(SAYING), strict=True))


def test_the_order_of_a_paste_is_kept_within_a_minute() -> None:
    sent = [one.sent_at for one in incoming(SAYING, "group-1", TODAY, NOW, KEYRING)]
    assert sent[0] is None
    assert sent[1] is not None
    assert sent[2] is not None
    assert timedelta() < sent[2] - sent[1] < timedelta(seconds=1)


def test_what_was_said_on_an_earlier_day_at_no_known_time_is_of_that_day() -> None:
    [first, *_] = incoming(SAYING, "group-1", date(2020, 2, 18), NOW, KEYRING)
    assert first.sent_at is not None
    assert first.sent_at.astimezone(ZONE).date() == date(2020, 2, 18)
    assert first.sent_at < datetime(2020, 2, 18, 5, tzinfo=UTC)


def test_nobody_gains_the_rights_of_an_account() -> None:
    assert {one.sender for one in incoming(SAYING, "group-1", TODAY, NOW, KEYRING)} == {""}

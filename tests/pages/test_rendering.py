"""Templates: what stands in a page is data and never markup (assurance.md, T11), and how figures are written."""

from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st
from jinja2 import UndefinedError

from bot.counts.quotes import Mark, Quote, Stretch
from bot.messages.figures import day_words
from bot.pages import rendering
from bot.pages.rendering import celsius, render_plain, thousands
from models.bureau import Bureau

ZONE = ZoneInfo("Asia/Shanghai")
PARTS = """{% import "macros.html" as m %}
{{ m.quote(quote) }}{{ m.words(quote.stretches) }}
{{ m.index([("missing", word, 1, "#missing")]) }}{{ m.days([(word, "?day=" ~ word, word)], 0) }}
{{ m.copy_button("#" ~ word, word) }}<p title="{{ word }}">{{ word }}</p>"""
HOSTILE = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    st.lists(
        st.sampled_from(
            [
                "<",
                ">",
                "</p>",
                '"',
                "'",
                "&",
                "&lt;",
                "<script>",
                "<img src=x onerror=alert(1)>",
                "{{",
                "{%",
                "-->",
                "=",
            ]
        )
    ).map("".join),
)


class Shape(HTMLParser):
    """The elements of a page with the names of their attributes, and its words."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.words = ""
        self.values: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.values += [value or "" for _, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.elements.append(("!--", (data,)))


def parts(word: str) -> str:
    """Every macro that shows data."""
    stretches = tuple(Stretch(word, mark) for mark in (None, *Mark))
    quote = Quote(stretches, sender=word, at=datetime(2020, 2, 18, 8, 1, tzinfo=ZONE), line=12)
    return rendering._environment(ZONE).from_string(PARTS).render(quote=quote, word=word)


def pages(word: str) -> str:
    """Pages of this room whose words come from rows."""
    bureau = Bureau(
        county=word, city=word, province=word, since=date(2020, 1, 15), risk_areas=[], basis=word, basis_until=None
    )
    answers = (
        render_plain("enter.html", ZONE, secret=word, token=word, unit=word, action=word, days=30),
        render_plain("error.html", ZONE, heading=word, sentence=word, number=word),
        render_plain("privacy.html", ZONE, bureau=bureau, version=date(2026, 11, 25)),
    )
    return "".join(bytes(answer.body).decode() for answer in answers)


@given(HOSTILE.filter(bool))
def test_no_element_and_no_attribute_is_born_from_data(word: str) -> None:
    for make in (parts, pages):
        hostile, plain = Shape(make(word)), Shape(make("李雷"))
        assert hostile.elements == plain.elements
        assert hostile.words == plain.words.replace("李雷", word)
        assert hostile.values == [value.replace("李雷", word) for value in plain.values]


def test_a_misspelt_name_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        render_plain("error.html", ZONE, heading="", number=None)


def test_words_carry_their_marks() -> None:
    shown = rendering._environment(ZONE).from_string('{% import "macros.html" as m %}{{ m.quote(quote) }}')
    stretches = (
        Stretch("12. 周若曦 ", None),
        Stretch("37.6", Mark.RAISED),
        Stretch("没出门", Mark.READ),
        Stretch("涵", Mark.UNSURE),
    )
    quote = Quote(stretches, sender="若曦妈妈", at=datetime(2020, 2, 17, 23, 2, tzinfo=UTC), line=12)
    assert shown.render(quote=quote).strip() == (
        '<blockquote class="said"><p class="pre">12. 周若曦 <mark>37.6</mark><span class="v">没出门</span>'
        '<span class="w">涵</span></p><footer>07:02 若曦妈妈，接龙第 12 行</footer></blockquote>'
    )
    nobody = Quote(stretches[:1], sender="", at=None)
    assert "footer" not in shown.render(quote=nobody)


@pytest.mark.parametrize(
    ("temperature", "words"), [("37.6", "37.6 ℃"), ("38.25", "38.25 ℃"), ("36", "36.0 ℃"), ("36.50", "36.5 ℃")]
)
def test_temperatures(temperature: str, words: str) -> None:
    assert celsius(Decimal(temperature)) == words


def test_figures() -> None:
    assert (thousands(18640), day_words(date(2020, 2, 20))) == ("18,640", "2月20日 周四")

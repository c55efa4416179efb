# ruff: noqa: E501 -- a row of a rule is read as one line
"""Why a person must look at a piece of text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reading.about import People
from bot.reading.day import DayWord
from bot.reading.member import Speaker
from bot.reading.notice import IMPERATIVE
from bot.reading.outcome import Doubt
from bot.reading.piece import Piece
from bot.reading.said import Said, Told
from bot.reading.statement import Contact, Fever, Isolation, Span, Symptom, Temperature, Travel, Well
from models.vocabulary import Experiencer, GroupKind, Polarity, Reason, Temporality

_SUM = re.compile(
    r"全员[^。\n]{0,8}(?:正常|健康|平安|无异常|没问题)|(?:全寝|班|组|[务教勤]处|宿舍|寝室|年级|学生|同学|教师|全体|办公室|教研组|学校|部门|处室|应到|实到|\d{1,4}名|共\d{1,4})[^。\n]{0,24}?(?:\d{1,4}\s?(?:人|名|个)|个个|全部|全体|都|均|全)[^。\n]{0,16}?(?:正常|健康|良好|好|无异常|没问题|无发热)"
)
_ILL_CROWD = re.compile(
    r"(?:[一二三四五六七八九十几两\d]{1,4}(?:个|名|位)|有(?:个|位|名)|有的)(?:孩子|同学|学生|老师|同事|员工|职工)[^。\n]{0,40}(?:发?烧|发热|咳嗽|低热|外省|隔离|确诊|密接|超过37|外地|吐)|查出[^。\n]{0,12}(?:发低?[烧热]|三十七度)"
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A piece that was read: whom it is about, what it says, and how it came."""

    piece: Piece
    speaker: Speaker
    people: People
    told: Told
    whole: Span
    entry: bool  # of a chain
    rolls: bool  # only says that somebody is there

    @property
    def says_something(self) -> bool:
        """Whether there is a word of health in it."""
        told = self.told
        return self.rolls or told.strong or bool(told.implausible) or bool(told.class_not_named)

    @property
    def words(self) -> str:
        """Its text."""
        return self.piece.whole()

    @property
    def measures(self) -> bool:
        """Whether it states a temperature."""
        return any(isinstance(said.statement.value, Temperature) for said in self.told.said)


STOPS = frozenset(
    [Reason.UNKNOWN_SENDER, Reason.UNKNOWN_PERSON, Reason.OWN_READING, Reason.SUM_WITHOUT_NAMES, Reason.NEWS_OF_ILLNESS, Reason.QUESTION_WITH_FACT]
)  # fmt: skip
"""Reasons for which nothing else is taken from a piece."""


def doubts_of(heard: Heard) -> tuple[Doubt, ...]:
    """What a person must look at; where the piece as a whole is doubtful, that alone."""
    as_a_whole = None if heard.entry else _as_a_whole(heard)
    if as_a_whole is not None:
        return (as_a_whole,)
    found = tuple(_of_people(heard))
    if heard.speaker.leads and not heard.entry and not heard.people.named:
        return found
    return (*found, *_of_values(heard))


def _of_people(heard: Heard) -> Iterator[Doubt]:
    """Who is meant."""
    people, whole = heard.people, heard.whole
    if heard.speaker.leads and not heard.entry and not heard.measures:
        return
    if people.ambiguous or people.unknown:
        if not heard.says_something and not heard.entry:
            return
        members = tuple(dict.fromkeys(member for mention in people.ambiguous for member in mention.members))
        reason = Reason.AMBIGUOUS_PERSON if people.ambiguous else Reason.UNKNOWN_PERSON
        yield Doubt(reason, _name_in_doubt(heard), members)
    elif not people.mains and heard.says_something and not heard.speaker.leads and _is_report(heard):
        yield Doubt(Reason.UNKNOWN_SENDER, whole)


def _name_in_doubt(heard: Heard) -> Span:
    """The words of the name that several share, or that nobody has."""
    piece, people = heard.piece, heard.people
    if people.ambiguous:
        return piece.text.span(people.ambiguous[0].start, people.ambiguous[0].end)
    start = piece.norm.index(people.unknown, piece.start, piece.end)
    return piece.text.span(start, start + len(people.unknown))


def _as_a_whole(heard: Heard) -> Doubt | None:
    """What makes a message of its own doubtful whatever else it says."""
    people, told, words = heard.people, heard.told, heard.words
    if not people.named and _is_sum(words):
        return Doubt(Reason.SUM_WITHOUT_NAMES, heard.whole)
    if not people.named and _is_of_a_crowd(words):
        return Doubt(Reason.NEWS_OF_ILLNESS, heard.whole)
    facts = [said for said in told.said if _is_fact(said)]
    if _tells_news(heard, facts):
        return Doubt(Reason.NEWS_OF_ILLNESS, heard.whole, people.mains)
    if told.own_reading and not any(is_of_person(said) for said in told.said):
        return Doubt(Reason.OWN_READING, heard.whole, heard.speaker.members)
    if not heard.speaker.leads and facts and _only_asks(heard):
        return Doubt(Reason.QUESTION_WITH_FACT, heard.whole, people.mains)
    return None


def _of_values(heard: Heard) -> Iterator[Doubt]:
    """What is meant."""
    told, mains = heard.told, heard.people.mains
    if told.implausible:
        number = told.implausible[0]
        yield Doubt(Reason.IMPLAUSIBLE_TEMPERATURE, heard.piece.text.span(number.start, number.end), mains)
    if told.class_not_named:
        low, high = told.class_not_named[0]
        yield Doubt(Reason.CLASS_NOT_NAMED, heard.piece.text.span(low, max(high, low + 1)), mains)
    names_day = any(said.day for said in told.said) or any(clause.of(DayWord) for clause in heard.piece.clauses)
    if mains and heard.says_something and not names_day and _LATE.search(heard.words):
        yield Doubt(Reason.LATE_WITHOUT_DAY, heard.whole, mains)


_LATE = re.compile("补报|补一下|补上|补接")
_HOUSEHOLD = re.compile("全家|一家|家里|我家|俺家")
_SUPPOSED = re.compile("如有|如果|请")
_AT_HEAD = 12  # letters in which a notice says that it supposes


def _is_sum(words: str) -> bool:
    return _SUM.search(words) is not None and IMPERATIVE.search(words) is None and _HOUSEHOLD.search(words) is None


def _is_of_a_crowd(words: str) -> bool:
    return _ILL_CROWD.search(words) is not None and "?" not in words and not _SUPPOSED.search(words, 0, _AT_HEAD)


_SEEN = re.compile("碰见|看见|听说|他说|她说|遇见")
_FOR_THEM = re.compile("替|代|帮|让我|托|报一下|报下|代报|说他|说她")


def _tells_news(heard: Heard, facts: list[Said]) -> bool:
    """Whether a colleague's illness is told as news, and not reported for them."""
    people, speaker = heard.people, heard.speaker
    if not people.named or set(people.mains) & set(speaker.members):
        return False
    if heard.piece.scene.kind is not GroupKind.STAFF:
        ill = any(isinstance(said.statement.value, (Fever, Symptom)) for said in heard.told.said)
        return bool(speaker.members) and ill and not heard.measures and _SEEN.search(heard.words) is not None
    ill = any(
        isinstance(said.statement.value, (Fever, Symptom)) and said.statement.context.experiencer is Experiencer.PERSON
        for said in facts
    )
    return ill and _FOR_THEM.search(heard.words) is None


_OF_HEALTH = re.compile("孩子|体温|正常|健康")


def _is_report(heard: Heard) -> bool:
    """Whether a message of a nickname that nobody knows, and that names nobody, is a report all the same."""
    return heard.measures or any(_is_fact(said) for said in heard.told.said) or bool(_OF_HEALTH.search(heard.words))


def is_of_person(said: Said) -> bool:
    """Whether something is said of the reported person, and no bare no to a question."""
    return (
        said.statement.context.experiencer is Experiencer.PERSON
        and said.statement.context.temporality is not Temporality.HYPOTHETICAL
        and said.statement.rule != "answer.no"
    )


def _is_fact(said: Said) -> bool:
    """Whether a statement is a fact that raises a flag."""
    context, value = said.statement.context, said.statement.value
    return (
        context.polarity is not Polarity.NEGATED
        and context.temporality in (Temporality.NOW, Temporality.FROM)
        and context.experiencer is not Experiencer.OTHER
        and isinstance(value, (Fever, Symptom, Travel, Contact, Isolation))
    )


def _only_asks(heard: Heard) -> bool:
    """Whether a text is a question that only carries its fact along: without a reading and without a word of today."""
    clauses = heard.piece.clauses
    if heard.measures or any(isinstance(said.statement.value, Well) for said in heard.told.said):
        return False
    return bool(clauses) and clauses[-1].asks

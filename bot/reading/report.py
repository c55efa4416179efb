# ruff: noqa: C901, E501, PLR0911, PLR0912, PLR2004
# a decision read from top to bottom; a row of a rule is read as one line; lengths in letters are what a rule says, not constants
"""One report: a message of its own or one entry of a chain, who it is about and what it says of each."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.reading.answer import labelled, masked
from bot.reading.context import is_question
from bot.reading.day import DayWord
from bot.reading.member import Mention, Speaker, plain
from bot.reading.naming import family_member, looks_like_name, unknown_head
from bot.reading.normalise import Text
from bot.reading.owner import Said, Told
from bot.reading.piece import Piece, cut
from bot.reading.scene import Member, Scene
from bot.reading.statement import (
    Contact,
    Context,
    Fever,
    Isolation,
    Span,
    Statement,
    Symptom,
    Temperature,
    Travel,
    Value,
    Well,
)
from bot.reading.subject import addressed, only_met
from bot.reading.telling import Teller, by_member
from models.vocabulary import Basis, Experiencer, GroupKind, Polarity, Reason, Role, Temporality, Topic


class Act(StrEnum):
    """What a piece of text does."""

    REPORT = "report"  # says something of somebody's health or day
    CHATTER = "chatter"  # thanks, chat, jokes, commands, notices, questions: reports nobody


@dataclass(frozen=True, slots=True)
class Frame:
    """What a heading or form asks, in order, so that 无, 否 and 是 by position can be understood."""

    questions: tuple[str, ...] = ()  # normalised labels in order, the name's included
    name_is_report: bool = False  # the heading says that a name alone means all well
    marks: AbstractSet[str] = frozenset()  # marks that the heading defines as a report: +1, 1, 同上


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report says of one member."""

    member: Member
    statements: tuple[Statement[Value], ...]
    span: Span
    basis: Basis
    day: date | None = None  # the day that the words themselves name (昨天, 2月18日), None where they name none
    replaces: AbstractSet[Topic] = frozenset()  # 更正, 打错了: topics that are mentioned and so replaced


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason why a person must look at this piece, and whom it may concern."""

    reason: Reason
    span: Span
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What a piece of text says: of whom what, and what is unclear. Both may be there at once."""

    act: Act
    subjects: tuple[Subject, ...] = ()
    doubts: tuple[Doubt, ...] = ()


LONGEST_PIECE = 2_000  # letters: what no check-in has, and what is still read in well under a second
_MARK = re.compile(r"(?:我家|俺家|我们家|孩子|我)?(?:也)?\s*(?P<mark>\+\s?1|1|同上)[。!.]?")


def _mark(words: str) -> str | None:
    """The mark that a message consists of: +1, 1, 同上, or an emoji alone; None where it is more."""
    found = _MARK.fullmatch(words)
    return found["mark"].replace(" ", "") if found else None


def _of_mark(mark: str, span: Span, speaker: Speaker, frame: Frame) -> Report:
    """A mark reports only where the heading defines it, else nobody can tell."""
    if any(mark == defined.replace(" ", "") for defined in frame.marks) and speaker.members:
        well: Statement[Value] = Statement(Well(), Context(), span, "report.mark")
        return Report(Act.REPORT, tuple(Subject(member, (well,), span, Basis.STATED) for member in speaker.members))
    if speaker.leads:
        return Report(Act.CHATTER)
    return Report(Act.REPORT, (), (Doubt(Reason.UNDEFINED_MARK, span, speaker.members),))


_LEAVE = re.compile("请假|事假|不去了|迟到|晚到")
_IMPERATIVE = re.compile(
    "请|注意|多喝|记得|别|抓紧|收到|尽快|不要|务必|大家|各位|家长们|同学们|怎么|提醒|观察|谢谢|辛苦|@所有人"
)
_SUM = re.compile(
    r"全员[^。\n]{0,8}(?:正常|健康|平安|无异常|没问题)|(?:全寝|班|组|宿舍|寝室|年级|学生|同学|教师|全体|办公室|教研组|学校|部门|处室|应到|实到|\d+名|共\d+)[^。\n]{0,24}?(?:\d+\s*(?:人|名|个)|个个|全部|全体|都|均|全)[^。\n]{0,16}?(?:正常|健康|良好|好|无异常|没问题|无发热)"
)
_ILL_CROWD = re.compile(
    r"(?:[一二三四五六七八九十几两\d]+(?:个|名|位)|有(?:个|位|名)|有的)(?:孩子|同学|学生|老师|同事|员工|职工)[^。\n]{0,40}(?:发?烧|发热|咳嗽|低热|外省|隔离|确诊|密接|超过37|外地|吐)|查出[^。\n]{0,12}(?:发低?[烧热]|三十七度)"
)


def read_report(
    text: Text, start: int, end: int, *, speaker: Speaker, frame: Frame, entry: bool, at: datetime, scene: Scene
) -> Report:
    """What `text.norm[start:end]` says.

    `entry`: the piece is an entry of a chain, whose subject is named in it; a nameless one is the speaker's.
    `at`: the instant of the message in the school's time zone; 昨天 and 今早 count from its local date.
    """
    text = text.part(start, end)
    words = text.norm.strip()
    if not words:
        return Report(Act.CHATTER)
    if not entry and (mark := _mark(words)) is not None:
        return _of_mark(mark, text.span(0, len(text.norm)), speaker, frame)
    if len(words) > LONGEST_PIECE:
        return Report(Act.REPORT, (), (Doubt(Reason.UNREADABLE, text.span(0, len(text.norm)), speaker.members),))
    answers = list(labelled(text.norm, 0, len(text.norm)))
    if answers:
        text = replace(text, norm=masked(text.norm, answers))
    piece = cut(text, scene, at.date())
    whole = text.span(piece.start if piece.start < piece.end else 0, piece.end)
    people = _people(piece, speaker, entry=entry)
    told = Teller(piece, speaker, frame.questions, answers, people.mains, entry=entry).tell()
    rolls = not entry and _answers_roll(piece, people)
    has_content = rolls or told.strong or bool(told.implausible) or bool(told.class_not_named)
    if not entry and _is_notice(piece, told, people):
        return Report(Act.CHATTER)
    doubts = _doubts(piece, speaker, told, people, whole, entry=entry, has_content=has_content)
    if any(doubt.reason in _STOPS for doubt in doubts):
        return Report(Act.REPORT, (), tuple(doubts))
    subjects_found = _subjects(piece, speaker, told, people, whole, entry=entry, has_content=has_content, rolls=rolls)
    act = Act.REPORT if subjects_found or doubts else Act.CHATTER
    return Report(act, subjects_found, tuple(doubts))


_STOPS = frozenset(
    [Reason.UNKNOWN_SENDER, Reason.UNKNOWN_PERSON, Reason.OWN_READING, Reason.SUM_WITHOUT_NAMES, Reason.NEWS_OF_ILLNESS, Reason.QUESTION_WITH_FACT]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _People:
    """Whom a piece is about."""

    mains: tuple[Member, ...]
    named: bool  # by the text, not by the speaker's nickname
    ambiguous: tuple[Mention, ...] = ()
    unknown: str = ""  # a name at the head that the roster does not have


_ROLL = re.compile("回报|报到|报平安|打卡")


def _answers_roll(piece: Piece, people: _People) -> bool:
    """Whether a short message only says that somebody is there: a number that the roster knows and a word, 回报 and a place."""
    words = piece.whole().strip()
    if len(words) > 24 or not people.mains or "?" in words:
        return False
    by_number = any(
        words.startswith(piece.norm[one.start : one.end]) and piece.norm[one.start : one.end].isdigit()
        for one in piece.mentions
    )
    return by_number or _ROLL.match(words) is not None


_NOTICE = re.compile(
    r"(?:^|[,。;!\n\s])(?:请|各位|大家|家长们|老师们|同学们|望|务必|通知|温馨提示)|必须|务必|如实(?:填|写|上?报)|接龙完毕|不得瞒报|@所有人|还没报|没报的|没接的|未报的|抓紧|某某|患者[^,。]{0,4}某|经查|流调|通报如下|提醒|逐人|到货|包邮|要的私|优惠|满\\d+减|咨询|广告"
)


_ORDER = re.compile(
    "(?:没|无|有|不)[^,。]{0,8}的(?:回|扣|打字|写|报|接|单独|私信|不要|请|及时)|(?:发热|发烧|咳嗽|不舒服|不对劲)[^,。]{0,4}的,?(?:在家|别|不要|不用|请|先|千万|必须|应|要|立即|及时|都)|到货|要的私|满\\d+减"
)


def _is_notice(piece: Piece, told: Told, people: _People) -> bool:
    """Whether a message tells others what to do and reports nobody: it asks or orders and measures nothing."""
    if _ORDER.search(piece.whole()) and not people.named:
        return True
    if any(isinstance(said.statement.value, Temperature) for said in told.said) or told.implausible:
        return False
    if len(re.findall("是否|有无|有没有", piece.whole())) >= 2 and ":" not in piece.whole()[-4:]:
        return True
    return (
        _NOTICE.search(piece.whole()) is not None
        and not re.search("请假|请了", piece.whole())
        and not (people.named and len(piece.whole()) < 25)
    )


def _people(piece: Piece, speaker: Speaker, *, entry: bool) -> _People:
    """The members whom the piece names, else the speaker's."""
    named: list[Member] = []
    ambiguous: list[Mention] = []
    for mention in piece.mentions:
        if addressed(piece, mention) or only_met(piece, mention):
            continue
        own = [member for member in mention.members if member in speaker.members]
        if len(mention.members) == 1:
            named.append(mention.members[0])
        elif len(own) == 1:
            named.append(own[0])
        else:
            ambiguous.append(mention)
    if named and not entry and speaker.is_self and _MY_OWN.search(piece.whole()):
        named.extend(speaker.members)
    if named:
        return _People(tuple(dict.fromkeys(named)), named=True)
    if ambiguous:
        return _People((), named=True, ambiguous=tuple(ambiguous))
    head = unknown_head(piece)
    if head:
        close = family_member(head, speaker)
        if close is not None:
            return _People((close,), named=True)
        if entry or (not speaker.members and looks_like_name(head)):
            return _People((), named=True, unknown=head)
    return _People(speaker.members, named=False)


_MY_OWN = re.compile(
    r"(?:我|本人)(?:自己|今天|今早|今日|也|是|的|体温|量的?|早上)*\s*(?:3[4-9]|4[0-2]|三十|正常|健康|没事|也?都?好)"
)


def _subjects(
    piece: Piece,
    speaker: Speaker,
    told: Told,
    people: _People,
    whole: Span,
    *,
    entry: bool,
    has_content: bool,
    rolls: bool,
) -> tuple[Subject, ...]:
    """What the piece says of each of its members and days."""
    if not people.mains:
        return ()
    if not has_content and not (entry and people.named):
        return ()
    if not entry and speaker.leads and not _teacher_reports(piece, told, people):
        return ()
    if not has_content and _LEAVE.search(piece.whole()):
        return ()
    dealt = by_member(told, people.mains)
    replaces = _replaced(piece, told)
    found = []
    for member in people.mains:
        days = [day for owner, day in dealt if owner == member.id]
        if not days:
            if (entry and people.named and len(people.mains) == 1) or rolls:
                found.append(Subject(member, (), whole, Basis.INFERRED if entry else Basis.STATED))
            continue
        for day in dict.fromkeys(days):
            said = dealt[member.id, day]
            statements = tuple(one.statement for one in said) + _siblings(told, member, people, piece, day)
            if day is None and None in days and len(set(days)) > 1 and not any(_of_person(one) for one in said):
                continue
            found.append(Subject(member, statements, whole, Basis.STATED, day, replaces))
    return tuple(found)


def _of_person(said: Said) -> bool:
    return (
        said.statement.context.experiencer is Experiencer.PERSON
        and said.statement.context.temporality is not Temporality.HYPOTHETICAL
        and said.statement.rule != "answer.no"
    )


def _teacher_reports(piece: Piece, told: Told, people: _People) -> bool:
    """Whether a teacher's words in a class group report somebody, and are no notice, question or reply."""
    measured = any(isinstance(said.statement.value, Temperature) for said in told.said)
    if not people.named and any(member.role is Role.STUDENT for member in people.mains):
        return False
    if measured:
        return True
    affirmed = any(
        isinstance(said.statement.value, (Fever, Symptom))
        and said.statement.context.polarity is not Polarity.NEGATED
        and said.statement.context.temporality is Temporality.NOW
        for said in told.said
    )
    return affirmed and not _IMPERATIVE.search(piece.whole()) and "?" not in piece.whole()


_SIBLING = re.compile("弟|妹|哥|姐|老大|老二|大宝|二宝|俩|双胞胎|两个孩子|龙凤胎")


def _siblings(
    told: Told, member: Member, people: _People, piece: Piece, day: date | None
) -> tuple[Statement[Value], ...]:
    """The illness of a member's brothers and sisters in the piece, as one of the household."""
    if len(people.mains) < 2:
        return ()
    found = []
    for said in told.said:
        others = [other for other in said.members if other.id != member.id]
        if (
            not others
            or member in said.members
            or said.day != day
            or said.statement.context.experiencer is not Experiencer.PERSON
        ):
            continue
        if not all(_are_siblings(member, other, people, piece) for other in others):
            continue
        if isinstance(said.statement.value, (Fever, Symptom, Temperature)):
            context = replace(said.statement.context, experiencer=Experiencer.HOUSEHOLD)
            found.append(replace(said.statement, context=context))
    return tuple(found)


def _are_siblings(one: Member, other: Member, people: _People, piece: Piece) -> bool:
    return plain(one.name)[0] == plain(other.name)[0] and (
        _SIBLING.search(piece.whole()) is not None or len(people.mains) == 2
    )


def _replaced(piece: Piece, told: Told) -> frozenset[Topic]:
    """The topics that a correction mentions."""
    words = piece.whole()
    swaps = re.search(r"(?:是|应为)\s?3\d[.度]\d[^,。]{0,3}不是|不是\s?3\d[.度]\d|应该?[是为]\s?(?:3\d|三十)", words)
    if not swaps and not any(clause.matches("corrects") for clause in piece.clauses):
        return frozenset()
    topics = {
        said.statement.value.topic
        for said in told.said
        if said.statement.context.temporality is not Temporality.HYPOTHETICAL
    }
    if Topic.WELL in topics:
        topics |= {Topic.SYMPTOM, Topic.FEVER}
    if Topic.TEMPERATURE in topics:
        topics |= {Topic.FEVER} if Topic.FEVER in topics else set()
    if re.search(r"没出县|没出去|没去|本县|镇上|屯", piece.whole()):
        topics |= {Topic.TRAVEL}
    if re.search("说反|写反|填反", piece.whole()):
        topics |= {Topic.SYMPTOM, Topic.FEVER, Topic.TEMPERATURE}
    return frozenset(topics - {Topic.WELL})


def _doubts(
    piece: Piece, speaker: Speaker, told: Told, people: _People, whole: Span, *, entry: bool, has_content: bool
) -> list[Doubt]:
    """What a person must look at."""
    found: list[Doubt] = []
    words = piece.whole()
    holds = [s for s in told.said if _serious(s)]
    if people.ambiguous and (has_content or entry):
        members = tuple(dict.fromkeys(member for mention in people.ambiguous for member in mention.members))
        found.append(Doubt(Reason.AMBIGUOUS_PERSON, whole, members))
    elif people.unknown and (has_content or entry):
        found.append(Doubt(Reason.UNKNOWN_PERSON, whole))
    if speaker.leads and not entry and not any(isinstance(s.statement.value, Temperature) for s in told.said):
        found.clear()
    elif not people.mains and has_content and not speaker.leads and not people.ambiguous and not people.unknown:
        found.extend(_of_nobody(piece, told, whole))
    if (
        not entry
        and not people.named
        and _SUM.search(words)
        and not _IMPERATIVE.search(words)
        and not re.search("全家|一家|家里|我家|俺家", words)
    ):
        return [Doubt(Reason.SUM_WITHOUT_NAMES, whole)]
    if (
        not entry
        and not people.named
        and _ILL_CROWD.search(words)
        and "?" not in words
        and not re.search("如有|如果|请", words[:12])
    ):
        return [Doubt(Reason.NEWS_OF_ILLNESS, whole)]
    if not entry and _tells_news(piece, speaker, told, people, holds):
        return [Doubt(Reason.NEWS_OF_ILLNESS, whole, people.mains)]
    if told.own_reading and not entry and not any(_of_person(s) for s in told.said):
        return [Doubt(Reason.OWN_READING, whole, speaker.members)]
    if not entry and not speaker.leads and holds and _only_asks(piece, told):
        return [Doubt(Reason.QUESTION_WITH_FACT, whole, people.mains)]
    if speaker.leads and not entry and not people.named:
        return found
    if told.implausible:
        found.append(Doubt(Reason.IMPLAUSIBLE_TEMPERATURE, whole, people.mains))
    if told.class_not_named:
        low, high = told.class_not_named[0]
        found.append(Doubt(Reason.CLASS_NOT_NAMED, piece.text.span(low, max(high, low + 1)), people.mains))
    if (
        re.search(r"^\s*补报|补报|补一下|补上|补接", words)
        and people.mains
        and not any(s.day for s in told.said)
        and has_content
        and not any(clause.of(DayWord) for clause in piece.clauses)
    ):
        found.append(Doubt(Reason.LATE_WITHOUT_DAY, whole, people.mains))
    return found


def _tells_news(piece: Piece, speaker: Speaker, told: Told, people: _People, holds: list[Said]) -> bool:
    """Whether a colleague's illness is told as news, and not reported for them."""
    if not people.named or set(people.mains) & set(speaker.members):
        return False
    if piece.scene.kind is not GroupKind.STAFF:
        seen = re.search("碰见|看见|听说|他说|她说|遇见", piece.whole())
        said = any(isinstance(one.statement.value, (Fever, Symptom)) for one in told.said)
        return (
            bool(speaker.members)
            and seen is not None
            and said
            and not any(isinstance(one.statement.value, Temperature) for one in told.said)
        )
    ill = any(
        isinstance(said.statement.value, (Fever, Symptom)) and said.statement.context.experiencer is Experiencer.PERSON
        for said in holds
    )
    return ill and not re.search("替|代|帮|让我|托|报一下|报下|代报|说他|说她", piece.whole())


def _of_nobody(piece: Piece, told: Told, whole: Span) -> list[Doubt]:
    """A report from a nickname that nobody knows, and that names nobody."""
    if any(isinstance(said.statement.value, Temperature) or _serious(said) for said in told.said) or re.search(
        "孩子|体温|正常|健康", piece.whole()
    ):
        return [Doubt(Reason.UNKNOWN_SENDER, whole)]
    return []


def _serious(said: Said) -> bool:
    """Whether a statement is a fact that raises a flag."""
    context, value = said.statement.context, said.statement.value
    return (
        context.polarity is not Polarity.NEGATED
        and context.temporality in (Temporality.NOW, Temporality.FROM)
        and context.experiencer is not Experiencer.OTHER
        and isinstance(value, (Fever, Symptom, Travel, Contact, Isolation))
    )


def _only_asks(piece: Piece, told: Told) -> bool:
    """Whether a text is a question that only carries its fact along: without a reading and without a word of today."""
    if any(isinstance(said.statement.value, (Temperature, Well)) for said in told.said):
        return False
    return bool(piece.clauses) and is_question(piece, piece.clauses[-1])

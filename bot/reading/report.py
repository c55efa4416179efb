"""One report: a message of its own or one entry of a chain, who it is about and what it says of each."""

import re
from dataclasses import replace
from datetime import datetime

from bot.reading.about import People, people_of
from bot.reading.answer import labelled, masked
from bot.reading.doubts import STOPS, Heard, doubts_of, is_of_person
from bot.reading.member import Speaker
from bot.reading.normalise import Text
from bot.reading.notice import IMPERATIVE, is_notice
from bot.reading.outcome import Act, Doubt, Frame, Report, Subject
from bot.reading.piece import Piece, cut
from bot.reading.said import Told, by_member
from bot.reading.scene import Scene
from bot.reading.siblings import siblings_of
from bot.reading.statement import Context, Fever, Span, Statement, Symptom, Temperature, Value, Well
from bot.reading.subject import subjects
from bot.reading.telling import told_of
from models.vocabulary import Basis, Polarity, Reason, Role, Temporality, Topic

LONGEST_PIECE = 2_000
"""Letters of what one person says in several lines, as long as the longest line: this project's own bound, ten times
what a long form comes to."""
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
    people = people_of(piece, speaker, entry=entry)
    told = told_of(piece, subjects(piece, speaker, entry=entry), frame.questions, answers)
    if not entry and is_notice(piece, told, people):
        return Report(Act.CHATTER)
    rolls = not entry and _answers_roll(piece, people)
    heard = Heard(piece, speaker, people, told, whole, entry, rolls)
    doubts = doubts_of(heard)
    if any(doubt.reason in STOPS for doubt in doubts):
        return Report(Act.REPORT, (), doubts)
    found = _subjects(heard)
    return Report(Act.REPORT if found or doubts else Act.CHATTER, found, doubts)


_LONGEST_ROLL = 24  # letters of an answer to the roll
_ROLL = re.compile("回报|报到|报平安|打卡")


def _answers_roll(piece: Piece, people: People) -> bool:
    """Whether a short message only says that somebody is there: a number that the roster knows, 回报 and a place."""
    words = piece.whole().strip()
    if len(words) > _LONGEST_ROLL or not people.mains or "?" in words:
        return False
    by_number = any(
        words.startswith(piece.norm[one.start : one.end]) and piece.norm[one.start : one.end].isdigit()
        for one in piece.mentions
    )
    return by_number or _ROLL.match(words) is not None


def _subjects(heard: Heard) -> tuple[Subject, ...]:
    """What the piece says of each of its members and days."""
    if not _reports_somebody(heard):
        return ()
    piece, told, people, entry = heard.piece, heard.told, heard.people, heard.entry
    dealt = by_member(told, people.mains)
    replaces = _replaced(piece, told)
    found = []
    for member in people.mains:
        days = [day for owner, day in dealt if owner == member.id]
        if not days and (heard.rolls or (entry and people.named and len(people.mains) == 1)):
            found.append(Subject(member, (), heard.whole, Basis.INFERRED if entry else Basis.STATED))
        for day in dict.fromkeys(days):
            said = dealt[member.id, day]
            if day is None and len(set(days)) > 1 and not any(is_of_person(one) for one in said):
                continue
            statements = tuple(one.statement for one in said) + siblings_of(told, member, people, piece, day)
            found.append(Subject(member, statements, heard.whole, Basis.STATED, day, replaces))
    return tuple(found)


def _reports_somebody(heard: Heard) -> bool:
    """Whether the piece is a report: it names somebody in a chain, or says something of health."""
    people, entry = heard.people, heard.entry
    if not people.mains or not (heard.says_something or (entry and people.named)):
        return False
    if not entry and heard.speaker.leads and not _teacher_reports(heard.piece, heard.told, people):
        return False
    return heard.says_something or _LEAVE.search(heard.words) is None


def _teacher_reports(piece: Piece, told: Told, people: People) -> bool:
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
    return affirmed and not IMPERATIVE.search(piece.whole()) and "?" not in piece.whole()


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

"""Of whom a text speaks, place by place: a member, the household, somebody else."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.reading.member import How, Mention, Speaker
from bot.reading.piece import Piece
from bot.reading.rules import Match
from bot.reading.scene import Member
from bot.reading.taken import Taken
from models.vocabulary import GroupKind


class Who(StrEnum):
    """Whom a word stands for."""

    MEMBER = "member"  # the reported person, or persons
    WE = "we"  # they and their household together
    HOUSEHOLD = "household"
    KIN = "kin"  # a relative who need not live there
    OTHER = "other"  # a stranger, an animal


@dataclass(frozen=True, slots=True)
class Subject:
    """From `start` on, until the next one, the text speaks of these."""

    start: int
    end: int
    who: Who
    members: tuple[Member, ...] = ()  # where the word names members
    named: bool = False
    me: bool = False
    word: str = ""


_OBJECT_BEFORE = re.compile(
    r"(?:给|替|帮|帮着|陪|送|问|谢谢?|向|叫|喊|找|@|代|请|感谢|让|由|为|怕|咱?班|照顾|伺候|看|等|随|告诉)$"
)
_WITH_BEFORE = re.compile(r"(?:跟着?|和|同|与|随)$")
_WITH_WHOM = re.compile(r"(?:跟|和|与|同|接触)[^,。;!?\n]{1,12}的$")
_ME_ACTS = re.compile(
    r"(?:刚|刚才|再|就|都|已经?)?(?:给|替|帮|问|打电话|代|寻思|觉得|看|领|带|让|叫|陪|记|以为|怕|也听说|想|家座机|旁边|妈|爸|奶|爷|姥|哥|姐|弟|妹)"
)
_CROWD_BEFORE = re.compile(
    r"(?:有个?|[一二三四五六七八九十两几\d]个|名|位|些|多|别的?|人家|谁家|班[里上]?的?|邻居家?的?|他们家?|她们家?|同事家?的?)$"
)
_PLACE_LIKE = frozenset(
    [
        "小区",
        "村里",
        "我们村",
        "俺们村",
        "屯里",
        "镇上",
        "咱镇",
        "咱县",
        "县里",
        "单位",
        "班上",
        "班里",
        "咱班",
        "我们班",
        "我班",
        "三班",
        "公司",
        "厂里",
        "店里",
        "前楼",
        "后院",
        "前院",
        "楼上",
        "楼下",
    ]
)
_OF_PLACE = re.compile(r"[^,。]{0,4}?(?:有|的|一半|半数|很多|好几|几个|出现|封)|.{0,2}(?:发烧|咳嗽)")
_CHILD_MEASURED = re.compile(r"(?:孩子|娃|宝宝|儿子|女儿|闺女|本人|学生)\s*:?(?:3|三十)")
_AT_BEFORE = re.compile(r"(?:去|到|在|上|回|住)(?:了)?$")
_OBJECT_BEHIND = re.compile(
    r"(?:家的?(?!里)(?=[^孩]|$)|屋|那儿?[边里]?(?!天)|给|量的?(?!\d)|说|做|带|领|陪|接着|手机|单位|同事|喂|买|代|替|帮|发的|的同事|的单位|的手机|上夜班|上班了?|值班|告诉|刚告诉|微信|来电话|打电话|不会|没电|做饭|辛苦|你|您|好!|报|填|接龙|照顾|看着|看护|管|瞅|不在家|放心)"
)
_COMPANY = re.compile(r"^.{0,8}(?:都|均|全|也都)")
_CHILD_HOME = re.compile(
    r"(?:我家|俺家|咱家|我们家|俺们家|老师我家|俺|我|咱|我们|俺们)(?:的)?(?=(?:孩子|娃|宝|儿子|闺女|姑娘|女儿|大?孙|外孙|小子|丫头|\d\d|三十|也?正常|都?没|一切|也?都?好|体温|[一-龥]{0,4}\d\d[.度]))"
)
_SINGLE = re.compile(
    r"(?:(?<=[他她我俺娃其和跟与及、,，\s()])|^)(?:爸|妈|爹|娘|奶|爷|姥|哥|姐|弟|妹|父|母|姑|舅|姨|叔|婶|伯)(?![呀耶的妈爸呢祖粉瓶茶茶])|(?<=孩)(?:子)?[他她]?(?:爸|妈)|家长(?=的?(?:体温|温度))"
)
_LIVES_THERE = re.compile(
    r"(?:一起住|同住|住一起|住在一起|住一块|在我家|在家|住我家|共同生活|一个屋|一起生活|看孩子|带孩子)"
)
_LIVES_APART = re.compile(
    r"(?:自己单?过|自己住|单独住|单住|没在一起|不在一起|不住一起|没见|不见面|没来往|没回来|没接触|分开住|没回过|在外地|在老家|住养老院|在(?:他|她)?(?:们)?自己家|不跟我们|单过|没住一起|另住|一个多月没见|在(?!一起|一块|我|家|同)[一-龥]{2,3}住)"
)


def _is_place(word: Match, piece: Piece) -> bool:
    """Whether 家中 says where somebody is: it ends what the clause says, 现在沈阳家中."""
    clause = piece.clause_at(word.start)
    return clause is not None and clause.start < word.start and word.end == clause.end


_HOMES = frozenset(["家里", "家中"])
_OWN = frozenset(["本人", "他本人", "她本人", "他自己", "她自己"])
_OTHERS_CHILDREN = frozenset(["学生", "小朋友"])
_AT_HOME = {"household": Who.HOUSEHOLD, "kin": Who.KIN}
_ELSEWHERE = {"stranger": Who.OTHER, "animal": Who.OTHER, "we": Who.WE}
_HAN_BEFORE = re.compile(r"[一-龥]")
_WHOSE = frozenset("有跟和他她的个我们班")


def _kind_of(word: Match, piece: Piece) -> Who | None:
    """Whom a word stands for, None where it stands for nobody."""
    if word.value in _HOMES and _is_place(word, piece):
        return None
    if word.kind in _AT_HOME:
        return _AT_HOME[word.kind]
    if word.kind == "child":
        return _kind_of_child(word, piece)
    return _ELSEWHERE.get(word.kind) if _is_person(word, piece) else None


def _kind_of_child(word: Match, piece: Piece) -> Who:
    """Whom 孩子 or 本人 stands for: in a staff group a child is one at home, or a pupil."""
    if _CROWD_BEFORE.search(piece.norm, max(piece.start, word.start - 4), word.start):
        return Who.OTHER
    if piece.scene.kind is GroupKind.STAFF and word.value not in _OWN:
        return Who.OTHER if word.value in _OTHERS_CHILDREN else Who.HOUSEHOLD
    return Who.MEMBER


def _is_person(word: Match, piece: Piece) -> bool:
    """Whether a word stands for people, and not for a place or the end of a name: 小区, 李雷同学."""
    before = piece.norm[max(piece.start, word.start - 1) : word.start]
    if word.value == "同学" and _HAN_BEFORE.match(before) and before not in _WHOSE:
        return False
    return word.value not in _PLACE_LIKE or _OF_PLACE.match(piece.norm, word.end, piece.end) is not None


def _is_object(piece: Piece, start: int, end: int) -> bool:
    """Whether a word for a person stands beside the point: 他奶给的冻梨, 替王浩妈妈报."""
    norm = piece.norm
    before = norm[max(piece.start, start - 4) : start]
    if re.match("家(?:就|都|也)?在", norm[end : end + 4]):
        return False  # 姥姥家在沈阳
    if _OBJECT_BEFORE.search(before) or _OBJECT_BEHIND.match(norm, end, piece.end):
        return True
    if _AT_BEFORE.search(before) and norm.startswith(("家", "屋", "那"), end):
        return True
    if _WITH_WHOM.search(norm, max(piece.start, start - 18), start):
        return True
    return bool(_WITH_BEFORE.search(before)) and not _COMPANY.match(norm[end : end + 12])


_ME = frozenset(["我", "俺", "我自己", "我这老太太"])
_OWN_CHILD = re.compile("孩子|娃|宝|儿子|闺女|姑娘|女儿|大?孙|外孙|小子|丫头")
_FAR_KIN = "姑舅姨叔婶伯"


@dataclass(frozen=True, slots=True)
class _Voice:
    """Who writes a piece."""

    myself: tuple[Member, ...]  # the members that a writer is who reports on themselves
    parent_speaks: bool  # in a class group, of a child
    entry: bool  # in a line of a chain


def _voice(piece: Piece, speaker: Speaker, *, entry: bool) -> _Voice:
    """Who writes: in an entry that names others the writer is not its 我."""
    named = {member for mention in piece.mentions for member in mention.members}
    is_theirs = not entry or not named or bool(set(speaker.members) & named)
    myself = speaker.members if speaker.is_self and is_theirs else ()
    parent_speaks = piece.scene.kind is GroupKind.CLASS and not myself and not speaker.leads
    return _Voice(myself, parent_speaks, entry)


def subjects(piece: Piece, speaker: Speaker, *, entry: bool) -> list[Subject]:
    """All words for persons in the order of the text, those beside the point left out."""
    voice = _voice(piece, speaker, entry=entry)
    found: list[Subject] = []
    for clause in piece.clauses:
        for thing in clause.things:
            subject = None
            if isinstance(thing, Mention):
                subject = _of_mention(piece, thing)
            elif isinstance(thing, Match):
                has_owner = bool(found) and found[-1].end == thing.start  # 我妹妹一家: whose household has been said
                subject = None if thing.kind == "we" and has_owner else _of_word(piece, thing, voice)
            if subject is not None:
                found.append(subject)
    found.extend(_of_single_letters(piece, found))
    found.sort(key=lambda one: one.start)
    return found


def _of_word(piece: Piece, word: Match, voice: _Voice) -> Subject | None:
    """Whom a word of the lists brings into the text."""
    if word.kind == "me" or (word.kind == "we" and _CHILD_HOME.match(piece.norm, word.start, piece.end)):
        return _of_me(piece, word, voice)
    if word.value == "本人" and voice.parent_speaks and not voice.entry and not piece.mentions:
        return Subject(word.start, word.end, Who.HOUSEHOLD, me=True, word=word.value)
    who = _kind_of(word, piece)
    may_stand_aside = who is not Who.WE and word.value[0] not in "你您"
    if who is None or (may_stand_aside and _is_object(piece, word.start, word.end)):
        return None
    return Subject(word.start, word.end, who, word=word.value)


def _of_me(piece: Piece, word: Match, voice: _Voice) -> Subject | None:
    """我家孩子 is the child; 我 is the writer, unless they only act or stand beside the point: 我给量的."""
    norm = piece.norm
    home = _CHILD_HOME.match(norm, word.start, piece.end)
    if home is not None and (word.kind == "we" or _OWN_CHILD.match(norm, home.end())):
        return Subject(word.start, word.end, Who.MEMBER, word=word.value)
    acts = _ME_ACTS.match(norm, word.end) is not None or norm.endswith("在", 0, word.start)
    if word.value not in _ME or acts or _is_object(piece, word.start, word.end):
        return None
    who = Who.HOUSEHOLD if voice.parent_speaks else Who.MEMBER
    return Subject(word.start, word.end, who, voice.myself, me=True, word=word.value)


def _of_single_letters(piece: Piece, found: list[Subject]) -> list[Subject]:
    """The relatives named by one letter, 爸36.5, where nothing else was recognised."""
    taken = Taken(piece.end)
    for clause in piece.clauses:
        for thing in clause.things:
            if isinstance(thing, Match):
                taken.take(thing.start, thing.end)
    for one in found:
        taken.take(one.start, one.end)
    singles = []
    for match in _SINGLE.finditer(piece.norm, piece.start, piece.end):
        if not taken.touches(*match.span()) and not _is_object(piece, *match.span()):
            who = Who.KIN if match[0][-1] in _FAR_KIN else Who.HOUSEHOLD
            singles.append(Subject(match.start(), match.end(), who, word=match[0]))
    return singles


def only_met(piece: Piece, mention: Mention) -> bool:
    """Whether a named colleague or child is the one who was met: 昨晚跟谢师傅一块喝过酒."""
    norm = piece.norm
    if not piece.mentions or piece.mentions[0] is mention:
        return False
    before = norm[max(piece.start, mention.start - 3) : mention.start]
    return (
        re.search("(?:跟|和|与|同|碰见|遇见|看见)$", before) is not None
        and re.match("[^,。]{0,4}(?:一块|一起|吃|喝|玩|打|见)", norm[mention.end : mention.end + 10]) is not None
    )


def addressed(piece: Piece, mention: Mention) -> bool:
    """Whether somebody is only spoken to or of: 浩然妈你可吓我一跳, 刘主任我先报."""
    norm = piece.norm
    behind = norm[mention.relation_end : mention.relation_end + 4]
    if re.match("你|您", behind) or (
        mention.relation and re.match(r"\s*,?(?:你|您|辛苦|谢谢|好|早|放心|说|别)", behind)
    ):
        return True
    if (
        mention.rule == How.ADDRESS
        and re.match(r"\s*[,!:~]|\s*(?:我|你|您|早|好|辛苦|收到)", behind)
        and not re.match(r"\s*[,:]\s*(?:3|4|三十)", behind)
    ):
        return not norm[piece.start : mention.start].strip(" ,")
    return norm[max(piece.start, mention.start - 1) : mention.start] == "@"


def _of_mention(piece: Piece, mention: Mention) -> Subject | None:
    """Whom a name brings into the text, None where somebody is only spoken to."""
    if addressed(piece, mention):
        return None
    if only_met(piece, mention):
        return Subject(mention.start, mention.end, Who.KIN, word=piece.norm[mention.start : mention.end])
    return _of_name(piece, mention)


def _of_name(piece: Piece, mention: Mention) -> Subject:
    """A named member; with a relation behind the name in the middle of a text it is that relation who is meant."""
    behind = piece.norm[mention.relation_end : mention.relation_end + 1]
    at_head = not piece.norm[piece.start : mention.start].strip(" ,:;(老师好我是")
    label = at_head and (not behind or behind in " :,.;(36+-/" or behind.isdigit())
    if behind.isdigit() and _CHILD_MEASURED.search(piece.norm, mention.relation_end, piece.end):
        label = False  # 赫一鸣爸爸36.8 ... 孩子36.2
    introduces = (
        re.search(r"(?:我是|俺是|这是|我)$", piece.norm[max(piece.start, mention.start - 2) : mention.start])
        is not None
    )
    if mention.relation and not introduces and not label and mention.relation not in ("家长", "家人"):
        return Subject(
            mention.start, mention.relation_end, Who.HOUSEHOLD, mention.members, named=True, word=mention.relation
        )
    return Subject(mention.start, mention.end, Who.MEMBER, mention.members, named=True)


def lives_apart(piece: Piece, start: int, end: int) -> bool:
    """Whether the rest of the sentence, up to the next person, says that a relative lives elsewhere."""
    return _LIVES_APART.search(piece.sentence_from(start, end)) is not None


def lives_there(piece: Piece, start: int) -> bool:
    """Whether the rest of the sentence says that a relative lives with the child."""
    return _LIVES_THERE.search(piece.sentence_from(start)) is not None

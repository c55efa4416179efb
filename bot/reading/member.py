# ruff: noqa: E501 -- a row of a rule is read as one line
"""Who is meant: the members that a text names, and whose family or who themselves a nickname stands for."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from bot.reading.normalise import Text, normalise
from bot.reading.scene import Member, Scene
from bot.reading.words import load, one_of
from models.vocabulary import GroupKind, Role

_WORDS = load("people")
_RELATION = one_of(_WORDS["relations"])
_TITLE = re.compile(one_of(_WORDS["titles"]))
_ALSO_WORDS = frozenset(_WORDS["also_words"])
_AFTER_NAME = re.compile(rf"\s*+(?:\(\s*+)?(?:的|他|她|家)?(?:小名)?(?P<relation>{_RELATION})(?:代报|代填|代)?")
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦傅付方白邹孟熊秦邱丘江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮纪梅童凌毕单季裴霍涂成苗谷曲盛冉蓝路游辛靳管柴蒙鲍华喻祁房蒲滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井那富赫"
)


class How:
    """How a name was recognised, surest first."""

    NAME = "member.name"
    ALIAS = "member.alias"
    GIVEN = "member.given"
    PET = "member.pet"
    ADDRESS = "member.address"


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names members: one, or several who share the form (then nobody can tell which)."""

    members: tuple[Member, ...] = field(repr=False)
    start: int
    end: int  # in the normalised text; the relation after the name is not part of it
    rule: str
    relation: str = ""  # the word for a relation right after the name: 妈妈 in 李雷妈妈
    relation_end: int = 0  # where that word ends; equals `end` where there is none


@dataclass(frozen=True, slots=True)
class _Form:
    """A way of writing the name of a member."""

    letters: str
    members: tuple[Member, ...]
    rule: str


@dataclass(frozen=True)
class Roster:
    """The names of a scene's members, indexed for search."""

    by_first: dict[str, tuple[_Form, ...]]  # first letter -> forms, the longest first
    exact: dict[str, tuple[Member, ...]]  # full names and aliases
    by_account: dict[str, tuple[Member, ...]]
    pets: dict[str, tuple[Member, ...]]  # 雷雷, 小雷: only under a nickname with a relation
    by_surname: dict[str, tuple[Member, ...]]  # of a staff group: a surname that one member alone has


def plain(name: str) -> str:
    """A name as it is compared: normalised, without blanks."""
    return normalise(name).norm.replace(" ", "")


_COMPOUND = 2  # letters of a compound surname: 欧阳
_TWO_LETTERS = 2  # of a name that is sure enough, may be written with a blank, or doubles a letter
_SEVERAL_LETTERS = 3  # of a name in which one may be another and the rest still tells


def surname_length(name: str) -> int:
    """How many letters of a full name are the surname."""
    return _COMPOUND if len(name) > _COMPOUND and name.startswith(_WORDS["compound_surnames"]) else 1


@lru_cache(maxsize=65536)
def sound(name: str) -> tuple[str, ...]:
    """The syllables of a name without tone, with the endings and initials merged that the ear and the keyboard confuse."""
    syllables = lazy_pinyin(name, style=Style.NORMAL)
    return tuple(re.sub("(?<=[aei])ng$", "n", re.sub("^([zcs])h", r"\1", syllable)) for syllable in syllables)


def _index(forms: Iterable[tuple[str, Member]]) -> dict[str, tuple[Member, ...]]:
    """The members by what they are called, each once, in order."""
    found: dict[str, dict[Member, None]] = {}
    for letters, member in forms:
        found.setdefault(letters, {})[member] = None
    return {letters: tuple(holders) for letters, holders in found.items()}


def _pet_names(given: str) -> Iterator[str]:
    """What may stand for a given name before a relation: 雷雷, 小雷, 雷 for 雷."""
    for letter in dict.fromkeys(given):
        yield letter * 2
    if given:
        yield from ("小" + given[-1], given, given[-1])


@lru_cache(maxsize=1024)
def roster(scene: Scene) -> Roster:
    """The index over a scene's members."""
    members = scene.members
    names = [(plain(member.name), member) for member in members]
    given = [(name[surname_length(name) :], member) for name, member in names]
    aliases = _index((plain(alias), member) for member in members for alias in member.aliases)
    sure = _index((name, one) for name, one in given if len(name) >= _TWO_LETTERS and name not in _ALSO_WORDS)
    forms: dict[str, _Form] = {}
    for table, rule in ((_index(names), How.NAME), (aliases, How.ALIAS), (sure, How.GIVEN)):
        for letters, holders in table.items():
            if letters and letters not in forms:
                forms[letters] = _Form(letters, holders, rule)
    by_first: dict[str, list[_Form]] = {}
    for form in forms.values():
        by_first.setdefault(form.letters[0], []).append(form)
    is_staff = scene.kind is GroupKind.STAFF
    surnames = _index((name[0], member) for name, member in names if is_staff and surname_length(name) == 1)
    return Roster(
        by_first={first: tuple(sorted(some, key=lambda form: -len(form.letters))) for first, some in by_first.items()},
        exact={letters: form.members for letters, form in forms.items() if form.rule in (How.NAME, How.ALIAS)},
        by_account=_index((account, member) for member in members for account in member.accounts),
        pets=_index((pet, member) for name, member in given for pet in _pet_names(name)),
        by_surname={letter: holders for letter, holders in surnames.items() if len(holders) == 1},
    )


_GAP = re.compile(" {1,4}")


def _is_han(letter: str) -> bool:
    return "一" <= letter <= "\u9fff"


def _stands_free(norm: str, start: int, end: int, low: int, high: int) -> bool:
    """Whether a form that is also a word stands like a name: a border before it and a border or a value after it."""
    before = start == low or not _is_han(norm[start - 1])
    after = (
        end >= high
        or not _is_han(norm[end])
        or norm.startswith(("体温", "同学", "一切", "正常", "无", "没", "家长", "妈", "爸"), end)
    )
    return before and after


def _match(norm: str, position: int, form: _Form, low: int, high: int) -> int:
    """Where the form ends if it stands at `position` as a name, else -1."""
    end = position + len(form.letters)
    if not norm.startswith(form.letters, position):
        if len(form.letters) != _TWO_LETTERS or norm[position + 1 : position + 2] != " ":  # 王 浩
            return -1
        gap = _GAP.match(norm, position + 1, high)
        if gap is None or norm[gap.end() : gap.end() + 1] != form.letters[1] or form.rule == How.GIVEN:
            return -1
        end = gap.end() + 1
    if end > high:
        return -1
    if form.letters in _ALSO_WORDS and not _stands_free(norm, position, end, low, high):
        return -1
    if form.rule == How.GIVEN and position > low and norm[position - 1] in SURNAMES:
        before = position - 2
        if before < low or not _is_han(norm[before]):
            return -1  # 李浩然 where only 王浩然 is on the roster: somebody else
    return end


_ADDRESS = re.compile(one_of(_WORDS["staff_titles"]) + "(?!妹|家|们)")


def _with_relation(form: _Form, norm: str, start: int, end: int, high: int) -> Mention:
    after = _AFTER_NAME.match(norm, end, high)
    if after is None:
        return Mention(form.members, start, end, form.rule, "", end)
    return Mention(form.members, start, end, form.rule, after["relation"], after.end())


def _found(norm: str, low: int, high: int, index: Roster) -> Iterator[Mention]:
    position = low
    while position < high:
        if (
            norm[position] in "老小"
            and norm[position + 1 : position + 2] in index.by_surname
            and not _is_han(norm[position + 2 : position + 3] or " ")
        ):
            yield Mention(index.by_surname[norm[position + 1]], position, position + 2, How.ADDRESS, "", position + 2)
            position += 2
            continue
        address = _ADDRESS.match(norm, position + 1, high) if norm[position] in index.by_surname else None
        if address is not None:
            yield Mention(index.by_surname[norm[position]], position, address.end(), How.ADDRESS, "", address.end())
            position = address.end()
            continue
        for form in index.by_first.get(norm[position], ()):
            end = _match(norm, position, form, low, high)
            if end > 0:
                mention = _with_relation(form, norm, position, end, high)
                yield mention
                position = end - 1
                break
        position += 1


def mentions(text: Text, start: int, end: int, scene: Scene) -> tuple[Mention, ...]:
    """Where `text.norm[start:end]` names members by name, alias or given name, in order."""
    return tuple(_found(text.norm, start, end, roster(scene)))


# --- nicknames

_DECORATION = re.compile(r"[^一-龥A-Za-z·]")
_FAMILY = re.compile(rf"(?P<name>[一-龥]{{1,4}}?)(?:的|他|她|家)?{_RELATION}")
_STAFF_ADDRESS = re.compile(rf"(?P<surname>[一-龥]){one_of(_WORDS['staff_titles'])}$")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who posts: what nickname and confirmed account say of them."""

    nickname: str = field(repr=False)
    members: tuple[Member, ...] = field(repr=False)  # whose family (or who themselves) the speaker is; () where unknown
    is_self: bool  # the nickname is the member's own name or the member is staff: 我 is the member
    leads: bool  # a teacher of a class, or an organiser: their lists are prepared, their words mostly notices


def speaker(nickname: str, account: str | None, scene: Scene) -> Speaker:
    """Whose family, or who themselves, a sender is: a confirmed account first, then the nickname."""
    return _speaker(nickname, account, scene)


@lru_cache(maxsize=65536)
def _speaker(nickname: str, account: str | None, scene: Scene) -> Speaker:
    index = roster(scene)
    shown = normalise(nickname)
    has_relation = re.search(_RELATION, shown.norm) is not None
    if account is not None and account in index.by_account:
        members = index.by_account[account]
    else:
        members = _of_nickname(shown, scene, index)
    is_staff = bool(members) and all(member.role is not Role.STUDENT for member in members)
    titled = _TITLE.search(shown.norm) is not None and not (members and not is_staff)
    leads = scene.kind is GroupKind.CLASS and (is_staff or (titled and not has_relation))
    leads = leads or (scene.kind is GroupKind.STAFF and titled and not members)
    own_name = len(members) == 1 and not has_relation
    return Speaker(nickname, members, is_staff or own_name, leads)


def _of_nickname(shown: Text, scene: Scene, index: Roster) -> tuple[Member, ...]:
    bare = shown.norm.replace(" ", "")
    letters = _DECORATION.sub("", shown.norm)
    for key in (bare, letters):
        if len(index.exact.get(key, ())) == 1:
            return index.exact[key]
    named = [mention for mention in mentions(shown, 0, len(shown.norm), scene) if len(mention.members) == 1]
    if named:
        full = [mention for mention in named if mention.rule != How.GIVEN] or named
        return tuple(dict.fromkeys(mention.members[0] for mention in full))
    family = _FAMILY.search(letters)
    if family is not None:
        name = family["name"]
        for cut in range(len(name)):
            holders = index.pets.get(name[cut:], ())
            if len(holders) == 1:
                return holders
        return ()
    if len(letters) == _TWO_LETTERS and letters[0] == letters[1] and len(index.pets.get(letters, ())) == 1:
        return index.pets[letters]
    return _of_staff(letters, scene)


def _of_staff(letters: str, scene: Scene) -> tuple[Member, ...]:
    """The one colleague whom a surname with a form of address fits: 食堂冯师傅."""
    address = _STAFF_ADDRESS.search(letters)
    if address is None:
        return ()
    holders = [m for m in scene.members if m.role is not Role.STUDENT and plain(m.name).startswith(address["surname"])]
    return tuple(holders) if len(holders) == 1 else ()


def near(written: str, member: Member) -> bool:
    """Whether a written name is a homophone or a near typo of a member's: 李镭 for 李雷, 于阳 for 于洋."""
    name = plain(member.name)
    given = name[surname_length(name) :]
    for form in (name, given):
        if len(written) != len(form) or len(form) < _TWO_LETTERS or written == form:
            continue
        if sound(written) == sound(form):
            return True
        same = sum(a == b for a, b in zip(written, form, strict=True))
        if (
            len(form) >= _SEVERAL_LETTERS
            and same == len(form) - 1
            and sum(a != b for a, b in zip(sound(written), sound(form), strict=True)) <= 1
        ):
            return True
    return False

"""Who is meant: nicknames, accounts, and names in texts."""

from dataclasses import replace

import pytest

from bot.reading.member import mentions, near, speaker
from bot.reading.normalise import normalise
from bot.reading.scene import Scene
from models.vocabulary import GroupKind
from tests.reading.scenes import CLASS, STAFF


@pytest.mark.parametrize(
    ("nickname", "scene", "members", "is_self", "leads"),
    [
        ("李雷妈妈", CLASS, "李雷", False, False),
        ("李雷他奶", CLASS, "李雷", False, False),
        ("雷雷妈", CLASS, "李雷", False, False),
        ("雨桐爸", CLASS, "张雨桐", False, False),
        ("王子文王子武妈妈", CLASS, "王子文 王子武", False, False),
        ("子文子武妈妈", CLASS, "王子文 王子武", False, False),
        ("三班李雷家长", CLASS, "李雷", False, False),
        ("1号李雷", CLASS, "李雷", True, False),
        ("韩梅梅", CLASS, "韩梅梅", True, False),
        ("李雷妈妈+12300000014", CLASS, "李雷", False, False),
        ("韓梅梅媽媽", CLASS, "韩梅梅", False, False),
        ("班主任徐老师", CLASS, "", False, True),
        ("静待花开", CLASS, "", False, False),
        ("子轩妈妈", CLASS, "", False, False),
        ("食堂冯师傅", STAFF, "冯秀英", True, False),
        ("年级主任 李国栋", STAFF, "李国栋", True, False),
        ("二年组郝桂兰", STAFF, "郝桂兰", True, False),
    ],
)
def test_whose_family_a_nickname_is(nickname: str, scene: Scene, members: str, is_self: bool, leads: bool) -> None:  # noqa: FBT001 -- columns of the table
    found = speaker(nickname, None, scene)
    assert " ".join(member.name for member in found.members) == members
    assert (found.is_self, found.leads) == (is_self, leads)


def test_a_confirmed_account_goes_before_the_nickname() -> None:
    first = replace(CLASS.members[0], accounts=frozenset({"u1"}))
    scene = replace(CLASS, members=(first, *CLASS.members[1:]))
    assert speaker("韩梅梅妈妈", "u1", scene).members == (first,)


@pytest.mark.parametrize(
    ("text", "scene", "named"),
    [
        ("王子文36.5，王子武36.6", CLASS, "王子文 王子武"),
        ("雨桐36.5", CLASS, "张雨桐"),
        ("李 雷 36.5", CLASS, "李雷"),
        ("许多人都好", CLASS, ""),
        ("许多 36.5", CLASS, "许多"),
        ("李雨桐36.5", CLASS, ""),
        ("食堂郝姐36.5", STAFF, "郝桂兰"),
    ],
)
def test_whom_a_text_names(text: str, scene: Scene, named: str) -> None:
    norm = normalise(text)
    found = mentions(norm, 0, len(norm.norm), scene)
    assert " ".join(member.name for mention in found for member in mention.members) == named


def test_a_given_name_of_two_members_names_both() -> None:
    one, other = CLASS.members[4], replace(CLASS.members[4], id=9, name="李雨桐")
    scene = Scene("", GroupKind.CLASS, "", (one, other), CLASS.setting)
    norm = normalise("雨桐36.5")
    (mention,) = mentions(norm, 0, len(norm.norm), scene)
    assert mention.members == (one, other)


@pytest.mark.parametrize(
    ("written", "is_near"), [("李镭", True), ("李蕾", True), ("李雪", False), ("王雷", False), ("李雷", False)]
)
def test_a_homophone_is_near(written: str, is_near: bool) -> None:  # noqa: FBT001 -- columns of the table
    assert near(written, CLASS.members[0]) is is_near

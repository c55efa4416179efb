"""The digests, word for word, and that they fit however large a county is."""

import re

import pytest
from hypothesis import example, given, settings, strategies as st
from inline_snapshot import snapshot

from bot.messages import digest
from bot.messages.cutting import text_bytes
from bot.records.flags import FLAGS
from models.vocabulary import Flag
from tests.messages.facts import STAFF, Schools, at, bureau_facts, school_facts

SCHOOLS: Schools = {
    "第一初级中学": {"初一(1)班": (45, 45, 1), "初一(2)班": (44, 44, 0), STAFF: (151, 151, 0)},
    "城东小学": {"一(3)班": (0, 38, 0), "二(1)班": (0, 41, 0), "二(2)班": (40, 40, 0), STAFF: (92, 96, 0)},
    "河湾九年一贯制学校": {"七(1)班": (40, 41, 2), "七(2)班": (0, 44, 0)},
    "南门小学": {"一(1)班": (36, 36, 0), STAFF: (20, 20, 0)},
    "机关幼儿园": {STAFF: (9, 9, 0)},
}
YESTERDAY: Schools = {"第一初级中学": {"初一(1)班": (40, 45, 0), STAFF: (151, 151, 0)}}
ILL = {Flag.FEVER: 3, Flag.SYMPTOM: 10, Flag.FAMILY_ILL: 7, Flag.CONTACT_3: 6, Flag.ISOLATION: 4}


def test_bureau() -> None:
    facts = bureau_facts(SCHOOLS, ILL, inferred=5, yesterday=YESTERDAY, zero_confirmed=1)
    assert digest.bureau(facts, 32, at(11)) == snapshot("""\
【青溪县教育局】师生健康日报 第32号
2月20日 周四，截至11:00

学生 205/329，62.3%（昨天88.9%）
教职工 272/276，98.6%（昨天100%）
确认正常439，推断正常5，待核实3，未报128

有情况30人（学生/教职工）
发热3/0，有症状10/0，家人不适7/0，接触三类人员6/0，隔离观察4/0
没有：外出、接触一类人员、接触二类人员、接触外来人员

没报齐的学校2所（学生，教职工）
城东小学 40/119，92/96
河湾九年一贯制学校 40/85，—
报齐的学校3所（学生125，教职工180）：第一初级中学、南门小学、机关幼儿园
还没有消息的群3个：城东小学一(3)班、二(1)班，河湾九年一贯制学校七(2)班

零报告：2所学校无情况，已确认1

不含姓名，请勿转到家长群。\
""")


def test_bureau_of_a_day_when_all_is_well() -> None:
    facts = bureau_facts({name: SCHOOLS[name] for name in ("南门小学", "机关幼儿园")}, zero_confirmed=2)
    assert digest.bureau(facts, 33, at(11)) == snapshot("""\
【青溪县教育局】师生健康日报 第33号
2月20日 周四，截至11:00

学生 36/36，100%
教职工 29/29，100%
确认正常65，推断正常0，待核实0，未报0

有情况0人（学生/教职工）
没有：发热、有症状、家人不适、外出、接触一类人员、接触二类人员、接触三类人员、接触外来人员、隔离观察

报齐的学校2所（学生36，教职工29）：南门小学、机关幼儿园

零报告：2所学校无情况，已确认2

不含姓名，请勿转到家长群。\
""")


def test_bureau_before_anybody_is_known() -> None:
    assert digest.bureau(bureau_facts({}), 1, at(11)) == snapshot("""\
【青溪县教育局】师生健康日报 第1号
2月20日 周四，截至11:00

确认正常0，推断正常0，待核实0，未报0

有情况0人（学生/教职工）
没有：发热、有症状、家人不适、外出、接触一类人员、接触二类人员、接触三类人员、接触外来人员、隔离观察

零报告：0所学校无情况，已确认0

不含姓名，请勿转到家长群。\
""")


def test_bureau_of_a_day_gone_by() -> None:
    text = digest.bureau(bureau_facts(SCHOOLS), 32, at(15, 20, days=1))
    assert text.splitlines()[1] == "2月20日 周四，截至2月21日15:20"


def test_bureau_of_a_large_county_leaves_entries_out_and_no_number() -> None:
    schools = {
        f"第{number}九年一贯制寄宿学校": {
            f"{group}年级({number})班": (0 if group == 9 else 30, 30 + number % 2, 0) for group in range(1, 10)
        }
        for number in range(60)
    }
    assert digest.bureau(bureau_facts(schools, ILL), 1, at(11)) == snapshot("""\
【青溪县教育局】师生健康日报 第1号
2月20日 周四，截至11:00

学生 14400/16470，87.4%
确认正常14370，推断正常0，待核实0，未报2070

有情况30人（学生/教职工）
发热3/0，有症状10/0，家人不适7/0，接触三类人员6/0，隔离观察4/0
没有：外出、接触一类人员、接触二类人员、接触外来人员

没报齐的学校60所（学生，教职工）
第1九年一贯制寄宿学校 240/279，—
第3九年一贯制寄宿学校 240/279，—
第5九年一贯制寄宿学校 240/279，—
第7九年一贯制寄宿学校 240/279，—
第9九年一贯制寄宿学校 240/279，—
第11九年一贯制寄宿学校 240/279，—
第13九年一贯制寄宿学校 240/279，—
第15九年一贯制寄宿学校 240/279，—
第17九年一贯制寄宿学校 240/279，—
第19九年一贯制寄宿学校 240/279，—
第21九年一贯制寄宿学校 240/279，—
第23九年一贯制寄宿学校 240/279，—
第25九年一贯制寄宿学校 240/279，—
第27九年一贯制寄宿学校 240/279，—
第29九年一贯制寄宿学校 240/279，—
等60所
还没有消息的群60个：第0九年一贯制寄宿学校9年级(0)班，第1九年一贯制寄宿学校9年级(1)班，第2九年一贯制寄宿学校9年级(2)班，第3九年一贯制寄宿学校9年级(3)班，第4九年一贯制寄宿学校9年级(4)班，第5九年一贯制寄宿学校9年级(5)班，第6九年一贯制寄宿学校9年级(6)班，第7九年一贯制寄宿学校9年级(7)班，第8九年一贯制寄宿学校9年级(8)班，第9九年一贯制寄宿学校9年级(9)班，第10九年一贯制寄宿学校9年级(10)班，第11九年一贯制寄宿学校9年级(11)班，第12九年一贯制寄宿学校9年级(12)班，第13九年一贯制寄宿学校9年级(13)班，第14九年一贯制寄宿学校9年级(14)班等60个群

零报告：0所学校无情况，已确认0

不含姓名，请勿转到家长群。\
""")


def test_school() -> None:
    facts = school_facts("城东小学", {"三(1)班": (40, 40, 2), **SCHOOLS["城东小学"]}, ILL)
    assert digest.school(facts, 12, at(11)) == snapshot("""\
【城东小学】师生健康日报 第12号
2月20日 周四，截至11:00

学生 80/159，50%
教职工 92/96，96%
待核实2，未报83

没报齐或有待核实的班4个
二(1)班 0/41
一(3)班 0/38
教职工群 92/96
三(1)班 40/40，待核实2
报齐的班1个：二(2)班
还没有消息的班2个：一(3)班、二(1)班

不含姓名，请勿转到家长群。\
""")


def test_school_when_all_are_in() -> None:
    assert digest.school(school_facts("南门小学", SCHOOLS["南门小学"]), 13, at(11)) == snapshot("""\
【南门小学】师生健康日报 第13号
2月20日 周四，截至11:00

学生 36/36，100%
教职工 20/20，100%
待核实0，未报0

报齐的班2个：一(1)班、教职工群

不含姓名，请勿转到家长群。\
""")


@pytest.mark.parametrize("flag", Flag)
def test_every_flag_is_a_kind_of_the_bureau_and_nothing_for_a_school(flag: Flag) -> None:
    label = next(row.label for row in FLAGS if row.flag is flag)
    of_bureau = digest.bureau(bureau_facts(SCHOOLS, {flag: 2}), 1, at(11))
    assert f"有情况2人（学生/教职工）\n{label}2/0\n没有：" in of_bureau
    assert all(row.label in of_bureau for row in FLAGS)
    of_school = digest.school(school_facts("城东小学", {"二(2)班": (40, 40, 0)}, {flag: 2}), 1, at(11))
    assert of_school == digest.school(school_facts("城东小学", {"二(2)班": (40, 40, 0)}), 1, at(11))


NAME = st.text(st.sampled_from("县第一二三实验中心寄宿九年制学校𠮷ab(·"), min_size=1, max_size=60)
COUNTS = st.tuples(st.sampled_from((0, 29, 30)), st.sampled_from((30, 31)), st.just(0))


def spread(names: list[str], groups: list[str], counts: list[tuple[int, int, int]]) -> Schools:
    """Schools of these names, each with these groups."""
    return {
        f"{name}{number}": {
            f"{group}{place}": counts[(number + place) % len(counts)] for place, group in enumerate(groups)
        }
        for number, name in enumerate(names)
    }


COUNTIES = st.builds(
    spread,
    st.integers(0, 60).flatmap(lambda schools: st.lists(NAME, min_size=schools, max_size=schools)),
    st.lists(NAME, min_size=1, max_size=8),
    st.lists(COUNTS, min_size=1, max_size=7),
)
LARGEST: Schools = {
    f"县第{number:02}九年一贯制寄宿学校（原第二实验中心校南校区）北部": {
        f"{group:02}年级寄宿部第二宿舍楼甲组和乙组（含走读和借读的学生）": (10, 999, 5) if group % 3 else (0, 999, 0)
        for group in range(40)
    }
    for number in range(60)
}


@settings(max_examples=100)
@given(COUNTIES)
@example(LARGEST)
def test_a_digest_fits_and_keeps_its_numbers(schools: Schools) -> None:
    facts = bureau_facts(schools, county="县" * 60)
    text = digest.bureau(facts, 12_345, at(11))
    assert text_bytes(text) <= digest.MOST_BYTES
    people = facts.today.people
    for words in (
        f"确认正常{people.stated}，推断正常{people.inferred}，待核实{people.review}，未报{people.missing}",
        f"有情况{people.flagged}人",
        f"零报告：{sum(one.zero for one in facts.schools)}所学校无情况",
    ):
        assert words in text
    behind = sum(not one.complete for one in facts.schools)
    assert (f"没报齐的学校{behind}所" in text) is (behind > 0)
    assert text.endswith("不含姓名，请勿转到家长群。")
    for name, groups in schools.items():
        assert text_bytes(digest.school(school_facts(name, groups), 1, at(11))) <= digest.MOST_BYTES


def test_a_list_is_cut_between_its_entries() -> None:
    text = digest.bureau(bureau_facts(LARGEST), 1, at(11))
    assert re.search(r"\n等60所\n", text)
    for line in text.split("没报齐的学校60所（学生，教职工）\n")[1].split("\n等60所\n")[0].splitlines():
        assert re.fullmatch(r"县第\d\d九年一贯制寄宿学校（原第二实验中心校南校区）北部 260/39960，—", line)

"""What day and what place words mean."""

from datetime import date

import pytest

from bot.reading.day import days
from bot.reading.place import Where, places
from tests.reading.scenes import HOME

TODAY = date(2020, 2, 20)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("昨天", "2020-02-19"),
        ("前天", "2020-02-18"),
        ("2月18日", "2020-02-18"),
        ("18号的", "2020-02-18"),
        ("12月份", "2019-12-31"),
        ("正月初四", "2020-01-28"),
        ("腊月二十八", "2020-01-22"),
        ("除夕", "2020-01-24"),
        ("大年三十", "2020-01-24"),
        ("周一", "2020-02-17"),
        ("去年", "2019-12-31"),
        ("2.19 36.3", "2020-02-19"),
        ("38号王浩", None),
        ("初二(3)班", None),
        ("姐姐(初三)", None),
        ("三十六度五一切正常", None),
    ],
)
def test_the_day_that_words_name(words: str, day: str | None) -> None:
    found = [str(word.day) for word in days(words, 0, len(words), TODAY)]
    assert found == ([day] if day else [])


@pytest.mark.parametrize(
    ("words", "name", "where"),
    [
        ("去沈阳姥姥家", "沈阳市", Where.AWAY),
        ("从湖北黄冈回来", "黄冈市", Where.RISK),
        ("辽源东丰我爷家", "东丰县", Where.AWAY),
        ("去铁岭取东西", "铁岭市", Where.CITY),
        ("铁岭昌图", "昌图县", Where.HOME),
        ("去开原看牙", "开原市", Where.CITY),
        ("从无锡回来", "无锡市", Where.AWAY),
        ("老四平镇", None, None),
        ("沈阳路", None, None),
        ("一家平安", None, None),
        ("武汉加油", None, None),
        ("从台北回来", "台北市", Where.AWAY),
    ],
)
def test_the_place_that_words_name(words: str, name: str | None, where: Where | None) -> None:
    found = [(one.place.name, one.where) for one in places(words, 0, len(words), HOME)]
    assert found == ([(name, where)] if name else [])

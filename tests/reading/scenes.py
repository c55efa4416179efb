"""A class and a staff group to read in, and the short way to read a text there."""

from datetime import date, datetime

from bot.reading.member import speaker
from bot.reading.normalise import normalise
from bot.reading.outcome import Frame, Report
from bot.reading.report import read_report
from bot.reading.scene import Member, Scene, Setting
from models.vocabulary import GroupKind, Role

HOME = Setting("昌图县", "铁岭市", "辽宁省", date(2020, 1, 20), ("武汉市", "湖北省"))
PUPILS = ("李雷", "韩梅梅", "王子文", "王子武", "张雨桐", "许多")
CLASS = Scene(
    "三年二班",
    GroupKind.CLASS,
    "实验小学",
    tuple(Member(number, name, Role.STUDENT) for number, name in enumerate(PUPILS)),
    HOME,
)
STAFF = Scene(
    "教职工群",
    GroupKind.STAFF,
    "实验小学",
    tuple(Member(number, name, Role.TEACHER) for number, name in enumerate(("冯秀英", "郝桂兰", "李国栋"))),
    HOME,
)
MORNING = datetime.fromisoformat("2020-02-20T07:30:00+08:00")


def read(
    text: str,
    nickname: str,
    scene: Scene = CLASS,
    *,
    entry: bool = False,
    questions: tuple[str, ...] = (),
    at: datetime = MORNING,
) -> Report:
    """What a text says that somebody with this nickname posts."""
    norm = normalise(text)
    return read_report(
        norm,
        0,
        len(norm.norm),
        speaker=speaker(nickname, None, scene),
        frame=Frame(questions),
        entry=entry,
        at=at,
        scene=scene,
    )

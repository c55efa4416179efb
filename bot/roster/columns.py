"""The columns of a roster file: what the import reads, the template offers and the documentation explains."""

from dataclasses import dataclass

SEPARATOR = "、"  # between several values of one cell


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its heading, what to fill in, and whether every row needs a value in it."""

    title: str
    meaning: str
    example: str
    needed: bool = False


COLUMNS = (
    Column("学校", "学校全称；还没有的学校会自动建立", "演示县第一小学", needed=True),
    Column("班级", "班级或教职工群的名称；还没有的会自动建立", "三年二班", needed=True),
    Column("姓名", "成员姓名", "张小满", needed=True),
    Column("身份", "学生、教师 或 职工", "学生", needed=True),
    Column("别名", "群昵称、小名，几个之间用顿号（、）隔开", "满满、小满妈"),
    Column("学号", "全国学籍号或全县不重复的学号；同群同名的两个人必须填；不要填班内座号", "DEMO20200101"),
    Column("工号", "教职工在全县不重复的工号；一位老师在几个群里时，每行都填就算同一人", ""),
    Column("家长姓名", "几位之间用顿号（、）隔开", "张大满"),
    Column("家长电话", "顺序与家长姓名相同，用顿号（、）隔开", ""),
    Column("群类型", "班级 或 教职工；不填时，没有学生的群算教职工群", "班级"),
    Column("班主任", "在老师那一行填 是，或在任何一行填班主任的姓名", ""),
    Column("平台账号", "替这名成员报平安的微信或企业微信账号，几个之间用顿号（、）隔开", ""),
    Column("联系电话", "成员本人的电话", ""),
    Column("性别", "男 或 女", "女"),
    Column("出生日期", "写成 2011-05-04 这样", "2011-05-04"),
    Column("宿舍", "住校生的宿舍", ""),
    Column("加入日期", "从哪一天起是成员；不填就是一直都是", ""),
    Column("离开日期", "最后一天；不填就是还在", ""),
)
TITLES = tuple(column.title for column in COLUMNS)
NEEDED = tuple(column.title for column in COLUMNS if column.needed)

"""What the import says of a roster file: each remark names the row, what is wrong and what to do about it.

An error refuses the whole file, a warning does not. Remarks name rows and columns, never a person.
"""

from dataclasses import dataclass
from enum import StrEnum


class Problem(StrEnum):
    """What is wrong with a row; SENTENCES says it in words."""

    NO_COLUMN = "no_column"
    COLUMN_TWICE = "column_twice"
    NO_VALUE = "no_value"
    NO_ROWS = "no_rows"
    TOO_MANY_CELLS = "too_many_cells"
    UNKNOWN_ROLE = "unknown_role"
    UNKNOWN_KIND = "unknown_kind"
    UNKNOWN_SEX = "unknown_sex"
    NOT_A_DATE = "not_a_date"
    DATES_REVERSED = "dates_reversed"
    NOT_A_PHONE = "not_a_phone"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    ERROR_VALUE = "error_value"
    DIGITS_LOST = "digits_lost"
    TWO_NUMBERS = "two_numbers"
    HOMEROOM_STUDENT = "homeroom_student"
    SAME_NAME = "same_name"
    SAME_NAME_THERE = "same_name_there"
    ROW_DIFFERS = "row_differs"
    NUMBER_OF_ANOTHER = "number_of_another"
    NUMBER_TAKEN = "number_taken"
    HISTORY_THERE = "history_there"
    PERSON_DIFFERS = "person_differs"
    KIND_DIFFERS = "kind_differs"
    UNKNOWN_COLUMN = "unknown_column"
    ROW_TWICE = "row_twice"
    OTHER_SHEETS = "other_sheets"
    ALIAS_SEPARATOR = "alias_separator"
    NO_SUCH_HOMEROOM = "no_such_homeroom"
    STAFF_TWICE = "staff_twice"
    CLASS_TWICE = "class_twice"
    RENAMED = "renamed"


SENTENCES = {
    Problem.NO_COLUMN: "表头缺少“{}”列",
    Problem.COLUMN_TWICE: "表头有两个“{}”列，请只留一个",
    Problem.NO_VALUE: "“{}”不能为空",
    Problem.NO_ROWS: "表头下面没有任何成员",
    Problem.TOO_MANY_CELLS: "格子比表头多，请检查是否多了逗号",
    Problem.UNKNOWN_ROLE: "“身份”只能填 学生、教师 或 职工",
    Problem.UNKNOWN_KIND: "“群类型”只能填 班级 或 教职工",
    Problem.UNKNOWN_SEX: "“性别”只能填 男 或 女",
    Problem.NOT_A_DATE: "“{}”不是日期，请写成 2020-02-19 这样",
    Problem.DATES_REVERSED: "“离开日期”早于“加入日期”",
    Problem.NOT_A_PHONE: "“{}”不是电话号码",
    Problem.TOO_LONG: "“{}”太长",
    Problem.CONTROL_CHARACTER: "“{}”里有换行或看不见的控制字符，请删去",
    Problem.ERROR_VALUE: "“{}”是表格公式的错误值，请改成实际内容",
    Problem.DIGITS_LOST: "“{}”的末尾数字已被 Excel 改掉，请把这一列设为文本格式后重新填写",
    Problem.TWO_NUMBERS: "“学号”和“工号”只能填一个",
    Problem.HOMEROOM_STUDENT: "学生不能是班主任；“班主任”列请在老师那一行填 是，或填班主任的姓名",
    Problem.SAME_NAME: "与第 {} 行同群同名，没有学号无法区分；"
    "若是两个人请给每人填学号（教职工填工号），若是同一人请删去一行",
    Problem.SAME_NAME_THERE: "群里已有几个同名的成员，没有学号无法区分，请填学号（教职工填工号）",
    Problem.ROW_DIFFERS: "与第 {} 行是同一人但内容不同，请合并成一行",
    Problem.NUMBER_OF_ANOTHER: "学号与第 {} 行相同，姓名却不同；学号在全县不能重复，班内座号请不要填在学号列",
    Problem.NUMBER_TAKEN: "学号已登记为另一个姓名的人；请核对学号，班内座号请不要填在学号列",
    Problem.HISTORY_THERE: "学号属于别的群里的同名成员，而本群同名的成员已有健康记录，"
    "导入不能把两人合成一人；请去掉这一行的学号",
    Problem.PERSON_DIFFERS: "与第 {} 行学号相同，“{}”却不同",
    Problem.KIND_DIFFERS: "“群类型”与第 {} 行不同，一个群只能有一种",
    Problem.UNKNOWN_COLUMN: "不认识“{}”列，没有读",
    Problem.ROW_TWICE: "与第 {} 行完全相同，只算一次",
    Problem.OTHER_SHEETS: "只读第一张工作表，另外 {} 张有内容的没有读",
    Problem.ALIAS_SEPARATOR: "“{}”里有逗号或分号；几个值之间请用顿号（、）隔开",
    Problem.NO_SUCH_HOMEROOM: "“班主任”的姓名不在这个群的教师里，没有登记",
    Problem.STAFF_TWICE: "与第 {} 行同校同名，没有工号，按两个人处理；若是同一人请给两行填同一个工号",
    Problem.CLASS_TWICE: "这名学生还在另一个班；若已转班，请在原班那一行填“离开日期”",
    Problem.RENAMED: "学号已登记为另一个姓名的本群成员，姓名将改为表里的",
}

WARNINGS = frozenset(
    {
        Problem.UNKNOWN_COLUMN,
        Problem.ROW_TWICE,
        Problem.OTHER_SHEETS,
        Problem.ALIAS_SEPARATOR,
        Problem.NO_SUCH_HOMEROOM,
        Problem.STAFF_TWICE,
        Problem.CLASS_TWICE,
        Problem.RENAMED,
    }
)


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """A problem of a row; rows count as in the spreadsheet, blank ones included."""

    row: int
    problem: Problem
    details: tuple[str | int, ...] = ()  # what SENTENCES leaves open: a column, another row, a number

    @property
    def is_error(self) -> bool:
        """Whether the file is refused because of it."""
        return self.problem not in WARNINGS

    @property
    def sentence(self) -> str:
        """What the operator reads."""
        return f"第 {self.row} 行：{SENTENCES[self.problem].format(*self.details)}"

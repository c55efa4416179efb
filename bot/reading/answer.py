"""Answers to questions: 无, 否 and 是 behind a label or in the place that a heading gives them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reading.words import load
from models.vocabulary import ContactClass, Experiencer

_NO = frozenset(load("cues")["answers_no"])
_YES = frozenset(load("cues")["answers_yes"])


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is about; the classes of contact that it names, () where it asks of contact at large."""

    fever: bool = False
    symptom: bool = False
    travel: bool = False
    contact: bool = False
    classes: tuple[ContactClass, ...] = ()
    isolation: bool = False
    location: bool = False
    experiencer: Experiencer = Experiencer.PERSON

    @property
    def anything(self) -> bool:
        """Whether the question is one of health at all."""
        return self.fever or self.symptom or self.travel or self.contact or self.isolation or self.location


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, the range of its label in the text (empty for one of the heading), and of its answer."""

    asked: Asked
    label_start: int
    label_end: int
    start: int
    end: int
    yes: bool | None  # None: answered in words of its own


_FEVER = re.compile("发热|发烧|低烧|高烧|体温异常")
_SYMPTOM = re.compile("咳嗽|乏力|症状|不适|腹泻|呕吐|感冒|异常|头痛|头疼|咽痛|流涕|鼻塞|呼吸|不舒服|嗓子|皮疹")
_TRAVEL = re.compile(
    "外出|离开|出县|出市|出省|旅居|去过|到过|出过|离县|离市|行程|外地返|出行|离[一-龥]{1,3}$|旅行|返[回校乡]"
)
_CONTACT = re.compile("接触|碰过面|密接|见过|来访|往来|亲友|返乡人员|来人")
_ISOLATION = re.compile("隔离|医学观察")
_LOCATION = re.compile("所在地|现居|居住地|在哪|地址|去向|住址|目前位置|现住|现在地|居住|现在位置|位置|地点")
_HOUSEHOLD = re.compile("家人|家属|同住|家庭成员|共同居住|家里人|家长|父母")
_STATE = re.compile("身体|健康|状况|情况|状态")
_NOT_ASKED = re.compile(
    "姓名|名字|体温|温度|学号|班级|电话|手机|备注|日期|座号|序号|身份证|监护人|性别|年龄|签名|学校|体重|身高|原因|时间"
)


def asked(label: str) -> Asked:
    """What a label asks."""
    contact = bool(_CONTACT.search(label))
    classes: list[ContactClass] = []
    if contact:
        if re.search("武汉|湖北|疫区|风险|重点地区|疫情", label):
            classes.append(ContactClass.ONE)
        if re.search("确诊|疑似|密接|密切接触|病例|阳性", label):
            classes.append(ContactClass.TWO)
        if re.search("境外|入境|国外", label):
            classes.append(ContactClass.THREE)
        if re.search("外来|外地|外县|县外|外省|省外|返乡", label) and not re.search("三类", label):
            classes.append(ContactClass.OUTSIDER)
        for number, kind in (("一", ContactClass.ONE), ("二", ContactClass.TWO), ("三", ContactClass.THREE)):
            if re.search(f"第{number}类|(?<!三){number}类(?!人员)" if number != "三" else "第三类", label):
                classes.append(kind)
    return Asked(
        fever=bool(_FEVER.search(label)),
        symptom=bool(_SYMPTOM.search(label)),
        travel=bool(_TRAVEL.search(label)) and not contact,
        contact=contact,
        classes=tuple(dict.fromkeys(classes)) if len(set(classes)) == 1 else (),
        isolation=bool(_ISOLATION.search(label)),
        location=bool(_LOCATION.search(label)) and not _TRAVEL.search(label),
        experiencer=Experiencer.HOUSEHOLD
        if _HOUSEHOLD.search(label) and not re.search("本人|学生|孩子", label)
        else Experiencer.PERSON,
    )


def bare(words: str) -> bool | None:
    """Whether words are a bare yes or a bare no; None where they are neither."""
    words = words.strip(" ,.。;:!、()-\"'")
    if words in _YES:
        return True
    if words in _NO:
        return False
    return None


_LABEL = re.compile(
    r"(?P<label>[^:\n;。!?()√×☑□①-⑳/]{0,39}?[^:\s;。!?()√×☑□①-⑳/])\s*+:\s*(?P<answer>[^:\n;。]{0,200}?)"
    r"(?=\s{0,8}(?:[\n;。]|$)|[,\s]{1,8}[^:,;。\n\s]{2,24}\s{0,8}:)"
)
_ASKS = re.compile(
    r"(?P<label>(?:是否|有无|有没有|是不是)[^:,;。\n\s(]{1,30}?)\s*[:\s]\s*(?P<answer>否|无|没有|是|有|不是|√|×)(?=[\s,;。(]|$)"
)
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮"


_LONGEST_LABEL = 14  # letters of a label that is no question of its own


def labelled(norm: str, start: int, end: int) -> Iterator[Answer]:
    """The answers that stand behind their labels: 发热：无, 是否离开本县 否."""
    seen: list[tuple[int, int]] = []
    for pattern in (_LABEL, _ASKS):
        for match in pattern.finditer(norm, start, end):
            label = match["label"]
            low, high = match.span("label")
            if any(low < b and a < high for a, b in seen):
                continue
            question = re.search(r"是否|有无|有没有|是不是", label)
            if "," in label and not question:
                low += label.rfind(",") + 1
                label = norm[low:high]
            cut = re.search(r"(?:3[4-9]|4[0-2])[.,度]\d\s*[度°C]*\s*", label)
            if cut is not None:
                low += cut.end()
                label = norm[low:high]
            about = asked(label)
            if (not about.anything and not _STATE.search(label)) or (len(label) > _LONGEST_LABEL and not question):
                continue
            seen.append((low, match.end()))
            words = re.split(r"[,(\s]", match["answer"], maxsplit=1)[0]
            yield Answer(about, low, high, match.start("answer"), match.end("answer"), bare(words))


def masked(norm: str, answers: list[Answer]) -> str:
    """The text with the words of its questions blanked out: they are no statements. Lengths stay."""
    for answer in answers:
        if answer.label_end - answer.label_start <= 1:
            continue
        low = answer.label_start
        question = re.search(r"是否|有无|有没有|是不是", norm[low : answer.label_end])
        if question:
            low += question.start()
        stop = norm.find(":", answer.label_end, answer.start)
        high = stop + 1 if stop >= 0 else answer.label_end
        norm = norm[:low] + " " * (high - low) + norm[high:]
    return norm


def columns(questions: tuple[str, ...]) -> list[Asked]:
    """The questions of a heading that want an answer beside name and temperature, in order."""
    return [asked(label) for label in questions if not _NOT_ASKED.search(label) or asked(label).anything]


_CELL = re.compile(r"[^,、/|\s;。\n-]+(?:\([^)]*\))?")
_GLUED = re.compile("(?:无|否|是|有){2,6}")  # 无否否: an answer a letter


def _circled(norm: str, circled: list[int], end: int, questions: tuple[str, ...]) -> Iterator[Answer]:
    """The answers behind circled numbers: ①李雷②36.5③无."""
    for at, to in zip(circled, [*circled[1:], end], strict=True):
        number = _CIRCLED.index(norm[at])
        about = asked(questions[number]) if number < len(questions) else Asked()
        if about.anything:
            words = re.split(r"[,(\s]", norm[at + 1 : to].strip(), maxsplit=1)[0]
            yield Answer(about, at, at + 1, at + 1, to, bare(words))


def positional(
    norm: str, start: int, end: int, questions: tuple[str, ...], taken: list[tuple[int, int]]
) -> Iterator[Answer]:
    """The answers that stand in the order of the heading's questions.

    `taken`: the ranges of names and temperatures, which are no answers.
    """
    circled = [position for position in range(start, end) if norm[position] in _CIRCLED]
    if circled and len(questions) > 1:
        yield from _circled(norm, circled, end, questions)
        return
    wanted = columns(questions)
    if not wanted:
        return
    cells = _cells(norm, start, end, taken, len(wanted))
    for about, (at, to, yes) in zip(wanted, cells, strict=False):
        if yes is not None or about.location or about.travel:
            yield Answer(about, at, at, at, to, yes)


def _cells(
    norm: str, start: int, end: int, taken: list[tuple[int, int]], most: int
) -> list[tuple[int, int, bool | None]]:
    """The first `most` cells behind name and temperature: start, end, and whether it says yes."""
    cells: list[tuple[int, int, bool | None]] = []
    low = max((high for _, high in taken), default=start)
    for match in _CELL.finditer(norm, start, end):
        if len(cells) >= most:
            break
        at, to = match.span()
        if any(at < b and a < to for a, b in taken):
            at = max(b for a, b in taken if a < to and at < b)
            if at >= to:
                continue
        words = norm[at:to].split("(", maxsplit=1)[0]
        if _GLUED.fullmatch(words):
            cells.extend((at + step, at + step + 1, words[step] in "是有") for step in range(len(words)))
        elif words.strip("()。.,:") and at >= min(low, at):
            cells.append((at, to, bare(words)))
    return cells[:most]

"""`jielong replay`: corpus cases -> what the reader makes of them. Needs no database and no secret."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import click
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from tqdm import tqdm

from bot.cli.chinese import Command
from bot.intake.mask import masked
from bot.reading.fold import fold
from bot.reading.order import natural
from bot.reading.scene import Member, Message, Scene, Setting
from bot.reading.statement import Reading
from bot.records.merge import Day, merge
from models.vocabulary import GroupKind, Role

Name = Annotated[str, Field(min_length=1)]


class CaseMember(BaseModel):
    """A member as a case lists it."""

    model_config = ConfigDict(hide_input_in_errors=True)
    name: Name = Field(repr=False)
    role: Role
    aliases: list[str] = Field(default=[], repr=False)


class CaseGroup(BaseModel):
    """The group of a case."""

    model_config = ConfigDict(hide_input_in_errors=True)
    name: str
    kind: GroupKind
    school: str
    members: list[CaseMember]


class CaseMessage(BaseModel):
    """A message of a case."""

    model_config = ConfigDict(hide_input_in_errors=True)
    id: Name
    at: AwareDatetime
    sender: str = Field(repr=False)
    text: str = Field(repr=False)


class CaseSetting(BaseModel):
    """What a case calls home and risk."""

    model_config = ConfigDict(hide_input_in_errors=True)
    home_county: str
    home_city: str
    home_province: str
    since: date
    risk_areas: list[str] = []


class Case(BaseModel):
    """One group over one or more days; labels and tags are ignored."""

    model_config = ConfigDict(hide_input_in_errors=True)
    id: Name
    setting: CaseSetting
    group: CaseGroup
    messages: list[CaseMessage]

    def scene(self) -> Scene:
        """The case's group; a member's id is its place in the list, from 0."""
        members = tuple(
            Member(id=place, name=member.name, role=member.role, aliases=tuple(member.aliases))
            for place, member in enumerate(self.group.members)
        )
        setting = self.setting
        return Scene(
            group=self.group.name,
            kind=self.group.kind,
            school=self.group.school,
            members=members,
            setting=Setting(
                setting.home_county,
                setting.home_city,
                setting.home_province,
                setting.since,
                tuple(setting.risk_areas),
            ),
        )

    def heard(self) -> Iterator[Message]:
        """The case's messages as the reader gets them: masked, as they would be stored."""
        for message in self.messages:
            yield Message(id=message.id, at=message.at, sender=message.sender, account=None, text=masked(message.text))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the reader makes of a case."""

    days: Mapping[date, Mapping[int, Day]]  # day -> member's place -> record; who has none is not in it
    review: tuple[str, ...]  # ids of messages that wait for a person, in natural order


def outcome(messages: Sequence[Message], scene: Scene) -> Outcome:
    """Read all messages of a group and merge what they say, a record a member and day."""
    told = fold(messages, scene)
    return Outcome(days_of(told.readings), tuple(sorted({unclear.message for unclear in told.unclear}, key=natural)))


def days_of(readings: Sequence[Reading]) -> dict[date, dict[int, Day]]:
    """The records that readings of one group make."""
    apart: dict[tuple[date, int], list[Reading]] = {}
    for reading in readings:
        apart.setdefault((reading.day, reading.member), []).append(reading)
    days: dict[date, dict[int, Day]] = {}
    for (day, member), some in sorted(apart.items()):
        record = merge(some)
        if record is not None:
            days.setdefault(day, {})[member] = record
    return days


def as_json(case: Case, result: Outcome) -> dict[str, object]:
    """An outcome as the scorer reads it."""
    names = [member.name for member in case.group.members]
    return {
        "id": case.id,
        "records": {
            day.isoformat(): {
                names[member]: {
                    "temperature": None if record.temperature is None else float(record.temperature),
                    "flags": sorted(record.flags),
                    "places": list(record.places),
                }
                for member, record in records.items()
            }
            for day, records in result.days.items()
        },
        "review": list(result.review),
    }


class BadCases(click.ClickException):
    """A file that is none of corpus cases."""

    exit_code = 2

    def show(self, file: object = None) -> None:  # noqa: ARG002
        """One Chinese sentence on stderr."""
        click.echo(self.message, err=True)


def load(path: Path) -> list[Case]:
    """The cases of a file. Raises BadCases with the line that cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadCases(f"文件 {path.name} 不是 UTF-8 编码，无法读取。") from error
    except OSError as error:
        raise BadCases(f"无法打开文件 {path}。") from error
    cases = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            cases.append(Case.model_validate_json(line))
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "JSON"
            raise BadCases(f"文件 {path.name} 第 {number} 行不是有效的语料（{where}）。") from error
    return cases


_HELP = """读语料文件（JSONL，一行一个群），每个群输出一行 JSON：每人每天的健康记录和待核实的消息。

\b
例：
  jielong replay cases.jsonl > output.jsonl
"""


@click.command(cls=Command, help=_HELP, short_help="读语料文件，看解读的结果")
@click.argument("cases", type=click.Path(path_type=Path))
def replay(cases: Path) -> None:
    """Print a JSON object a case, in the order of the file."""
    for case in tqdm(load(cases), desc="读取", unit="群", file=sys.stderr, disable=not sys.stderr.isatty()):
        result = outcome(list(case.heard()), case.scene())
        click.echo(json.dumps(as_json(case, result), ensure_ascii=False))

"""The setting of the deployment: what the county calls home and risk, and on what basis it collects."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import NotPossible
from bot.reading.scene import Setting
from bot.roster.revision import advance
from models.bureau import Bureau
from models.group import Group
from models.vocabulary import Cause

ROW = 1  # there is one bureau a database


@dataclass(frozen=True, slots=True)
class Basis:
    """On what ground health data is collected, and the last day on which it holds; None: until it is changed."""

    name: str
    until: date | None = None


def save(session: Session, setting: Setting, basis: Basis, now: datetime) -> bool:
    """Write the setting; whether anything has changed. Where texts are read otherwise, all open days are read again."""
    bureau = session.get(Bureau, ROW)
    if bureau is None:
        bureau = Bureau(id=ROW)
        session.add(bureau)
        before = None
    else:
        before = _setting(bureau)
    was = None if before is None else (before, bureau.basis, bureau.basis_until)
    bureau.county = setting.home_county
    bureau.city = setting.home_city
    bureau.province = setting.home_province
    bureau.since = setting.since
    bureau.risk_areas = list(setting.risk_areas)
    bureau.basis = basis.name
    bureau.basis_until = basis.until
    session.flush()
    if before != setting:
        advance(session, session.scalars(select(Group.id)), Cause.SETTING, now)
    return was != (setting, basis.name, basis.until)


def setting(session: Session) -> Setting:
    """What the county calls home and risk; raises NotPossible where nobody has said it yet."""
    bureau = session.get(Bureau, ROW)
    if bureau is None:
        raise NotPossible("还没有设置县区，请先运行 jielong init（用 jielong init --help 看例子）")
    return _setting(bureau)


def _setting(bureau: Bureau) -> Setting:
    return Setting(
        home_county=bureau.county,
        home_city=bureau.city,
        home_province=bureau.province,
        since=bureau.since,
        risk_areas=tuple(bureau.risk_areas),
    )

"""`jielong init`: the schema, and what the county calls home and risk."""

from datetime import date

import click

from bot import clock
from bot.cli.chinese import Command, Day, Name
from bot.reading.scene import Setting
from bot.roster.setting import Basis, save
from bot.wiring import migrate, open_rooms
from scheduler.days import local_day

STATUTORY = "法定职责"  # 个人信息保护法 art. 13(3)

HELP = """建立数据库，写入县区设置；可以重复运行来修改。

设置改变后，各群未关闭日期的消息会按新设置重新解读。

\b
例：
  jielong init --county 本溪县 --city 本溪市 --province 辽宁省 --since 2020-01-15 \\
    --risk-area 武汉市 --risk-area 湖北省
"""


@click.command(cls=Command, help=HELP, short_help="建立数据库，写入县区设置")
@click.option("--county", required=True, type=Name(), help="本县区，去过县外要报")
@click.option("--city", required=True, type=Name(), help="所属的市，从市外回来的人是三类人员")
@click.option("--province", required=True, type=Name(), help="所属的省")
@click.option("--since", required=True, type=Day(), help="外出和接触从哪一天起算")
@click.option("--risk-area", "risk_areas", multiple=True, type=Name(), help="重点地区，可以写多次")
@click.option("--basis", type=Name(), help=f"收集健康信息的依据，默认 {STATUTORY}")
@click.option("--basis-until", type=Day(), help="依据的最后一天，不写就是长期")
def init(
    county: str,
    city: str,
    province: str,
    since: date,
    risk_areas: tuple[str, ...],
    basis: str | None,
    basis_until: date | None,
) -> None:
    """Migrate and write the setting."""
    now = clock.now()
    setting = Setting(county, city, province, since, tuple(dict.fromkeys(risk_areas)))
    with open_rooms() as rooms:
        migrate(rooms.database, rooms.keyring)
        with rooms.database.write() as session:
            changed = save(session, setting, Basis(basis or STATUTORY, basis_until), now)
    if basis is None:
        click.echo(f"提醒：没有写 --basis，收集依据按“{STATUTORY}”登记，请核对", err=True)
    if basis_until is not None and basis_until < local_day(now, rooms.settings.zone):
        click.echo("提醒：--basis-until 已经过去，收集依据已失效", err=True)
    click.echo("已写入设置" if changed else "设置没有变化")

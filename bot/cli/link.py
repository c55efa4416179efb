"""`jielong link`: a link that signs somebody in."""

import click

from bot import clock
from bot.cli.chinese import Command, Name
from bot.cli.rooms import ready_rooms
from bot.errors import NotPossible
from bot.pages.links import HOLDS, link_address, make_link
from bot.pages.sessions import end_all
from bot.roster.finding import group_named, school_named
from models.vocabulary import UserRole

HELP = """打印一个登录链接：班主任看自己的班，学校看本校各班，教育局看全县的人数。

链接单独一行写在标准输出上。它 10 分钟内有效，只能用一次；点开后还要按一下页面上的按钮。
班主任在那部手机上 30 天不用再登录；学校和教育局 30 分钟没有动就退出，最长 12 小时。
手机丢了、换了班主任，加 --revoke：这个班级、学校或教育局的登录和没用过的链接即刻失效。

\b
例：
  jielong link --role teacher --group 三年二班 --school 演示县第一小学
  jielong link --role school --school 演示县第一小学
  jielong link --role bureau
  jielong link --role teacher --group 三年二班 --school 演示县第一小学 --revoke
"""
MINUTES = HOLDS.seconds // 60


@click.command(cls=Command, help=HELP, short_help="打印一个登录链接")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in UserRole]), help="给谁：班主任、学校、教育局"
)
@click.option("--school", type=Name(), help="学校；几所学校有同名的群时要写")
@click.option("--group", type=Name(), help="班级或教职工群")
@click.option("--revoke", is_flag=True, help="不打印链接，而是结束这里所有的登录")
def link(role: str, school: str | None, group: str | None, *, revoke: bool) -> None:
    """Print the link alone on one line, and beside it how long it holds; or end what links have begun."""
    user = UserRole(role)
    _expect_unit(user, school, group)
    with ready_rooms() as rooms:
        with rooms.database.write() as session:
            group_id = group_named(session, group, school).id if group is not None else None
            school_id = school_named(session, school).id if user is UserRole.SCHOOL and school is not None else None
            if revoke:
                ended = end_all(session, user, school_id, group_id, clock.now())
                click.echo(f"已结束 {ended} 个登录，没用过的链接也失效了")
                return
            secret = make_link(session, rooms.keyring, user, school_id, group_id, clock.now())
        address = link_address(rooms.settings.public_url, secret)
    click.echo(address)
    click.echo(f"这个链接 {MINUTES} 分钟内有效，只能用一次。请只发给本人，不要发在群里。", err=True)


def _expect_unit(role: UserRole, school: str | None, group: str | None) -> None:
    match role:
        case UserRole.TEACHER if group is None:
            raise NotPossible("--role teacher 要用 --group 说明是哪个班级或教职工群")
        case UserRole.SCHOOL if school is None or group is not None:
            raise NotPossible("--role school 要用 --school 说明是哪所学校，不能用 --group")
        case UserRole.BUREAU if school is not None or group is not None:
            raise NotPossible("--role bureau 看全县，不能用 --school 和 --group")
        case _:
            pass

"""`jielong bind`: ties a chat to a group, or says where reminders and digests go."""

import click

from bot import clock
from bot.cli.chinese import Command, Name
from bot.cli.rooms import ready_rooms
from bot.errors import NotPossible
from bot.roster import binding
from bot.roster.binding import ROBOT, Target
from bot.roster.finding import group_named, school_named
from bot.settings import is_loopback

HELP = """把一个群聊绑定到班级或教职工群；群机器人还可以绑定到学校或教育局。

绑定对之后到达的消息有效；同一个群聊绑定到别处时，原来的绑定即刻结束。
一对一的渠道（wecom-app、official-account）的 CHAT_ID 是发送人的账号。

\b
例：
  jielong bind gateway/demo 10001@chatroom --school 演示县第一小学 --group 三年二班
  jielong bind wecom-robot 机器人的KEY --school 演示县第一小学
  jielong bind wecom-robot 机器人的KEY --bureau
"""


@click.command(cls=Command, help=HELP, short_help="把群聊绑定到班级、学校或教育局")
@click.argument("channel")
@click.argument("chat_id")
@click.option("--school", type=Name(), help="学校")
@click.option("--group", type=Name(), help="班级或教职工群")
@click.option("--bureau", is_flag=True, help="教育局（只用于群机器人）")
def bind(channel: str, chat_id: str, school: str | None, group: str | None, *, bureau: bool) -> None:
    """Bind a chat from now on."""
    if bureau and (school or group):
        raise NotPossible("--bureau 不能和 --school、--group 一起用")
    if channel == ROBOT and not (bureau or school or group):
        raise NotPossible("请说明群机器人发给谁：--school、--group 或 --bureau")
    with ready_rooms() as rooms, rooms.database.write() as session:
        if group is not None:
            target = Target(group_id=group_named(session, group, school).id)
        elif school is not None:
            target = Target(school_id=school_named(session, school).id)
        else:
            target = Target()
        new = binding.bind(session, rooms.keyring, channel, chat_id, target, clock.now())
    click.echo("已绑定" if new else "这个群聊已经是这样绑定的")
    if channel == ROBOT and is_loopback(rooms.settings.public_url):
        click.echo("注意：JIELONG_PUBLIC_URL 还是本机地址，提醒里的隐私说明链接别人打不开", err=True)

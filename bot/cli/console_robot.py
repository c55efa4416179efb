"""A group robot that writes to the console what it would post in a chat."""

from collections.abc import Mapping
from threading import Lock

import click

from bot.channels.protocol import Outgoing, Sent
from bot.channels.wecom_robot import MOST_A_MINUTE, MOST_BYTES
from bot.roster.binding import ROBOT


class ConsoleRobot:
    """A way out that reaches nobody: every text is printed in a frame, under the name of its chat."""

    name = ROBOT
    most_bytes = MOST_BYTES
    most_a_minute = MOST_A_MINUTE

    def __init__(self, labels: Mapping[str, str]) -> None:
        """Print under these names; `labels`: a robot's key -> the chat that it stands in."""
        self._labels = labels
        self._printing = Lock()  # messages come from several threads

    def send(self, message: Outgoing) -> Sent:
        """Print the message; it is always taken."""
        chat = self._labels.get(message.chat, "未知的群")
        lines = [f"┌─ 会发到微信 · {chat}", *(f"│ {line}" for line in message.text.splitlines()), "└─"]
        with self._printing:
            click.echo("\n".join(lines))
        return Sent()

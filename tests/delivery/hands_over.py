"""A process that sends what is due and is killed over it: `python -m tests.delivery.hands_over DATABASE_URL ORIGIN`."""

import sys

from bot.channels.wecom_robot import WecomRobot
from bot.delivery.sender import Sender
from bot.roster.binding import ROBOT
from models.database import open_database
from tests.delivery.office import NINE
from tests.roster.county import KEYRING

if __name__ == "__main__":
    url, origin = sys.argv[1:]
    Sender(open_database(url, KEYRING), {ROBOT: WecomRobot(origin)}, lambda: NINE).send_due()

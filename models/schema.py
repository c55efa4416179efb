"""Every table, for the migrations."""

from models import audit, bureau, chat, delivery, heartbeat, membership, message, reading, record, review
from models.base import Base

TABLES = (audit, bureau, chat, delivery, heartbeat, membership, message, reading, record, review)
metadata = Base.metadata

"""Every table, for the migrations, and for whoever opens the database."""

from models import (
    audit,
    bureau,
    chat,
    delivery,
    heartbeat,
    membership,
    message,
    reading,
    record,
    review,
    seal,
)
from models.base import Base

TABLES = (audit, bureau, chat, delivery, heartbeat, membership, message, reading, record, review, seal)
metadata = Base.metadata

__all__ = ["TABLES", "Base", "metadata"]

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
    sign_in,
    slot,
    zero_report,
)
from models.base import Base

TABLES = (
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
    sign_in,
    slot,
    zero_report,
)
metadata = Base.metadata

__all__ = ["TABLES", "Base", "metadata"]

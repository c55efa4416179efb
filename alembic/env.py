"""Runs the migrations on the connection that it is given, or on the configured database."""

from alembic import context
from sqlalchemy import Connection

from models.schema import metadata


def migrate(connection: Connection) -> None:
    """Migrate within the caller's transaction: DDL is transactional on both databases."""
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    from bot.wiring import open_rooms

    with open_rooms() as rooms, rooms.database.migrating() as connection:
        migrate(connection)

"""Puts the rooms together from settings; the only module that knows which channels there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from bot.channels import gateway, wecom_app, wecom_bot, wecom_robot
from bot.channels.protocol import Channel, Sends
from bot.errors import Misconfigured, NotPossible
from bot.intake.inbox import Inbox
from bot.intake.seal import fits, is_sealed, set_seal
from bot.pages.previews import Previews
from bot.pages.visit import Desk
from bot.settings import Settings, load_settings
from models.database import Database, open_database
from models.sealing import Keyring

PROJECT = Path(__file__).resolve().parent.parent
CHANNELS = (gateway.build, wecom_bot.build, wecom_app.build)  # one line a channel
OUTLETS = (wecom_robot.outlet,)  # one line a way out


@dataclass(frozen=True, slots=True)
class Rooms:
    """What every role of the product is made of."""

    settings: Settings
    keyring: Keyring
    database: Database
    inbox: Inbox


def build_rooms(settings: Settings | None = None) -> Rooms:
    """Open the rooms from the environment, or from given settings; raises Misconfigured."""
    settings = settings or load_settings()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    keyring = Keyring.of(settings.secret_key_bytes())
    return Rooms(
        settings=settings,
        keyring=keyring,
        database=open_database(settings.database_url, keyring),
        inbox=Inbox(keyring, settings.zone, settings.open_days),
    )


@contextmanager
def open_rooms() -> Iterator[Rooms]:
    """The rooms of the environment for one command; the database is closed whatever happens."""
    rooms = build_rooms()
    try:
        yield rooms
    finally:
        rooms.database.close()


def build_channels(settings: Settings) -> dict[str, Channel]:
    """The channels whose secrets are set, by name."""
    return {channel.name: channel for build in CHANNELS for channel in build(settings)}


def build_outlets(settings: Settings) -> dict[str, Sends]:
    """The ways out, by the name of the channel that bindings have."""
    return {outlet.name: outlet for build in OUTLETS for outlet in [build(settings)]}


def build_desk(rooms: Rooms) -> Desk:
    """What pages work with."""
    settings = rooms.settings
    return Desk(
        database=rooms.database,
        keyring=rooms.keyring,
        inbox=rooms.inbox,
        previews=Previews(settings),
        zone=settings.zone,
        public_url=settings.public_url,
    )


def migrate(database: Database, keyring: Keyring) -> None:
    """Bring the database to the newest schema and give it its keys; raises Misconfigured where it has others."""
    upgrade(database)
    with database.write() as session:
        set_seal(session, keyring)
        _expect_keys(session, keyring)


def upgrade(database: Database) -> None:
    """Bring the database to the newest schema, in one transaction."""
    with database.migrating() as connection:
        config = migration_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_migrated(database: Database) -> bool:
    """Whether the database has the schema that this code expects."""
    with database.read() as session:
        current = MigrationContext.configure(session.connection()).get_current_revision()
    return current == newest_revision()


def expect_ready(rooms: Rooms) -> None:
    """Raise NotPossible unless the database has the schema that this code expects, Misconfigured unless keys fit."""
    migrated = is_migrated(rooms.database)
    with rooms.database.read() as session:
        if not (migrated and is_sealed(session)):
            raise NotPossible("数据库尚未初始化或版本不符，请先运行 jielong init")
        _expect_keys(session, rooms.keyring)


def _expect_keys(session: Session, keyring: Keyring) -> None:
    if not fits(session, keyring):
        raise Misconfigured("JIELONG_SECRET_KEY（或数据目录里的 secret.key）不是建立这个数据库时的密钥，请换回原来的")


def newest_revision() -> str | None:
    """The schema that this code expects."""
    return ScriptDirectory.from_config(migration_config()).get_current_head()


def migration_config() -> Config:
    """Where the migrations are."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "alembic"))
    return config

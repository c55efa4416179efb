"""Whether the keys in use are those of the database: with others no chat is found, and every message would be lost."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.database import insert_new
from models.seal import Seal
from models.sealing import Keyring

ROW = 1
KNOWN = "jielong"


def set_seal(session: Session, keyring: Keyring) -> None:
    """Seal a database, unless it is sealed."""
    insert_new(session, Seal, {"id": ROW, "digest": keyring.digest("seal", KNOWN)})


def is_sealed(session: Session) -> bool:
    """Whether the database has been given keys at all."""
    return session.get(Seal, ROW) is not None


def fits(session: Session, keyring: Keyring) -> bool:
    """Whether the database was sealed with these keys."""
    return session.scalar(select(Seal.digest).where(Seal.id == ROW)) == keyring.digest("seal", KNOWN)

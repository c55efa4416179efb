"""What every table shares: the declarative base and the column types."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, LargeBinary, MetaData, Numeric, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from models.sealing import SealedText


class Instant(TypeDecorator[datetime]):
    """An aware instant. SQLite has no zones, so there it is kept in UTC without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC on the way in; a naive datetime is a mistake."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC, on the way out."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The tables of the product."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant()}  # noqa: RUF012 - SQLAlchemy reads it from the class


Id = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
Ref = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"))]
Code = Annotated[str, mapped_column(String(64))]  # one of an enum's values, or a channel's name
Label = Annotated[str, mapped_column(String(200))]  # a name that names nobody: a school, a group, a place
Sealed = Annotated[str, mapped_column(SealedText())]
Digest = Annotated[bytes, mapped_column(LargeBinary(16))]
Celsius = Annotated[Decimal, mapped_column(Numeric(4, 2))]
Strings = Annotated[list[str], mapped_column(JSON().with_variant(JSONB(), "postgresql"))]
Document = Annotated[list[dict[str, Any]], mapped_column(JSON().with_variant(JSONB(), "postgresql"))]
Refs = Annotated[list[int], mapped_column(JSON().with_variant(JSONB(), "postgresql"))]  # ids of rows

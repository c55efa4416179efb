"""The first morning: slots, the outbox's tries, sign-in, zero reports; a group's times, a school's names.

Revision ID: 20261126_first_morning
Revises: 20261125_spine
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261126_first_morning"
down_revision = "20261125_spine"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
SEALED = sa.LargeBinary()
DIGEST = sa.LargeBinary(length=16)
CODE = sa.String(length=64)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """To this revision. Nothing wrote to the outbox before it, so that it is made anew."""
    op.create_table(
        "slot",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("unit", CODE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("outcome", CODE, nullable=False),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("kind", "unit", "day", "ordinal", name=op.f("uq_slot_kind_unit_day_ordinal")),
        sa.UniqueConstraint("kind", "unit", "serial", name=op.f("uq_slot_kind_unit_serial")),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("school_id", ID, nullable=True),
        sa.Column("group_id", ID, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("spent_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_sign_in_link_group_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_sign_in_link_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_sign_in_link_digest")),
    )
    op.create_table(
        "web_session",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", DIGEST, nullable=False),
        sa.Column("link_id", ID, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("school_id", ID, nullable=True),
        sa.Column("group_id", ID, nullable=True),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_web_session_group_id")),
        sa.ForeignKeyConstraint(["link_id"], ["sign_in_link.id"], name=op.f("fk_web_session_link_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_web_session_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("digest", name=op.f("uq_web_session_digest")),
    )
    op.create_table(
        "zero_report",
        sa.Column("id", ID, nullable=False),
        sa.Column("school_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_zero_report_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zero_report")),
        sa.UniqueConstraint("school_id", "day", name=op.f("uq_zero_report_school_id_day")),
    )
    op.drop_table("delivery")
    op.create_table(
        "delivery",
        sa.Column("id", ID, nullable=False),
        sa.Column("binding_id", ID, nullable=False),
        sa.Column("slot_id", ID, nullable=True),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("text", SEALED, nullable=False),
        sa.Column("mentions", SEALED, nullable=True),
        sa.Column("state", CODE, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("deadline_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("in_doubt", sa.Boolean(), nullable=False),
        sa.Column("tried_at", INSTANT, nullable=True),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("why", CODE, nullable=True),
        sa.ForeignKeyConstraint(["binding_id"], ["binding.id"], name=op.f("fk_delivery_binding_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_delivery_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_state_due_at", "delivery", ["state", "due_at"])
    op.create_index(op.f("ix_delivery_slot_id"), "delivery", ["slot_id"])
    op.create_index(op.f("ix_delivery_binding_id_tried_at"), "delivery", ["binding_id", "tried_at"])
    op.add_column("binding", sa.Column("refused_at", INSTANT, nullable=True))
    op.add_column("groups", sa.Column("remind_at", JSON, nullable=True))
    op.add_column("school", sa.Column("full_names", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """To the revision before: what this one added is lost."""
    with op.batch_alter_table("school") as school:
        school.drop_column("full_names")
    with op.batch_alter_table("groups") as groups:
        groups.drop_column("remind_at")
    with op.batch_alter_table("binding") as binding:
        binding.drop_column("refused_at")
    op.drop_table("delivery")
    op.create_table(
        "delivery",
        sa.Column("id", ID, nullable=False),
        sa.Column("binding_id", ID, nullable=False),
        sa.Column("text", SEALED, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["binding_id"], ["binding.id"], name=op.f("fk_delivery_binding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_state_due_at", "delivery", ["state", "due_at"])
    for table in ("zero_report", "web_session", "sign_in_link", "slot"):
        op.drop_table(table)

"""which variant of an assignment a pupil gets, and timetables of lessons on television, radio and platforms."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dealt_variant",
        sa.Column("assignment", sa.String(length=64), nullable=False),
        sa.Column("pupil", sa.String(length=64), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignment"], ["assignment.code"], name=op.f("fk_dealt_variant_assignment")),
        sa.PrimaryKeyConstraint("assignment", "pupil", name=op.f("pk_dealt_variant")),
    )
    op.create_table(
        "broadcast",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("time", sa.Text(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("added_in", sa.Integer(), nullable=False),
        sa.Column("removed_in", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
    )
    op.create_index(op.f("ix_broadcast_week"), "broadcast", ["week"], unique=False)
    with op.batch_alter_table("packet", schema=None) as batch_op:
        batch_op.add_column(sa.Column("timetable", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("packet", schema=None) as batch_op:
        batch_op.alter_column("timetable", server_default=None)

"""appeals against answers, and marks of quarters that were closed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("page", sa.String(length=14), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("answer", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("record", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["page"], ["page.id"], name=op.f("fk_appeal_page")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
    )
    op.create_index(op.f("ix_appeal_page"), "appeal", ["page"], unique=False)
    still_open = sa.text("closed_at IS NULL")
    op.create_index("uq_appeal_open", "appeal", ["page", "item"], unique=True, sqlite_where=still_open, postgresql_where=still_open)
    op.create_table(
        "closed_mark",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("pupil", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("school", sa.Text(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("exact", sa.Text(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=True),
        sa.Column("mark", sa.Integer(), nullable=True),
        sa.Column("formula", sa.Text(), nullable=False),
        sa.Column("zeroed", sa.Integer(), nullable=False),
        sa.Column("answers_until", sa.BigInteger(), nullable=False),
        sa.Column("closing", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("superseded_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_mark")),
    )
    current = sa.text("superseded_by IS NULL")
    place = ["pupil", "subject", "year", "quarter"]
    op.create_index("uq_closed_mark_current", "closed_mark", place, unique=True, sqlite_where=current, postgresql_where=current)

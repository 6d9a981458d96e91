"""answers that were drawn for a person to confirm, and the person's word on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audited",
        sa.Column("page", sa.String(length=14), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("draw", sa.Integer(), nullable=False),
        sa.Column("answer", sa.BigInteger(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=True),
        sa.Column("wrong", sa.Boolean(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["page"], ["page.id"], name=op.f("fk_audited_page")),
        sa.PrimaryKeyConstraint("page", "item", name=op.f("pk_audited")),
    )
    op.create_index(op.f("ix_audited_week"), "audited", ["week"], unique=False)

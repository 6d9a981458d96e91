"""the last import: what it changed, so that it can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "last_import",
        sa.Column("list_table", sa.String(length=64), nullable=False),
        sa.Column("act", sa.BigInteger(), nullable=False),
        sa.Column("added", sa.JSON(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("list_table", name=op.f("pk_last_import")),
    )

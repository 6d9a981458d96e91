"""seals of names that a list replaced, so that forgetting a pupil forgets them too; by which rules a foreign sheet was judged."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "earlier_seal",
        sa.Column("pupil", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("kato", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("pupil", "seal", name=op.f("pk_earlier_seal")),
    )
    op.add_column("form_sheet", sa.Column("rules", sa.String(length=64), nullable=True))

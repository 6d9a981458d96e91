"""forgotten names: which file carries whose, who was forgotten, and seals that keep a list from bringing the name back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "named_file",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("pupil", sa.String(length=64), nullable=False),
        sa.Column("again", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("path", "pupil", name=op.f("pk_named_file")),
    )
    with op.batch_alter_table("named_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_named_file_pupil"), ["pupil"], unique=False)
    op.create_table(
        "forgotten",
        sa.Column("pupil", sa.String(length=64), nullable=False),
        sa.Column("forgotten_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("pupil", name=op.f("pk_forgotten")),
    )
    op.create_table(
        "forgotten_name",
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seal", name=op.f("pk_forgotten_name")),
    )

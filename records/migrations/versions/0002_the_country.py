"""the country: editions of KATO, boundaries of districts, lent devices; what paper out there shows and what it still owes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kato_edition",
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("edition", name=op.f("pk_kato_edition")),
    )
    op.create_table(
        "kato_unit",
        sa.Column("edition", sa.String(length=64), nullable=False),
        sa.Column("kato", sa.String(length=64), nullable=False),
        sa.Column("type_code", sa.Text(), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["kato_edition.edition"], name=op.f("fk_kato_unit_edition")),
        sa.PrimaryKeyConstraint("edition", "kato", name=op.f("pk_kato_unit")),
    )
    op.create_table(
        "kato_move",
        sa.Column("old", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("new", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("old", "since", name=op.f("pk_kato_move")),
    )
    op.create_table(
        "district_shape",
        sa.Column("kato", sa.String(length=64), nullable=False),
        sa.Column("name_kk", sa.Text(), nullable=False),
        sa.Column("name_ru", sa.Text(), nullable=False),
        sa.Column("geometry", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("kato", name=op.f("pk_district_shape")),
    )
    op.create_table(
        "loan",
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("lent_on", sa.Date(), nullable=False),
        sa.Column("pupil", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("device", "lent_on", name=op.f("pk_loan")),
    )
    with op.batch_alter_table("loan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_loan_pupil"), ["pupil"], unique=False)
    op.create_table(
        "list_columns",
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("remembered_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "digest", name=op.f("pk_list_columns")),
    )
    _add_list("assignment", "former_points")
    _add_list("packet", "awaited")


def _add_list(table: str, name: str) -> None:
    """A column of lists that is empty in the rows there are; new rows always give it."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.alter_column(name, existing_type=sa.JSON(), existing_nullable=False, server_default=None)

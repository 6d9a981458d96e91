"""the post's existing routes, vehicles out of service and their speed, villages whose packets may wait."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op


revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "existing_stop",
        sa.Column("office", sa.String(length=64), nullable=False),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("order", sa.Integer(), nullable=False),
        sa.Column("kato", sa.String(length=64), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("vehicle", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("office", "route", "order", name=op.f("pk_existing_stop")),
    )
    op.create_table(
        "vehicle_outage",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("office", sa.String(length=64), nullable=False),
        sa.Column("vehicle", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle_outage")),
    )
    _add_required("vehicle", sa.Column("speed", sa.Double(), nullable=False, server_default="1"))
    _add_required("settlement", sa.Column("priority", sa.Integer(), nullable=False, server_default="1"))


def _add_required(table: str, column: sa.Column[Any]) -> None:
    """Add a column that rows of before fill with a value, without leaving that value to the database."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.add_column(column)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.alter_column(column.name, existing_type=column.type, existing_nullable=False, server_default=None)

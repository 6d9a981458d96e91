"""what manifests say of each stop, what happened to packets and bags on their way, and the numbers that the post stuck on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def serial() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False)


def upgrade() -> None:
    op.create_table(
        "road_note",
        serial(),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("page", sa.String(length=14), nullable=True),
        sa.Column("scan", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("superseded_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["page"], ["page.id"], name=op.f("fk_road_note_page")),
        sa.ForeignKeyConstraint(["route"], ["route.code"], name=op.f("fk_road_note_route")),
        sa.ForeignKeyConstraint(["scan"], ["scan.id"], name=op.f("fk_road_note_scan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_road_note")),
    )
    op.create_index(op.f("ix_road_note_route"), "road_note", ["route"], unique=False)
    current = sa.text("superseded_by IS NULL")
    op.create_index("uq_road_note_current", "road_note", ["route", "item"], unique=True, sqlite_where=current, postgresql_where=current)
    op.create_table(
        "post_event",
        serial(),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("packet", sa.Text(), nullable=True),
        sa.Column("route", sa.Text(), nullable=True),
        sa.Column("stop", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_event")),
    )
    for column in ("digest", "packet", "route"):
        op.create_index(op.f(f"ix_post_event_{column}"), "post_event", [column], unique=False)
    op.create_table(
        "postal_item",
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("packet", sa.Text(), nullable=True),
        sa.Column("route", sa.Text(), nullable=True),
        sa.Column("stop", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_postal_item")),
    )
    op.create_index(op.f("ix_postal_item_packet"), "postal_item", ["packet"], unique=False)

"""manifests, which the hand-over closes, and the packets that stand on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "manifest",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("supplement", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.Text(), nullable=False),
        sa.Column("pdf_digest", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["route"], ["route.code"], name=op.f("fk_manifest_route")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_manifest")),
    )
    op.create_index(op.f("ix_manifest_route"), "manifest", ["route"], unique=False)
    op.create_index(op.f("ix_manifest_week"), "manifest", ["week"], unique=False)
    op.create_table(
        "manifest_packet",
        sa.Column("manifest", sa.String(length=64), nullable=False),
        sa.Column("packet", sa.String(length=64), nullable=False),
        sa.Column("stop", sa.Integer(), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["manifest"], ["manifest.code"], name=op.f("fk_manifest_packet_manifest")),
        sa.ForeignKeyConstraint(["packet"], ["packet.code"], name=op.f("fk_manifest_packet_packet")),
        sa.PrimaryKeyConstraint("manifest", "packet", name=op.f("pk_manifest_packet")),
    )
    held = sa.text("NOT released")
    op.create_index("uq_manifest_packet_open", "manifest_packet", ["packet"], unique=True, sqlite_where=held, postgresql_where=held)

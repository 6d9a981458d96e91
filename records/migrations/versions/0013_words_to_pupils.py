"""words to pupils on their answers, and which answers a printed review sheet is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "comment",
        sa.Column("id", serial, autoincrement=True, nullable=False),
        sa.Column("page", sa.String(length=14), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("superseded_by", sa.BigInteger(), nullable=True),
        sa.Column("told_in", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["page"], ["page.id"], name=op.f("fk_comment_page")),
        sa.ForeignKeyConstraint(["told_in"], ["packet.code"], name=op.f("fk_comment_told_in")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    current = sa.text("superseded_by IS NULL")
    op.create_index("uq_comment_current", "comment", ["page", "item"], unique=True, sqlite_where=current, postgresql_where=current)
    op.create_index(op.f("ix_comment_page"), "comment", ["page"], unique=False)
    op.create_index(op.f("ix_comment_told_in"), "comment", ["told_in"], unique=False)
    op.create_table(
        "review_item",
        sa.Column("sheet", sa.String(length=14), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("page", sa.String(length=14), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sheet"], ["page.id"], name=op.f("fk_review_item_sheet")),
        sa.ForeignKeyConstraint(["page"], ["page.id"], name=op.f("fk_review_item_page")),
        sa.PrimaryKeyConstraint("sheet", "item", name=op.f("pk_review_item")),
    )
    op.create_index(op.f("ix_review_item_page"), "review_item", ["page"], unique=False)

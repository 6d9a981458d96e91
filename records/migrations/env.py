"""Alembic's door: runs inside records.database.upgrade, on the connection that it hands over."""

from __future__ import annotations

from alembic import context
from records.schema import Table

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    transactional_ddl=True,
    transaction_per_migration=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

"""Alembic's door: runs inside records.database.upgrade, on the connection that it hands over."""

from __future__ import annotations

from alembic import context

from records.schema import Table

# The transaction is records.database.upgrade's own: all migrations and their records appear together or not at all.
connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

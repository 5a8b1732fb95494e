"""Alembic's entry. The connection, already open and locked, is handed over by db.migrate."""

from alembic import context

from db.base import Base
from db.models import __all__ as _tables

assert _tables  # noqa: S101  importing them fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()

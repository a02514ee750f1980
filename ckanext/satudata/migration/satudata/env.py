"""Alembic environment: one history for every table whose name starts with ``satudata``."""

from __future__ import annotations

from typing import Any

from alembic import context
from ckan.model.meta import metadata
from sqlalchemy import engine_from_config, pool

NAME = "satudata"


def include_object(_object: Any, name: str, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """Autogenerate looks at our tables only."""
    return kind != "table" or name.startswith(NAME)


def run() -> None:
    """Migrate online, or write the SQL when alembic runs offline."""
    options: dict[str, Any] = {
        "target_metadata": metadata,
        "version_table": f"{NAME}_alembic_version",
        "include_object": include_object,
    }
    if context.is_offline_mode():
        context.configure(url=context.config.get_main_option("sqlalchemy.url"), literal_binds=True, **options)
        with context.begin_transaction():
            context.run_migrations()
        return
    section = context.config.get_section(context.config.config_ini_section) or {}
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()


run()

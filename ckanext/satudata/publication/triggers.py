"""Install and remove the row triggers; know whether they are there."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from ckan.common import config
from sqlalchemy.engine import Connection

SQL = Path(__file__).parents[1] / "migration" / "satudata" / "triggers.sql"
TABLES = ("package", "resource", "package_tag", "member", "package_extra")
FUNCTIONS = (
    "satudata_guard_package()",
    "satudata_guard_resource()",
    "satudata_guard_package_row()",
    "satudata_guard_member()",
    "satudata_guard_part(text, text)",
    "satudata_resource_content(jsonb)",
    "satudata_exempt(text)",
    "satudata_frozen(text)",
    "satudata_refuse(text, text[], text, text)",
    "satudata_has_pass(text)",
    "satudata_today()",
)


def install(connection: Connection) -> None:
    """Create functions and triggers, or replace them; the caller commits."""
    zone = ZoneInfo(str(config.get("ckanext.satudata.timezone") or "Asia/Jakarta"))
    connection.execute(sa.text(SQL.read_text("utf-8").replace("@ZONE@", zone.key)))


def remove(connection: Connection) -> None:
    """Drop triggers and functions; what is private stays private in CKAN's own terms. The caller commits."""
    for table in TABLES:
        if connection.execute(sa.text("select to_regclass(:name)"), {"name": table}).scalar() is not None:
            connection.execute(sa.text(f"drop trigger if exists satudata_guard on {table}"))
    for function in FUNCTIONS:
        connection.execute(sa.text(f"drop function if exists {function}"))


def installed(connection: Connection) -> list[str]:
    """Names of CKAN's tables that are guarded now."""
    found = connection.execute(
        sa.text(
            "select tgrelid::regclass::text from pg_trigger"
            " where tgname = 'satudata_guard' and tgenabled <> 'D' order by 1"
        )
    )
    return [name for (name,) in found]

"""The queue of checks and the reports, as tables and the few statements on them.

A run answers for one upload of one resource with one data dictionary under one set of rules. A report belongs to a
content, not to a resource: the same bytes with the same dictionary under the same rules are judged once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import JSONB, insert

from ckanext.satudata.bridge.columns import new_id, now

OPEN = ("queued", "running")

report_table = sa.Table(
    "satudata_qa_report",
    tk.BaseModel.metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("rule_version", sa.Text, nullable=False),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("report", JSONB, nullable=False),
    sa.Column("readable", sa.Boolean, nullable=False),
    sa.Column("score", sa.Integer),
    sa.Column("errors", sa.Integer, nullable=False),
    sa.Column("warnings", sa.Integer, nullable=False),
    sa.Column("questions", sa.Integer, nullable=False),
    sa.Column("rows", sa.BigInteger),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False),
    extend_existing=True,
)

run_table = sa.Table(
    "satudata_qa_run",
    tk.BaseModel.metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("package_id", sa.Text, nullable=False),
    sa.Column("resource_id", sa.Text, nullable=False),
    sa.Column("file_key", sa.Text, nullable=False),
    sa.Column("dictionary_hash", sa.Text, nullable=False),
    sa.Column("rules_key", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("rows_done", sa.BigInteger),
    sa.Column("rows_total", sa.BigInteger),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("queued", sa.DateTime(timezone=True), nullable=False),
    sa.Column("nudged", sa.DateTime(timezone=True)),
    sa.Column("started", sa.DateTime(timezone=True)),
    sa.Column("heartbeat", sa.DateTime(timezone=True)),
    sa.Column("finished", sa.DateTime(timezone=True)),
    sa.Column("error", sa.Text),
    sa.Column("report_id", sa.Text),
    extend_existing=True,
)

reply_table = sa.Table(
    "satudata_qa_reply",
    tk.BaseModel.metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("package_id", sa.Text, nullable=False),
    sa.Column("resource_id", sa.Text, nullable=False),
    sa.Column("check_id", sa.Text, nullable=False),
    sa.Column("variant", sa.Text, nullable=False),
    sa.Column("table_name", sa.Text, nullable=False),
    sa.Column("column_name", sa.Text),
    sa.Column("cells", JSONB, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("said_by", sa.Text, nullable=False),
    sa.Column("role", sa.Text),
    sa.Column("said", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ended", sa.DateTime(timezone=True)),
    sa.Column("ended_by", sa.Text),
    sa.Column("ended_text", sa.Text),
    extend_existing=True,
)

Row = dict[str, Any]


def one(statement: Any) -> Row | None:
    """The first row of a select, or ``None``."""
    found = model.Session.execute(statement).mappings().first()
    return {**found} if found is not None else None


def rows(statement: Any) -> Sequence[Row]:
    """All rows of a select."""
    return [{**found} for found in model.Session.execute(statement).mappings()]


def get_run(run_id: str) -> Row | None:
    """The run with this id."""
    return one(sa.select(run_table).where(run_table.c.id == run_id))


def get_report(report_id: str, *, whole: bool = True) -> Row | None:
    """The report with this id; not ``whole``: its numbers without the findings."""
    columns = [column for column in report_table.c if whole or column.name != "report"]
    return one(sa.select(*columns).where(report_table.c.id == report_id))


def latest_run(resource_id: str, file_key: str, dictionary_hash: str, *, done: bool = False) -> Row | None:
    """The newest run for exactly this content, or the newest that is ``done``."""
    statement = sa.select(run_table).where(
        run_table.c.resource_id == resource_id,
        run_table.c.file_key == file_key,
        run_table.c.dictionary_hash == dictionary_hash,
    )
    if done:
        statement = statement.where(run_table.c.state == "done")
    return one(statement.order_by(run_table.c.queued.desc()).limit(1))


def header_before(resource_id: str, file_key: str) -> tuple[str, ...]:
    """Column names of the judged table of the file that this one replaced; empty when none was judged."""
    run, mine = run_table, run_table.alias()
    first = sa.select(sa.func.min(mine.c.queued)).where(mine.c.resource_id == resource_id, mine.c.file_key == file_key)
    statement = (
        sa.select(report_table.c.report["tables"])
        .join(run, run.c.report_id == report_table.c.id)
        .where(run.c.resource_id == resource_id, run.c.state == "done", run.c.file_key != file_key)
        .where(run.c.queued < first.scalar_subquery(), report_table.c.readable.is_(True))
        .order_by(run.c.queued.desc())
        .limit(1)
    )
    listed = model.Session.execute(statement).scalar() or []
    return tuple(name for table in listed if table["judged"] for name in table["header"])


def run_of_bytes(resource_id: str, sha256: str) -> Row | None:
    """The newest finished run of a resource on exactly these bytes, the present ones or earlier ones."""
    statement = sa.select(run_table).where(
        run_table.c.resource_id == resource_id, run_table.c.sha256 == sha256, run_table.c.state == "done"
    )
    return one(statement.order_by(run_table.c.queued.desc()).limit(1))


def queue_run(package_id: str, resource_id: str, file_key: str, dictionary_hash: str, rules_key: str) -> str | None:
    """Put a run in the queue; ``None`` when the same question already waits or runs."""
    run_id = new_id()
    statement = (
        insert(run_table)
        .values(
            id=run_id,
            package_id=package_id,
            resource_id=resource_id,
            file_key=file_key,
            dictionary_hash=dictionary_hash,
            rules_key=rules_key,
            state="queued",
            attempts=0,
            queued=now(),
            nudged=now(),
        )
        .on_conflict_do_nothing()
        .returning(run_table.c.id)
    )
    return model.Session.execute(statement).scalar()


def claim_run(run_id: str) -> Row | None:
    """Take a waiting run; ``None`` when another worker has it or it is done. Commits."""
    claimed = model.Session.execute(
        run_table.update()
        .where(run_table.c.id == run_id, run_table.c.state == "queued")
        .values(state="running", started=now(), heartbeat=now(), attempts=run_table.c.attempts + 1)
        .returning(run_table.c.id)
    ).scalar()
    model.Session.commit()
    return get_run(run_id) if claimed else None


def change_run(run_id: str, **values: Any) -> None:
    """Write columns of a run and commit, so that a waiting page sees them."""
    model.Session.execute(run_table.update().where(run_table.c.id == run_id).values(**values))
    model.Session.commit()


def find_report(content_hash: str, rule_version: str) -> Row | None:
    """The report on this content under these rules."""
    return one(
        sa.select(report_table).where(
            report_table.c.content_hash == content_hash, report_table.c.rule_version == rule_version
        )
    )


def keep_report(content_hash: str, report: dict[str, Any]) -> str:
    """Store a report and return its id; the same content under the same rules keeps the first one."""
    counts = report["counts"]
    statement = insert(report_table).values(
        id=new_id(),
        content_hash=content_hash,
        rule_version=report["rule_version"],
        format=report["format"],
        report=report,
        readable=not report.get("unreadable"),
        score=round(report["score"]) if report["score"] is not None else None,
        errors=counts["error"],
        warnings=counts["warning"],
        questions=counts["question"],
        rows=counts.get("rows"),
        created=now(),
    )
    model.Session.execute(statement.on_conflict_do_nothing(constraint="satudata_qa_report_content"))
    kept = find_report(content_hash, report["rule_version"])
    if kept is None:
        raise RuntimeError("a report that was just written is not there")
    return kept["id"]


def forget_old_runs(resource_id: str, keep: int = 20) -> None:
    """Keep the newest runs of a resource; the reports stay. Commits."""
    newest = (
        sa.select(run_table.c.id)
        .where(run_table.c.resource_id == resource_id)
        .order_by(run_table.c.queued.desc())
        .limit(keep)
    )
    model.Session.execute(
        run_table.delete().where(run_table.c.resource_id == resource_id, run_table.c.id.not_in(newest))
    )
    model.Session.commit()


def unasked(rules_key: str, limit: int = 20) -> Sequence[str]:
    """Uploaded files of hidden datasets with no run under the present rules since their upload, the newest first.

    What is public is left as it was judged when it was approved.
    """
    resource, package = model.resource_table, model.package_table
    uploaded = sa.func.coalesce(resource.c["last_modified"], resource.c["created"])  # UTC without a zone
    asked = (
        sa.select(sa.literal(1))
        .select_from(run_table)
        .where(run_table.c.resource_id == resource.c["id"])
        .where(sa.func.split_part(run_table.c.rules_key, ".", 1) == rules_key)
        .where(sa.or_(uploaded.is_(None), run_table.c.queued >= sa.func.timezone("UTC", uploaded)))
    )
    query = (
        sa.select(resource.c["id"])
        .join(package, package.c["id"] == resource.c["package_id"])
        .where(package.c["state"] == "active", package.c["private"].is_(True))
        .where(resource.c["state"] == "active", resource.c["url_type"] == "upload")
        .where(~sa.exists(asked))
        .order_by(resource.c["created"].desc())
        .limit(limit)
    )
    return [found for (found,) in model.Session.execute(query)]


def forgotten(since: timedelta) -> Sequence[Row]:
    """Waiting runs whose nudge is older than ``since``: it was lost, or the workers are behind."""
    return rows(
        sa.select(run_table)
        .where(run_table.c.state == "queued", sa.or_(run_table.c.nudged.is_(None), run_table.c.nudged < now() - since))
        .order_by(run_table.c.queued)
        .limit(200)
    )


def silent(since: timedelta) -> Sequence[Row]:
    """Running runs that gave no sign of life for ``since``: their worker died."""
    return rows(
        sa.select(run_table)
        .where(run_table.c.state == "running", run_table.c.heartbeat < now() - since)
        .order_by(run_table.c.queued)
        .limit(200)
    )

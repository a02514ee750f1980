"""Forget what was judged: after a takedown no report may quote the cells of a file that is gone."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.qa import judged, replying
from ckanext.satudata.qa.mending import kept
from ckanext.satudata.qa.model import report_table, run_table


def forget(resource_ids: Sequence[str], hashes: Sequence[str]) -> list[str]:
    """See :func:`satudata_qa_forget`; the folders by their name below that of all judged tables."""
    runs = sa.or_(run_table.c.resource_id.in_(resource_ids), run_table.c.sha256.in_(hashes))
    of_runs = sa.select(run_table.c.report_id).where(runs, run_table.c.report_id.is_not(None))
    of_bytes = report_table.c.report["file"]["sha256"].astext.in_(hashes)
    reports = sa.or_(report_table.c.id.in_(of_runs), of_bytes)
    query = sa.select(report_table.c.content_hash, report_table.c.rule_version).where(reports)
    found = [judged.folder(*row) for row in model.Session.execute(query)]
    model.Session.execute(sa.delete(report_table).where(reports))
    model.Session.execute(sa.delete(run_table).where(runs))
    replying.forget(resource_ids, hashes)
    lists = {f"{kept.FOLDER}/{resource_id}" for resource_id in resource_ids if kept.folder(resource_id).is_dir()}
    return sorted({f"{folder.parent.name}/{folder.name}" for folder in found} | lists)

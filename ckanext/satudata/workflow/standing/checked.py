"""The result of the automatic checks beside the case, so that the desk can filter a hundred thousand by it.

The slice of the checks tells when something changed (``satudata_case_qa``); what it answers is kept here in four words
and a few numbers. The clock fills what was never told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.workflow.model import CaseRow

NUMBERS = ("state", "errors", "warnings", "questions", "score")
AT_ONCE = 100


def note(dataset_id: str) -> dict[str, Any]:
    """Ask how the checks of a dataset stand and keep it with its case; ``{"qa_result", "qa"}``. The caller commits."""
    try:
        summary = tk.get_action("satudata_qa_summary")({"ignore_auth": True}, {"id": dataset_id})
    except tk.ObjectNotFound:
        summary = {}
    values = {"qa_result": result(summary), "qa": {name: summary.get(name) for name in NUMBERS} if summary else None}
    case = CaseRow.__table__
    changed = sa.or_(case.c.qa_result.is_distinct_from(values["qa_result"]), case.c.qa.is_distinct_from(values["qa"]))
    here = (case.c.subject_type == "dataset", case.c.subject_id == dataset_id)
    model.Session.execute(sa.update(case).where(*here, changed).values(**values))
    return values


def result(summary: Mapping[str, Any]) -> str:
    """``passed``, ``warnings`` (also questions to explain), ``errors``, or ``none``: not (completely) checked."""
    if summary.get("state") != "done":
        return "none"
    if summary.get("errors"):
        return "errors"
    return "warnings" if summary.get("warnings") or summary.get("questions") else "passed"


def fill() -> None:
    """Ask for cases nobody told about, some at a time. Commits; called by the clock."""
    query = (
        sa.select(CaseRow.subject_id)
        .where(CaseRow.present.is_(True), CaseRow.qa_result.is_(None), CaseRow.subject_type == "dataset")
        .where(CaseRow.state.in_(("draft", "in_review", "revision", "verified")))
        .limit(AT_ONCE)
    )
    for dataset_id in list(model.Session.execute(query).scalars()):
        note(dataset_id)
    model.Session.commit()

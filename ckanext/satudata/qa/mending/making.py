"""Make the mended file and put it in the place of the present one, as if somebody had uploaded it.

The upload goes the way of every upload: who may not change the dataset now is refused by the same sentences, the bytes
that were there stay known as an earlier version, and the new file is checked.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.qa.mending.refusing import why
from ckanext.satudata.core.qa.report import Report
from ckanext.satudata.qa import content, process, words
from ckanext.satudata.qa.content import Content
from ckanext.satudata.qa.mending import kept, plans

log = logging.getLogger(__name__)

# Files beyond this are mended by a job. Bytes.
AT_ONCE = 8 << 20


@dataclass(frozen=True)
class Accepted:
    """What a person accepted of a plan: the kinds, and whether a workbook becomes a CSV."""

    kinds: tuple[str, ...]
    as_csv: bool


def refuse(code: str) -> tk.ValidationError:
    """The refusal with this code, as an error of the action."""
    return tk.ValidationError({"mend": [why(code, language())]})


def check(plan: plans.Plan, sha256: str, accepted: Accepted) -> None:
    """Raise ``ValidationError`` unless this plan is ready, is of these bytes, and offers what was accepted."""
    if plan.sha256 != sha256 and plan.state != "none":
        raise refuse("stale")
    if plan.state == "nothing" or (plan.state == "ready" and not set(accepted.kinds) & set(plan.kinds)):
        raise refuse("nothing")
    if plan.state != "ready":
        assert plan.words is not None
        raise tk.ValidationError({"mend": [plan.words.render(language())]})
    if unknown := set(accepted.kinds) - set(plan.kinds):
        raise tk.ValidationError(
            {"kinds": [tk._("This file needs no such mending: {names}").format(names=", ".join(sorted(unknown)))]}
        )


def is_large(plan: plans.Plan) -> bool:
    """Whether a job has to do it."""
    return plan.found is not None and plan.found.path.stat().st_size > AT_ONCE


def make(context: Any, plan: plans.Plan, accepted: Accepted) -> None:
    """Mend the file and upload it; commits as ``resource_patch`` does.

    Raises ``ValidationError`` with the sentences of what hinders it; then nothing changed.
    """
    found, told = plan.found, plan.told
    assert found is not None
    assert told is not None
    with tempfile.TemporaryDirectory(prefix="satudata-mend-") as name:
        folder = Path(name)
        answer = _answer(plan, accepted, found, told, folder)
        mended = folder / "mended"
        sha256 = content.sha256_of(mended)
        about = {
            "at": now().isoformat(),
            "kinds": answer["kinds"],
            "made": answer["made"],
            "as_csv": answer["as_csv"],
            "before": found.name,
            "after": answer["name"],
            "before_sha256": plan.sha256,
        }
        kept.keep(found.resource_id, sha256, about, folder / "done.csv")
        try:
            _upload(context, found, mended, answer)
        except (tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound):
            kept.drop(found.resource_id, sha256)
            raise
        new = content.present(content.of_model(model.Resource.get(found.resource_id)))
        if new is not None:
            kept.point(found.resource_id, sha256, new.file_key)


def _answer(
    plan: plans.Plan, accepted: Accepted, found: Content, told: Mapping[str, Any], folder: Path
) -> dict[str, Any]:
    order = {
        "sha256": plan.sha256,
        "digest": told["digest"],
        "changes": str(plan.changes),
        "kinds": list(accepted.kinds),
        "table": told["table"],
        "as_csv": accepted.as_csv or told["to"] != "xlsx",
        "file_out": str(folder / "mended"),
        "done_out": str(folder / "done.csv"),
    }
    try:
        answer = process.mend(found, order, folder)
    except process.Stopped as stopped:
        raise tk.ValidationError({"mend": [words.failed(stopped.code, found.name).render(language())]}) from stopped
    if "refused" in answer:
        raise refuse(answer["refused"])
    if "mended" not in answer:
        said = Report.from_dict(answer).why_unreadable(language())
        raise tk.ValidationError({"mend": [" ".join(said) if said else why("stale", language())]})
    return answer["mended"]


def _upload(context: Any, found: Content, mended: Path, answer: Mapping[str, Any]) -> None:
    # Whoever writes both a dataset and what belongs to it locks the dataset first.
    model.Session.execute(sa.text("select 1 from package where id = :id for update"), {"id": found.package_id})
    model.Session.expire_all()
    resource = model.Resource.get(found.resource_id)
    present = content.present(content.of_model(resource)) if resource is not None else None
    if present is None or present.file_key != found.file_key:
        model.Session.rollback()
        raise refuse("stale")
    values: dict[str, Any] = {"id": found.resource_id}
    if answer["as_csv"]:
        values |= {"format": "CSV", "mimetype": "text/csv"}
    with mended.open("rb") as stream:
        values["upload"] = FileStorage(stream, answer["name"])
        tk.get_action("resource_patch")(context, values)

"""The actions of mending. Sentences are in ``language`` (``id`` or ``en``; without it, that of the request)."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import asking, nudge
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.qa.mending.changes import read_changes
from ckanext.satudata.qa import content
from ckanext.satudata.qa.mending import jobs, kept, making, plans
from ckanext.satudata.qa.mending.logic import schema


def _resource(resource_id: str) -> dict[str, Any]:
    resource = model.Resource.get(resource_id)
    if resource is None or resource.state != "active":
        raise tk.ObjectNotFound(tk._("Resource not found"))
    return content.of_model(resource)


@tk.side_effect_free
def satudata_qa_mend_plan(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What the machine could mend in a file. Nothing is changed by asking.

    :param resource_id: id of the resource
    :type resource_id: string
    :param kinds: list the changes that are made when these kinds are accepted (optional, default: none is listed)
    :type kinds: list of strings, or ``blanks,decimal``
    :param offset: changes to skip (optional, default: 0)
    :type offset: integer
    :param limit: changes to list, at most 500 (optional, default: 50)
    :type limit: integer
    :param language: ``id`` or ``en`` (optional)
    :type language: string

    :returns: ``{"resource_id", "state": "ready" | "nothing" | "waiting" (a job mends it) | "refused" | "none" (no
        check of the present file), "message": sentence or null, "why": [sentence] of an order that failed, "sha256":
        of the judged file, "to": "csv" | "xlsx", "name", "kinds": [{"id", "title", "meaning", "sure": bool, "count",
        "only_csv": bool, "columns": [{"table", "column", "count"}], "examples": [{"table", "row", "column", "before",
        "after", "gone": bool}]}], "total": changes that the asked kinds make, "counts": {kind: changes}, "changes":
        [as examples, with "kind", "title"]}``
    :rtype: dictionary
    :raises ObjectNotFound: no such resource
    :raises NotAuthorized: the reader may not read the report
    """
    data = asking.validated(data_dict, schema.plan(), context)
    tk.check_access("satudata_qa_mend_plan", context, data)
    plan = plans.of(_resource(data["resource_id"]))
    words = data.get("language") or language()
    kinds = data.get("kinds") or []
    counts = Counter(change.kind for change in plan.listed(kinds)) if kinds else Counter[str]()
    return {
        "resource_id": plan.resource_id,
        "state": plan.state,
        "message": plan.words.render(words) if plan.words is not None else None,
        "why": plans.failure(plan),
        "sha256": plan.sha256,
        "to": (plan.told or {}).get("to"),
        "name": plan.found.name if plan.found is not None else "",
        "kinds": plans.shown(plan, words),
        "total": counts.total(),
        "counts": dict(counts),
        "changes": list(plans.lines(plan.listed(kinds), words, data["offset"], data["limit"])),
    }


def satudata_qa_mend(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Mend a file in the kinds that were accepted, and upload it in place of the present one. Large files are mended
    by a job.

    :param resource_id: id of the resource
    :type resource_id: string
    :param sha256: of the file whose plan was accepted (``sha256`` of ``satudata_qa_mend_plan``)
    :type sha256: string
    :param kinds: what was accepted
    :type kinds: list of strings, or ``blanks,decimal``
    :param as_csv: of a workbook write the judged table as CSV (optional, default: false; other formats always become
        a CSV)
    :type as_csv: boolean

    :returns: ``{"resource_id", "state": "done" | "waiting"}``
    :rtype: dictionary
    :raises ValidationError: ``mend``: the file was changed since, is not checked, or what was accepted cannot be done;
        ``dataset``: the dataset may not change now (with the sentence of the form)
    """
    data = asking.validated(data_dict, schema.mend(), context)
    tk.check_access("satudata_qa_mend", context, data)
    plan = plans.of(_resource(data["resource_id"]))
    accepted = making.Accepted(tuple(data["kinds"]), data["as_csv"])
    making.check(plan, data["sha256"], accepted)
    if not making.is_large(plan):
        making.make(context, plan, accepted)
        return {"resource_id": plan.resource_id, "state": "done"}
    assert plan.found is not None
    order = {"state": "waiting", "at": now().isoformat(), "sha256": plan.sha256, "file_key": plan.found.file_key}
    kept.write_order(plan.resource_id, order)
    wanted = json.dumps({"kinds": accepted.kinds, "as_csv": accepted.as_csv})
    nudge.now(
        jobs.mend, plan.resource_id, context.get("user") or "", plan.sha256, wanted, timeout=jobs.timeout(), urgent=True
    )
    return {"resource_id": plan.resource_id, "state": "waiting"}


@tk.side_effect_free
def satudata_qa_mended(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """How the present file came about, if it was mended here: every change that was made.

    :param resource_id: id of the resource
    :type resource_id: string
    :param offset: changes to skip (optional, default: 0)
    :type offset: integer
    :param limit: changes to list, at most 500 (optional, default: 50)
    :type limit: integer
    :param language: ``id`` or ``en`` (optional)
    :type language: string

    :returns: ``{"at": moment, "made": changes, "kinds": {kind: changes}, "as_csv": bool, "before", "after": names of
        the file, "before_sha256", "sha256", "changes": [as in satudata_qa_mend_plan]}``; ``{}`` for any other file
    :rtype: dictionary
    :raises ObjectNotFound: no such resource
    :raises NotAuthorized: the reader may not read the report
    """
    data = asking.validated(data_dict, schema.mended(), context)
    tk.check_access("satudata_qa_mended", context, data)
    about = kept.of_present(_resource(data["resource_id"]))
    if about is None:
        return {}
    words = data.get("language") or language()
    listed = plans.lines(read_changes(about.pop("changes")), words, data["offset"], data["limit"])
    return {**{key: value for key, value in about.items() if key != "file_key"}, "changes": list(listed)}

"""The page by which something is taken from the public."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from flask.typing import ResponseReturnValue

from ckanext.satudata.publication.withdrawals import versions
from ckanext.satudata.publication.withdrawals.out import TAKEDOWN, UNPUBLISH

FILE, VERSION, WHOLE = "file:", "version:", "dataset"


def answer(reference: str) -> ResponseReturnValue:
    """Show the page, or do what it asks for. 404 for who may not read, 403 for who may take no such step."""
    try:
        dataset = tk.get_action("package_show")({}, {"id": reference})
        available = tk.get_action("satudata_available")({}, {"id": dataset["id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("Dataset not found"))
    steps = {one["transition"]: one for one in available["options"] if one["transition"] in (UNPUBLISH, TAKEDOWN)}
    if not any(one["open"] for one in steps.values()):
        return tk.abort(403, tk._("Only the Walidata takes a published dataset from the public."))
    errors: list[str] = []
    typed = {key: value.strip() for key, value in tk.request.form.items()}
    if tk.request.method == "POST":
        try:
            message = _done(dataset, steps, typed)
        except tk.ValidationError as error:
            errors = _sentences(error.error_dict)
        else:
            tk.h.flash_success(message)
            return tk.redirect_to("satudata.status", id=dataset["id"])
    shown = {
        "pkg_dict": dataset,
        "steps": steps,
        "expected": json.dumps(available["expected"]),
        "content_hash": available["content_hash"],
        "versions": versions.numbers_of(dataset["id"]),
        "typed": typed,
        "errors": errors,
    }
    page = tk.render("satudata/publication/withdrawn_form.html", shown)
    return (page, 400) if errors else page


def _done(dataset: dict[str, Any], steps: dict[str, Any], typed: dict[str, str]) -> str:
    step = typed.get("transition", "")
    if step not in steps:
        raise tk.ValidationError({"transition": [tk._("Choose what shall happen.")]})
    what = typed.get("what", WHOLE)
    if step == TAKEDOWN and not typed.get("sure"):
        raise tk.ValidationError({"sure": [tk._("Confirm that what is taken down is erased for good.")]})
    if step == TAKEDOWN and what != WHOLE:
        asked: dict[str, Any] = {key: typed.get(key, "") for key in ("reason_code", "note")}
        kind, _colon, part = what.partition(":")
        asked["resource_id" if f"{kind}:" == FILE else "version"] = part
        tk.get_action("satudata_takedown_part")({}, {"id": dataset["id"], **asked})
        return tk._("Taken down. What it held is erased.")
    keys = ("expected", "content_hash", "reason_code", "note", "reason")
    asked = {key: typed[key] for key in keys if typed.get(key)}
    found = tk.get_action("satudata_transition")({}, {"id": dataset["id"], "transition": step, **asked})
    return str(found["message"])


def _sentences(errors: Any) -> list[str]:
    """Every sentence of a refusal, once."""
    found: list[str] = []
    for key, said in errors.items():
        if key in ("now", "missing"):
            continue
        for one in said if isinstance(said, list) else [said]:
            found.append(str(one["text"]) if isinstance(one, dict) else str(one))
    return list(dict.fromkeys(found))

"""The page for small changes of a published dataset: the few fields that need no review."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import forms
from ckanext.satudata.metadata import access, form, pages

satudata_minor = forms.protected(Blueprint("satudata_minor", __name__))
OPTION = "ckanext.satudata.free_fields"


@satudata_minor.route("/dataset/<id>/perubahan-kecil", methods=["GET", "POST"])
def minor(id: str) -> ResponseReturnValue:  # noqa: A002
    """The fields that change without a review, and what has to become a working copy."""
    dataset = access.dataset_to_edit(id)
    if dataset["state"] == "deleted":
        tk.abort(404, tk._("Dataset not found"))
    fields = free_fields(dataset)
    if tk.request.method != "POST":
        return _page(dataset, fields)
    sent = pages.typed(fields, tk.request.form)
    changed = {name: value for name, value in sent.items() if _plain(value) != _plain(dataset.get(name))}
    if not changed:
        return _page(dataset, fields, sent, {"": [tk._("Nothing differs.")]})
    try:
        tk.get_action("satudata_minor_change")({}, {"id": dataset["id"], "fields": changed})
    except tk.ValidationError as error:
        return _page(dataset, fields, sent, _at_fields(error.error_dict))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    tk.h.flash_success(tk._("Saved and public at once. The history keeps what was there before."))
    return tk.redirect_to("dataset.read", id=dataset["name"])


def free_fields(dataset: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of the form that may change without a review, in the order of the form."""
    configured = tk.config.get(OPTION) or ()
    free = configured.split() if isinstance(configured, str) else configured
    schema = form.schema_of(dataset["type"]) or {"dataset_fields": []}
    return [
        dict(field)
        for field in schema["dataset_fields"]
        if field["field_name"] in free and field.get("form_snippet", "") is not None
    ]


def _plain(value: Any) -> str:
    """What a value says; an empty part of a row, and the way lines end, say nothing."""
    if isinstance(value, list):
        rows = [{k: v for k, v in one.items() if v} if isinstance(one, dict) else one for one in value]
        return json.dumps([row for row in rows if row], sort_keys=True)
    return str(value or "").replace("\r\n", "\n").strip()


def _at_fields(errors: dict[str, Any]) -> dict[str, Any]:
    """A refusal that names its field stands there; the others on top."""
    found: dict[str, Any] = {}
    for name, said in errors.items():
        if name != "reasons":
            found[name] = said
            continue
        for one in said:
            found.setdefault(one.get("field") or "", []).append(one["text"])
    return found


def _page(
    dataset: dict[str, Any],
    fields: list[dict[str, Any]],
    values: dict[str, Any] | None = None,
    errors: dict[str, Any] | None = None,
) -> ResponseReturnValue:
    case = tk.get_action("satudata_case_show")({}, {"id": dataset["id"]})
    copy = tk.get_action("satudata_copy_show")({}, {"id": dataset["id"]})
    page = tk.render(
        "satudata/metadata/minor.html",
        {
            "pkg_dict": dataset,
            "fields": fields,
            "data": {**dataset, **(values or {})},
            "errors": errors or {},
            "lines": pages.error_lines(errors or {}, fields),
            "is_open": bool(fields) and case["state"] == "published" and not copy["open"] and not copy["is_copy"],
            "copy": copy,
        },
    )
    return page, 400 if errors else 200

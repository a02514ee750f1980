"""Pages for one file: upload it, replace it, say what it is."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import forms
from ckanext.satudata.metadata import access, form, notes, pages

satudata_files = forms.protected(Blueprint("satudata_files", __name__))


@satudata_files.route("/dataset/<id>/resource/new", methods=["GET", "POST"])
def new_file(id: str) -> ResponseReturnValue:  # noqa: A002
    """Upload a table."""
    dataset = access.dataset_to_edit(id)
    if form.schema_of(dataset["type"]) is None:
        return tk.redirect_to(f"{dataset['type']}_resource.new", id=id)
    return _page_or_save(dataset, {})


@satudata_files.route("/dataset/<id>/resource/<resource_id>/edit", methods=["GET", "POST"])
def edit_file(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """Replace a table, or say something else about it."""
    dataset = access.dataset_to_edit(id)
    if form.schema_of(dataset["type"]) is None:
        return tk.redirect_to(f"{dataset['type']}_resource.edit", id=id, resource_id=resource_id)
    return _page_or_save(dataset, access.resource_of(dataset, resource_id))


def _page_or_save(dataset: dict[str, Any], resource: dict[str, Any]) -> ResponseReturnValue:
    frozen = access.why_frozen(dataset)
    if frozen and tk.request.method != "POST":
        return tk.render("satudata/metadata/frozen.html", {"pkg_dict": dataset, "why": frozen})
    if tk.request.method == "POST":
        return _save(dataset, resource)
    return _page(dataset, resource, resource)


def _save(dataset: dict[str, Any], resource: dict[str, Any]) -> ResponseReturnValue:
    values = _typed(dataset, resource)
    refused = notes.save(dataset, tk.request.form)
    if refused:
        return _page(dataset, resource, values, {"penjelasan": refused})
    if not values.get("upload") and not values.get("url") and not resource:
        errors = {"upload": [tk._("Choose a file first.")]}
        return _page(dataset, resource, values, errors)
    try:
        if resource:
            saved = tk.get_action("resource_patch")({}, {"id": resource["id"], **values})
        else:
            saved = tk.get_action("resource_create")({}, {"package_id": dataset["id"], **values})
    except tk.ValidationError as error:
        return _page(dataset, resource, values, _in_words(error.error_dict))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    if values.get("upload"):
        tk.h.flash_success(tk._("The file is saved and is being checked now."))
    elif "url" in values:
        tk.h.flash_success(tk._("The link is saved."))
    else:
        tk.h.flash_success(tk._("Saved. Only your organization can see this draft."))
    if values.get("upload"):
        return tk.redirect_to(report_url(dataset, saved["id"]))
    return tk.redirect_to(_link_url(dataset, saved) or _files_url(dataset))


def _typed(dataset: dict[str, Any], resource: dict[str, Any]) -> dict[str, Any]:
    sent = tk.request.form
    values: dict[str, Any] = {
        field["field_name"]: sent[field["field_name"]] for field in _asked(dataset) if field["field_name"] in sent
    }
    upload, link = tk.request.files.get("upload"), sent.get("url", "").strip()
    if upload is not None and upload.filename:
        values.update({"upload": upload, "url": upload.filename, "url_type": "upload"})
        values["format"] = _format(upload.filename)
        if not values.get("name", "").strip():
            values["name"] = PurePath(upload.filename.replace("\\", "/")).stem[:300]
    elif link and link != resource.get("url"):
        values.update({"url": link, "url_type": "", "format": _format(link.split("?")[0])})
    return values


def _format(filename: str) -> str:
    """The ending of a file's name; CKAN guesses a format for new files only, and the old one must not stay."""
    return PurePath(filename).suffix.lstrip(".").upper()[:20]


def _asked(dataset: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a file besides the file itself."""
    schema = form.schema_of(dataset["type"]) or {"resource_fields": []}
    return [
        dict(field)
        for field in schema["resource_fields"]
        if field["field_name"] != "url" and field.get("form_snippet", "") is not None
    ]


def _in_words(errors: dict[str, Any]) -> dict[str, Any]:
    """CKAN's own words about an upload, in ours."""
    if "upload" in errors and any("large" in str(one) for one in pages.flat_words(errors["upload"])):
        limit = tk.config.get("ckan.max_resource_size")
        errors["upload"] = [
            tk._("The file is larger than {limit} MB. Leave out columns or rows, or ask the Walidata.").format(
                limit=limit
            )
        ]
    return errors


def _page(
    dataset: dict[str, Any], resource: dict[str, Any], data: dict[str, Any], errors: dict[str, Any] | None = None
) -> ResponseReturnValue:
    schema = form.schema_of(dataset["type"]) or {}
    state = form.completeness_of(dataset)
    open_notes = notes.of_dataset(dataset)
    fields = notes.at_fields(_asked(dataset), open_notes, resource.get("id"))
    labelled = [*fields, {"field_name": "upload", "label": tk._("File")}, {"field_name": "url", "label": tk._("Link")}]
    page = tk.render(
        "satudata/metadata/file.html",
        {
            "pkg_dict": dataset,
            "resource": resource,
            "fields": fields,
            "notes_here": [one for one in notes.at_file(open_notes, resource["id"]) if one["target_type"] != "field"]
            if resource
            else [],
            "data": {key: value for key, value in data.items() if key != "upload"},
            "errors": errors or {},
            "lines": pages.error_lines(errors or {}, labelled),
            "limit": tk.config.get("ckan.max_resource_size"),
            "state": state,
            "steps": pages.steps(schema, dataset, state, pages.FILES),
        },
    )
    return page, 400 if errors else 200


def _files_url(dataset: dict[str, Any]) -> str:
    return tk.url_for("satudata_form.files", id=dataset["name"])


def _link_url(dataset: dict[str, Any], saved: dict[str, Any]) -> str | None:
    """The page that tells whether the file of a link was fetched; ``None`` for what lies here."""
    if saved.get("url_type") or not saved.get("url"):
        return None
    return tk.url_for("satudata_links.page", id=dataset["name"], resource_id=saved["id"])


def report_url(dataset: dict[str, Any], resource_id: str) -> str:
    """The report on a file, while the checks are part of the portal; else the page of the file."""
    name = "satudata_qa.report"
    if name in current_app.view_functions:
        return tk.url_for(name, id=dataset["name"], resource_id=resource_id)
    return tk.url_for("dataset_resource.read", id=dataset["name"], resource_id=resource_id)

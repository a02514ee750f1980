"""Pages of the form: one for each section, one for the files, one for the data dictionary of a file.

They stand at CKAN's own addresses (``/dataset/new``, ``/dataset/edit/<id>``, ``…/resource/new``), so every link of
CKAN and of other extensions leads here. Every page works without JavaScript; nothing is saved but by a POST.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import forms
from ckanext.satudata.metadata import access, form, notes, pages
from ckanext.satudata.metadata.dictionary_files import satudata_dictionary_files
from ckanext.satudata.metadata.dictionary_pages import satudata_dictionary
from ckanext.satudata.metadata.file_pages import satudata_files
from ckanext.satudata.metadata.minor_pages import satudata_minor

satudata_form = forms.protected(Blueprint("satudata_form", __name__))
blueprints = [satudata_form, satudata_files, satudata_dictionary, satudata_dictionary_files, satudata_minor]


@satudata_form.route("/dataset/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """The first section of a dataset that is not there yet."""
    access.may_create()
    schema = form.schema_of("dataset")
    if schema is None:
        return tk.abort(404)
    section = pages.sections(schema)[0]["key"]
    fields = pages.shown_fields(schema, section, {})
    if tk.request.method != "POST":
        return _section_page(schema, {}, section, values=_defaults(fields))
    values = pages.typed(fields, tk.request.form)
    try:
        dataset = tk.get_action("package_create")({}, {**values, "type": "dataset"})
    except tk.ValidationError as error:
        return _section_page(schema, {}, section, values=values, errors=error.error_dict)
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You may not add datasets to this organization."))
    return _saved(schema, dataset, section, fields)


@satudata_form.route("/dataset/edit/<id>", methods=["GET", "POST"], defaults={"section": None})
@satudata_form.route("/dataset/edit/<id>/<section>", methods=["GET", "POST"], endpoint="section")
def edit(id: str, section: str | None) -> ResponseReturnValue:  # noqa: A002
    """One section of a dataset."""
    dataset = access.dataset_to_edit(id)
    schema = form.schema_of(dataset["type"])
    if schema is None:
        return tk.redirect_to(f"{dataset['type']}.edit", id=id)
    keys = [one["key"] for one in pages.sections(schema)]
    here = section or str(keys[0])
    if here not in keys:
        return tk.abort(404)
    frozen = access.why_frozen(dataset)
    if frozen and tk.request.method != "POST":
        return tk.render("satudata/metadata/frozen.html", {"pkg_dict": dataset, "why": frozen})
    if tk.request.method == "POST":
        return _save_section(schema, dataset, here)
    return _section_page(schema, dataset, here)


def _save_section(schema: Any, dataset: dict[str, Any], section: str) -> ResponseReturnValue:
    fields = pages.shown_fields(schema, section, dataset)
    values = pages.typed(fields, tk.request.form)
    accepted = tk.request.form.get("accept", "")
    offer = pages.proposals(fields, {**dataset, **values}).get(accepted)
    if offer is not None:
        values[accepted] = offer["value"]
    refused = notes.save(dataset, tk.request.form)
    if refused:
        return _section_page(schema, dataset, section, values=values, errors={"penjelasan": refused})
    try:
        saved = tk.get_action("package_patch")({}, {"id": dataset["id"], **values})
    except tk.ValidationError as error:
        return _section_page(schema, dataset, section, values=values, errors=error.error_dict)
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    if offer is not None:
        return tk.redirect_to(form.page_of(saved, section, f"field-{accepted}"))
    return _saved(schema, saved, section, fields)


def _saved(schema: Any, dataset: dict[str, Any], section: str, fields: list[dict[str, Any]]) -> ResponseReturnValue:
    tk.h.flash_success(tk._("Saved. Only your organization can see this draft."))
    asked = pages.newly_asked(fields, schema, section, dataset)
    if asked:
        return tk.redirect_to(form.page_of(dataset, section, f"field-{asked[0]['field_name']}"))
    if tk.request.form.get("save") != "next":
        return tk.redirect_to(form.page_of(dataset, section))
    keys = [one["key"] for one in pages.sections(schema)]
    following = keys.index(section) + 1
    if following < len(keys):
        return tk.redirect_to(form.page_of(dataset, keys[following]))
    if dataset.get("resources"):
        return tk.redirect_to("satudata_form.files", id=dataset["name"])
    return tk.redirect_to("satudata_files.new_file", id=dataset["name"])


def _section_page(
    schema: Any,
    dataset: dict[str, Any],
    section: str,
    *,
    values: dict[str, Any] | None = None,
    errors: dict[str, Any] | None = None,
) -> ResponseReturnValue:
    shown = {**dataset, **(values or {})}
    fields = pages.shown_fields(schema, section, shown)
    state = form.completeness_of(dataset or {"type": "dataset"})
    all_fields = [field for field in schema["dataset_fields"] if field.get("form_snippet", "") is not None]
    keys = [one["key"] for one in pages.sections(schema)]
    here = keys.index(section)
    page = tk.render(
        "satudata/metadata/section.html",
        {
            "pkg_dict": dataset,
            "section": pages.sections(schema)[here],
            "number": here + 1,
            "of": len(keys) + 1,
            "following": pages.sections(schema)[here + 1] if here + 1 < len(keys) else None,
            "groups": pages.grouped(notes.at_fields(pages.dressed(fields, shown, state), notes.of_dataset(dataset))),
            "data": shown,
            "errors": errors or {},
            "lines": pages.error_lines(errors or {}, all_fields),
            "state": state,
            "steps": pages.steps(schema, dataset, state, section),
        },
    )
    return page, 400 if errors else 200


def _defaults(fields: list[dict[str, Any]]) -> dict[str, Any]:
    """The organization one comes from, or the only one there is to choose."""
    available = tk.h.organizations_available("create_dataset")
    asked = tk.request.args.get("group") or tk.request.args.get("owner_org")
    chosen = [one["id"] for one in available if asked in (one["id"], one["name"])]
    if not chosen and len(available) == 1:
        chosen = [available[0]["id"]]
    return {"owner_org": chosen[0]} if chosen and any(field["field_name"] == "owner_org" for field in fields) else {}


@satudata_form.get("/dataset/<id>/tabel")
def files(id: str) -> ResponseReturnValue:  # noqa: A002
    """The files of a dataset, with what can be done with each."""
    dataset = access.dataset_to_edit(id)
    schema = form.schema_of(dataset["type"])
    if schema is None:
        return tk.redirect_to(f"{dataset['type']}.resources", id=id)
    state = form.completeness_of(dataset)
    return tk.render(
        "satudata/metadata/files.html",
        {
            "pkg_dict": dataset,
            "why": access.why_frozen(dataset),
            "state": state,
            "steps": pages.steps(schema, dataset, state, pages.FILES),
        },
    )

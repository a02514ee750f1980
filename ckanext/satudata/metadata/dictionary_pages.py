"""The page of a file's data dictionary: what each column means, proposed from the file, confirmed by a person."""

from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import forms
from ckanext.satudata.metadata import access, file_pages, form, notes, pages
from ckanext.satudata.metadata.dictionary import same_name

satudata_dictionary = forms.protected(Blueprint("satudata_dictionary", __name__))

PARTS = ("kolom", "label", "tipe", "satuan", "daftar", "edisi", "definisi", "nilai")
FLAGS = ("wajib", "kunci")


@satudata_dictionary.route("/dataset/<id>/resource/<resource_id>/kamus", methods=["GET", "POST"])
def edit(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """Show and store the data dictionary."""
    dataset = access.dataset_to_edit(id)
    resource = access.resource_of(dataset, resource_id)
    if tk.request.method == "POST":
        return _save(dataset, resource)
    frozen = access.why_frozen(dataset)
    if frozen:
        return tk.render("satudata/metadata/frozen.html", {"pkg_dict": dataset, "why": frozen})
    stored = tk.get_action("satudata_dictionary_show")({}, {"resource_id": resource["id"]})["columns"]
    proposal = tk.get_action("satudata_dictionary_propose")({}, {"resource_id": resource["id"]})
    anew = bool(tk.request.args.get("usulan"))
    return _page(dataset, resource, _merged([] if anew else stored, proposal["columns"]), proposal)


def _save(dataset: dict[str, Any], resource: dict[str, Any]) -> ResponseReturnValue:
    columns = typed(tk.request.form)
    refused = notes.save(dataset, tk.request.form)
    if refused:
        proposal = tk.get_action("satudata_dictionary_propose")({}, {"resource_id": resource["id"]})
        return _page(dataset, resource, columns, proposal, {"penjelasan": refused})
    try:
        tk.get_action("satudata_dictionary_update")({}, {"resource_id": resource["id"], "columns": columns})
    except tk.ValidationError as error:
        proposal = tk.get_action("satudata_dictionary_propose")({}, {"resource_id": resource["id"]})
        return _page(dataset, resource, columns, proposal, error.error_dict)
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    tk.h.flash_success(tk._("The data dictionary is saved. The file is checked by it now."))
    return tk.redirect_to(file_pages.report_url(dataset, resource["id"]))


def typed(sent: Any) -> list[dict[str, Any]]:
    """The columns as they were sent: ``kolom-0``, ``tipe-0``, …; columns marked for removal are left out."""
    numbers = sorted({int(match.group(1)) for key in sent if (match := re.fullmatch(r"kolom-(\d{1,4})", key))})
    return [_column(sent, number) for number in numbers if f"hapus-{number}" not in sent]


def _column(sent: Any, number: int) -> dict[str, Any]:
    column: dict[str, Any] = {part: sent.get(f"{part}-{number}", "") for part in PARTS if part != "nilai"}
    column.update({flag: f"{flag}-{number}" in sent for flag in FLAGS})
    column["nilai"] = [line.strip() for line in sent.get(f"nilai-{number}", "").splitlines() if line.strip()]
    return column


def _merged(stored: list[dict[str, Any]], proposed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stored columns first, in their order; a column the file has and nobody described yet comes as a proposal.

    ``_new`` marks a proposed column, ``_gone`` a described one that the present file does not have.
    """
    there = {_key(column): column for column in proposed}
    known = {_key(column) for column in stored}
    found = [{**column, "_gone": bool(there) and _key(column) not in there} for column in stored]
    return found + [{**column, "_new": True} for column in proposed if _key(column) not in known]


def _key(column: dict[str, Any]) -> str:
    return same_name(str(column.get("kolom") or ""))


def _page(
    dataset: dict[str, Any],
    resource: dict[str, Any],
    columns: list[dict[str, Any]],
    proposal: dict[str, Any],
    errors: dict[str, Any] | None = None,
) -> ResponseReturnValue:
    schema = form.schema_of(dataset["type"]) or {"sections": [], "dataset_fields": []}
    state = form.completeness_of(dataset)
    said = (errors or {}).get("columns") or []
    other = [text for key, value in (errors or {}).items() if key != "columns" for text in pages.flat_words(value)]
    page = tk.render(
        "satudata/metadata/dictionary.html",
        {
            "pkg_dict": dataset,
            "resource": resource,
            "columns": columns,
            "checked": proposal["checked"],
            "types": tk.h.satudata_choices({"list": "tipe_kolom"}),
            "units": tk.h.satudata_choices({"list": "satuan"}),
            "lists": tk.get_action("satudata_reference_list")({}, {}),
            "said": said,
            "other": other,
            "notes_at": notes.at_columns(notes.of_dataset(dataset), resource["id"]),
            "state": state,
            "steps": pages.steps(schema, dataset, state, pages.FILES),
            "report_url": file_pages.report_url(dataset, resource["id"]),
        },
    )
    return page, 400 if errors else 200

"""The page of a file's data dictionary: what each column means, proposed from the file, confirmed by a person."""

from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint
from flask.typing import ResponseReturnValue

from ckanext.satudata.bridge import forms
from ckanext.satudata.core.stored import parsed
from ckanext.satudata.core.text import Text
from ckanext.satudata.metadata import access, file_pages, form, notes, pages
from ckanext.satudata.metadata.dictionary import FLAGS, KEYS, same_name

satudata_dictionary = forms.protected(Blueprint("satudata_dictionary", __name__))

LISTS = ("nilai", "tanda_kosong")
LIMITS = ("minimal", "maksimal", "pola", "unik", "aditif", *LISTS)
PARTS = tuple(key for key in KEYS if key not in (*FLAGS, *LISTS, "skema"))


@satudata_dictionary.route("/dataset/<id>/resource/<resource_id>/kamus", methods=["GET", "POST"])
def edit(id: str, resource_id: str) -> ResponseReturnValue:  # noqa: A002
    """Show and store the data dictionary."""
    dataset = access.dataset_to_edit(id)
    resource = access.resource_of(dataset, resource_id)
    if tk.request.method == "POST":
        return _save(dataset, resource)
    return shown(dataset, resource)


def shown(
    dataset: dict[str, Any],
    resource: dict[str, Any],
    *,
    brought: list[dict[str, Any]] | None = None,
    errors: dict[str, Any] | None = None,
) -> ResponseReturnValue:
    """The editor with what is stored, or with ``brought``: columns from a file somebody has, which are not stored."""
    frozen = access.why_frozen(dataset)
    if frozen:
        return tk.render("satudata/metadata/frozen.html", {"pkg_dict": dataset, "why": frozen})
    found = tk.get_action("satudata_dictionary_show")({}, {"resource_id": resource["id"]})
    proposal = tk.get_action("satudata_dictionary_propose")({}, {"resource_id": resource["id"]})
    stored = [] if tk.request.args.get("usulan") else _known(found) if brought is None else brought
    more = {"stored": found["stored"], "problem": found["problem"], "brought": len(brought or ())}
    return _page(dataset, resource, _merged(stored, proposal["columns"]), proposal, errors, more)


FROM_SCHEMA = Text(
    id="Dari Table Schema file ini.",
    en="From the Table Schema of this file.",
)


def _known(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Stored columns; those of a Table Schema are proposals until a person saves them."""
    if found["source"] != "schema":
        return found["columns"]
    return [{**column, "_new": True, "why": FROM_SCHEMA.to_dict()} for column in found["columns"]]


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
    column: dict[str, Any] = {part: sent.get(f"{part}-{number}", "") for part in PARTS}
    column.update({flag: f"{flag}-{number}" in sent for flag in FLAGS})
    for part in LISTS:
        column[part] = [line.strip() for line in sent.get(f"{part}-{number}", "").splitlines() if line.strip()]
    return {**column, "skema": parsed(sent.get(f"skema-{number}", ""))}


def _merged(stored: list[dict[str, Any]], proposed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stored columns first, in their order; a column the file has and nobody described yet comes as a proposal.

    ``_new`` marks a proposed column, ``_gone`` a described one that the present file does not have.
    """
    there = {_key(column): column for column in proposed}
    known = {_key(column) for column in stored}
    found = [{**column, "_gone": bool(there) and _key(column) not in there} for column in stored]
    return found + [{**column, "_new": True} for column in proposed if _key(column) not in known]


def _with_limits(column: dict[str, Any]) -> dict[str, Any]:
    """The column with what its form needs to know: whether its values are limited, what was said of adding up."""
    said = any(column.get(part) not in (None, "", [], False) for part in LIMITS) or column.get("aditif") is False
    added = {True: "ya", False: "tidak", "ya": "ya", "tidak": "tidak"}.get(column.get("aditif", ""), "")
    bounds = any(column.get(part) == 0 for part in ("minimal", "maksimal"))
    return {**column, "_limited": said or bounds, "_added": added}


def _key(column: dict[str, Any]) -> str:
    return same_name(str(column.get("kolom") or ""))


def _page(
    dataset: dict[str, Any],
    resource: dict[str, Any],
    columns: list[dict[str, Any]],
    proposal: dict[str, Any],
    errors: dict[str, Any] | None = None,
    more: dict[str, Any] | None = None,
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
            "columns": [_with_limits(column) for column in columns],
            "checked": proposal["checked"],
            "types": tk.h.satudata_choices({"list": "tipe_kolom"}),
            "units": tk.h.satudata_choices({"list": "satuan"}),
            "measures": tk.h.satudata_choices({"list": "ukuran"}),
            "lists": tk.get_action("satudata_reference_list")({}, {}),
            "said": said,
            "other": other,
            "notes_at": notes.at_columns(notes.of_dataset(dataset), resource["id"]),
            "state": state,
            "steps": pages.steps(schema, dataset, state, pages.FILES),
            "report_url": file_pages.report_url(dataset, resource["id"]),
            **(more or {"stored": False, "problem": None, "brought": 0}),
        },
    )
    return page, 400 if errors else 200

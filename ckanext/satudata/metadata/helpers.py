"""Template helpers of `metadata`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import rulebook
from ckanext.satudata.bridge.language import language
from ckanext.satudata.metadata import form


def satudata_choices(field: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Choices of a field from its reference list, as scheming wants them: ``[{"value", "label", …}]``."""
    codes = rulebook.lists()[field["list"]]
    english = language() == "en"
    return [
        {
            "value": entry.code,
            "label": (f"{entry.code} " if field.get("show_code") else "") + _in(entry, "name", english, entry.name),
            "description": _in(entry, "description", english, ""),
            "group": _in(entry, "group", english, ""),
        }
        for entry in codes
    ]


def _in(entry: Any, part: str, english: bool, default: str) -> str:
    plain = entry.properties.get(part, default)
    return entry.properties.get(f"{part}_en", plain) if english else plain


def satudata_list_label(list_key: str, code: str) -> str:
    """The name of a code in a shipped list; the code itself if it is unknown."""
    codes = rulebook.lists().get(list_key)
    entry = codes.get(code) if codes is not None else None
    return _in(entry, "name", language() == "en", entry.name) if entry is not None else code


def satudata_region_names(codes: list[str]) -> list[dict[str, str | None]]:
    """``[{"code", "name"}]`` of region codes; ``name`` is ``None`` for a code the loaded list does not have."""
    try:
        found = tk.get_action("satudata_reference_lookup")(
            {"ignore_auth": True}, {"list": "wilayah_kemendagri", "codes": codes}
        )["names"]
    except tk.ObjectNotFound:
        found = {}
    provinces = rulebook.lists()["provinsi"]
    shipped = {code: entry.name for code in codes if (entry := provinces.get(code)) is not None}
    return [{"code": code, "name": found.get(code) or shipped.get(code)} for code in codes]


def satudata_field_url(dataset: Mapping[str, Any], field: str | None) -> str:
    """Path of the place where a field is mended: its section of the form, or the page of the files."""
    known = form.form_of(str(dataset.get("type") or "dataset"))
    found = known.field(field) if known is not None and field else None
    if found is not None:
        return form.page_of(dataset, found.section, found.anchor)
    return tk.url_for("satudata_form.files", id=dataset.get("name") or dataset["id"])


def satudata_metadata_sections(dataset: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The description by sections, for reading: ``[{"key", "title", "fields": [{"field", "value"}]}]``.

    Empty fields are left out, and so are the dataset's title and its organization, which pages show themselves.
    """
    schema = form.schema_of(str(dataset.get("type") or "dataset"))
    if schema is None:
        return []
    shown = [field for field in schema["dataset_fields"] if field["field_name"] not in ("title", "name", "owner_org")]
    return [
        {
            "key": section["key"],
            "title": tk.h.scheming_language_text(section["title"]),
            "fields": [
                {"field": field, "value": dataset[field["field_name"]]}
                for field in shown
                if field.get("section") == section["key"] and dataset.get(field["field_name"])
            ],
        }
        for section in schema["sections"]
    ]

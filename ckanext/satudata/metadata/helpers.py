"""Template helpers of `metadata`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import rulebook
from ckanext.satudata.bridge.language import language
from ckanext.satudata.metadata import form, notes, office


def satudata_choices(field: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Choices of a field from its reference list, as scheming wants them.

    ``[{"value": code, "name": in Indonesian, "label", "description", "group"}]``, the last three in the language of
    the reader.
    """
    codes = rulebook.lists()[field["list"]]
    english = language() == "en"
    return [
        {
            "value": entry.code,
            "name": entry.name,
            "label": (f"{entry.code} " if field.get("show_code") else "") + _in(entry, "name", english, entry.name),
            "description": _in(entry, "description", english, ""),
            "group": _in(entry, "group", english, ""),
        }
        for entry in codes
    ]


def _in(entry: Any, part: str, english: bool, default: str) -> str:
    plain = entry.properties.get(part, default)
    return entry.properties.get(f"{part}_en", plain) if english else plain


def satudata_organization_choices(_field: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every active organization, ``{"value": id, "name", "label": title}`` by title."""
    return [{"value": one.id, "name": one.name, "label": one.title or one.name} for one in office.active()]


def satudata_role_choices(_field: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The roles a person can hold in the portal's workflows, as choices."""
    return [{"value": key, "name": key, "label": label} for key, label in office.roles().items()]


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


def satudata_open_notes(dataset: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """What the reviewers still ask of the reader, each with ``url``: the place where it is mended."""
    return notes.of_dataset(dataset or {})

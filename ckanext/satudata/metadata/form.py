"""The schema in use, as the form and the check of completeness see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import rulebook
from ckanext.satudata.core.metadata.completeness import Completeness, check
from ckanext.satudata.core.metadata.form import Form, read_form


def schema_of(dataset_type: str) -> Mapping[str, Any] | None:
    """The expanded scheming schema of a dataset type; ``None`` if none is configured or it has no sections."""
    schema = tk.h.scheming_get_dataset_schema(dataset_type)
    return schema if schema is not None and schema.get("sections") else None


def form_of(dataset_type: str) -> Form | None:
    """The form of a dataset type; ``None`` for types that are not described by our kind of schema."""
    schema = schema_of(dataset_type)
    return read_form(schema) if schema is not None else None


def completeness_of(dataset: Mapping[str, Any]) -> Completeness | None:
    """How complete a dataset is; ``None`` if its type has no such form."""
    form = form_of(str(dataset.get("type") or "dataset"))
    return check(form, dataset, rulebook.lists()) if form is not None else None


def page_of(dataset: Mapping[str, Any], section: str, anchor: str = "") -> str:
    """Path of the page where a section is filled in."""
    url = tk.url_for("satudata_form.section", id=dataset.get("name") or dataset["id"], section=section)
    return f"{url}#{anchor}" if anchor else url

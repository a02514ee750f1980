"""A data dictionary as files to take along: the template, Table Schema, CSV, MS-Var."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.munge import munge_name

from ckanext.satudata.bridge import contributions
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.qa import dictionary_file, given
from ckanext.satudata.core.qa.dictionary import Column, DictionaryError, from_dicts
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.ms_var import to_ms_var
from ckanext.satudata.core.qa.table_schema import to_table_schema
from ckanext.satudata.core.stored import parsed
from ckanext.satudata.core.text import Text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"xlsx": XLSX, "json": "application/json", "csv": "text/csv"}
TEMPLATE, SCHEMA, TABLE = "templat.xlsx", "skema.json", "kamus.csv"
MS_VAR, MS_VAR_TABLE = "ms-var.json", "ms-var.csv"
FORMS = (TEMPLATE, SCHEMA, TABLE, MS_VAR, MS_VAR_TABLE)

NONE_YET = Text(
    id="Kamus data file ini belum disimpan. Simpan dulu, lalu unduh.",
    en="The data dictionary of this file is not saved yet. Save it first, then download.",
)


def columns(resource: Mapping[str, Any]) -> list[Column]:
    """What is given for a file; raises ``ValidationError`` (key ``dictionary``) where there is nothing."""
    found = given.dictionary_given(resource)
    try:
        known = from_dicts(found.columns)
    except DictionaryError as error:  # stored by a version with other rules
        raise tk.ValidationError({"dictionary": [error.sentence(language())]}) from error
    if not known:
        raise tk.ValidationError({"dictionary": [(found.problem or NONE_YET).render(language())]})
    return known


def template(resource: Mapping[str, Any]) -> bytes:
    """The template of a file as XLSX."""
    known = columns(resource)
    dataset = tk.get_action("package_show")({"ignore_auth": True}, {"id": resource["package_id"]})
    regions = parsed(dataset.get("kode_wilayah"))
    files = tk.get_action("satudata_reference_files")({"ignore_auth": True}, {})
    wanted = {column.list for column in known}
    return _made(
        tuple(known),
        tuple(sorted(path for key, path in files.items() if key in wanted)),
        tuple(contributions.rulebooks()),
        str(resource.get("name") or dataset.get("title") or ""),
        tuple(str(code) for code in regions) if isinstance(regions, list) else (),
        language(),
    )


@lru_cache(maxsize=8)
def _made(
    known: tuple[Column, ...],
    files: tuple[str, ...],
    rulebooks: tuple[Path, ...],
    name: str,
    regions: tuple[str, ...],
    spoken: str,
) -> bytes:
    """The same dictionary and lists give the same file; a list of all villages takes a second to read. ``files`` are
    loaded lists, whose content never changes; they come before those of the rulebooks."""
    from ckanext.satudata.core.qa.template.workbook import write_template

    lists = Lists.from_files(Path(path) for path in files)
    for folder in rulebooks:
        lists.add_rulebook(folder)
    return write_template(known, lists, name=name, language=spoken, regions=regions)


def content(resource: Mapping[str, Any], form: str) -> bytes:
    """The dictionary of a file in one of :data:`FORMS`."""
    if form == TEMPLATE:
        return template(resource)
    known = columns(resource)
    if form == TABLE:
        return dictionary_file.to_csv(known).encode()
    if form == MS_VAR_TABLE:
        return dictionary_file.ms_var_csv(known).encode()
    data: Any = to_table_schema(known) if form == SCHEMA else to_ms_var(known)
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def name_of(resource: Mapping[str, Any], form: str) -> str:
    """``<what it is>-<name of the file>.<ending>``, safe in a header."""
    kind, _, ending = form.partition(".")
    words = munge_name(str(resource.get("name") or resource["id"]))[:60].strip("-_") or resource["id"]
    return f"{kind}-{words}.{ending}"

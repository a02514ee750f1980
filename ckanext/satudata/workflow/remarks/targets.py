"""What a note can stand at (the dataset, a field, a file, a column, a check), what people call it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import contributions
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.qa import registry
from ckanext.satudata.core.text import Text
from ckanext.satudata.workflow.model import NoteRow

if TYPE_CHECKING:
    from ckanext.satudata.workflow.standing.cases import Loaded

TYPES = ("dataset", "field", "resource", "column", "check")
DICTIONARY = "kamus_data"

WHOLE = Text("Seluruh dataset", "The whole dataset")
COLUMN = Text("Kolom {name}", "Column {name}")
NO_TARGET = Text("Sebutkan bagian yang diberi catatan.", "Say which part the note is about.")
NO_FILE = Text("File ini tidak ada dalam dataset.", "The dataset has no such file.")
WHICH_FILE = Text("Sebutkan file yang memuat kolom ini.", "Say which file the column is in.")
NO_FIELD = Text("Tidak ada isian “{name}”.", "There is no field “{name}”.")
NO_COLUMN = Text("File ini tidak memuat kolom “{name}”.", "This file has no column “{name}”.")
NO_CHECK = Text("Tidak ada pemeriksaan “{name}”.", "There is no check “{name}”.")


def label_of(loaded: Loaded, kind: str, target: str | None, resource_id: str | None) -> Text:
    """What people call a target; ``ValidationError`` (``target``, ``resource_id``) when the dataset lacks it."""
    content = contributions.subjects()[loaded.row.subject_type].snapshot(loaded.row.subject_id)
    files = {file["id"]: file for file in content.get("resources", ())}
    if resource_id is not None and resource_id not in files:
        raise _wrong("resource_id", NO_FILE)
    file = files[resource_id] if resource_id is not None else None
    if kind == "dataset":
        return WHOLE
    if kind == "resource":
        if file is None:
            raise _wrong("resource_id", NO_FILE)
        return _same(_file_name(file))
    if not target:
        raise _wrong("target", NO_TARGET)
    if kind == "column":
        return _column(file, target)
    found = _check(target) if kind == "check" else _field(_dataset_type(loaded), target, of_file=file is not None)
    if found is None:
        raise _wrong("target", NO_CHECK if kind == "check" else NO_FIELD, name=target)
    if file is None:
        return found
    return _plain(*(f"{found.render(spoken)} · {_file_name(file)}" for spoken in ("id", "en")))


def words(note: NoteRow, dataset_type: str = "dataset") -> Text:
    """What a note stands at, in both languages; as it was written when there is no such thing any more."""
    found: Text | None = None
    if note.target_type == "dataset":
        found = WHOLE
    elif note.target and note.resource_id is None and note.target_type in ("field", "check"):
        is_check = note.target_type == "check"
        found = _check(note.target) if is_check else _field(dataset_type, note.target, of_file=False)
    return found or _same(note.label)


def _field(dataset_type: str, name: str, *, of_file: bool) -> Text | None:
    schema = tk.h.scheming_get_dataset_schema(dataset_type) or tk.h.scheming_get_dataset_schema("dataset") or {}
    fields = schema.get("resource_fields" if of_file else "dataset_fields", [])
    found = next((field for field in fields if field["field_name"] == name), None)
    if found is None:
        return None
    label = found.get("label") or name
    if not isinstance(label, dict):
        return _same(str(label))
    first = str(next(iter(label.values()), name))
    return _plain(str(label.get("id") or first), str(label.get("en") or first))


def _column(file: Mapping[str, Any] | None, name: str) -> Text:
    if file is None:
        raise _wrong("resource_id", WHICH_FILE)
    entry = column_entry(file, name)
    if entry is None and name not in _header(str(file["id"])):
        raise _wrong("target", NO_COLUMN, name=name)
    called = str((entry or {}).get("label") or name)
    return _plain(COLUMN.render("id", name=called), COLUMN.render("en", name=called))


def _header(resource_id: str) -> list[str]:
    """The columns of the table as the file has them; nothing where it was not read yet."""
    table = tk.get_action("satudata_table_show")({"ignore_auth": True}, {"resource_id": resource_id, "limit": 1})
    return [str(name) for name in [*table.get("header", ()), *(column["name"] for column in table.get("columns", ()))]]


def _check(name: str) -> Text | None:
    known = registry.checks().get(name)
    return _plain(f"{name} {known.title.id}", f"{name} {known.title.en}") if known is not None else None


def _dataset_type(loaded: Loaded) -> str:
    package = model.Package.get(loaded.row.subject_id) if loaded.row.subject_type == "dataset" else None
    return (package.type if package is not None else None) or "dataset"


def _file_name(file: Mapping[str, Any]) -> str:
    return str(file.get("name") or file.get("url") or file["id"])


def column_entry(file: Mapping[str, Any], column: str | None) -> dict[str, Any] | None:
    """A column's row of the data dictionary."""
    rows = file.get(DICTIONARY)
    known = rows if isinstance(rows, list) else []
    return next((row for row in known if isinstance(row, dict) and row.get("kolom") == column), None)


def _same(name: str) -> Text:
    return _plain(name, name)


def _plain(indonesian: str, english: str) -> Text:
    """Words in which braces are braces; a :class:`Text` takes them for parameters."""
    escaped = [words_.replace("{", "{{").replace("}", "}}") for words_ in (indonesian, english)]
    return Text(*escaped)


def _wrong(key: str, sentence: Text, **parameters: Any) -> tk.ValidationError:
    return tk.ValidationError({key: [sentence.render(language(), **parameters)]})

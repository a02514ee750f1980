"""A data dictionary that somebody brings along: a file, or plain data sent to the API."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Any

from werkzeug.datastructures import FileStorage

from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.qa.dictionary import Column, DictionaryError
from ckanext.satudata.core.qa.dictionary_file import MOST_BYTES, columns_of, read_dictionary
from ckanext.satudata.core.stored import parsed
from ckanext.satudata.core.text import Text
from ckanext.satudata.metadata.dictionary import MOST_COLUMNS, TOO_MANY

# No YAML: a few lines of it can be made to fill any memory.
ENDINGS = (".json", ".csv", ".xlsx")

NO_FILE = Text(id="Pilih filenya dulu.", en="Choose a file first.")
OTHER_KIND = Text(
    id="File “{name}” tidak dapat dibaca sebagai kamus data. Yang dapat: .json (Table Schema, kamus data, MS-Var), "
    ".csv, atau templat .xlsx dari portal ini.",
    en="The file “{name}” cannot be read as a data dictionary. These can: .json (Table Schema, data dictionary, "
    "MS-Var), .csv, or an .xlsx template of this portal.",
)
NOTHING = Text(
    id="Ini bukan Table Schema, kamus data, atau MS-Var.",
    en="This is no Table Schema, no data dictionary and no MS-Var.",
)


def columns_in(sent: Mapping[str, Any]) -> tuple[list[Column], str | None]:
    """The columns of ``upload`` or ``schema``, or the sentence that says why there are none."""
    upload = sent.get("upload")
    try:
        if isinstance(upload, FileStorage) and upload.filename:
            columns = _of_file(upload)
        elif sent.get("schema"):
            columns = columns_of(parsed(sent["schema"]))
        else:
            return [], NO_FILE.render(language())
    except DictionaryError as error:
        return [], error.sentence(language())
    if columns is None:
        return [], NOTHING.render(language())
    if len(columns) > MOST_COLUMNS:
        return [], TOO_MANY.render(language(), number=len(columns), limit=MOST_COLUMNS)
    return columns, None


def _of_file(upload: FileStorage) -> list[Column]:
    name = PurePath((upload.filename or "").replace("\\", "/")).name
    ending = PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        raise DictionaryError(OTHER_KIND, name=name[:100])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{_safe(name)}{ending}"
        # One byte more than is allowed tells that it is too large.
        path.write_bytes(upload.stream.read(MOST_BYTES + 1))
        return read_dictionary(path)


def _safe(name: str) -> str:
    """A file name people recognise in a sentence, and nothing of a path."""
    return "".join(letter for letter in PurePath(name).stem if letter.isalnum() or letter in " -_")[:80] or "kamus"

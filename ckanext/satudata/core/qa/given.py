"""The data dictionary a file was given: by a person (``kamus_data``), else by a Table Schema in its field ``schema``.

``schema`` is where ckanext-validation keeps one: an object or its JSON text, or an address, which is not fetched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.satudata.core.qa.dictionary import DictionaryError
from ckanext.satudata.core.qa.dictionary_file import refuse_unstorable
from ckanext.satudata.core.qa.plain_data import as_list, as_object
from ckanext.satudata.core.qa.table_schema import from_table_schema
from ckanext.satudata.core.stored import parsed
from ckanext.satudata.core.text import Text

PERSON, SCHEMA = "kamus_data", "schema"
_ADDRESS = Text(
    "Table Schema file ini hanya berupa alamat ({address}), yang tidak diambil. Unggah isinya di halaman kamus data.",
    "The Table Schema of this file is only an address ({address}), which is not fetched. Upload it on the page of the "
    "data dictionary.",
)
_NO_JSON = Text("Table Schema file ini bukan JSON yang utuh.", "The Table Schema of this file is no complete JSON.")


@dataclass(frozen=True, slots=True)
class Given:
    """``columns`` as plain data; ``source`` is ``kamus_data``, ``schema``, or empty when there is no dictionary.

    ``problem`` says why a Table Schema that is there could not be used.
    """

    columns: tuple[Mapping[str, Any], ...] = ()
    source: str = ""
    problem: Text | None = None


def dictionary_given(resource: Mapping[str, Any]) -> Given:
    """What the fields ``kamus_data`` and ``schema`` of a resource say; each may be stored as JSON text."""
    rows = [as_object(row) for row in as_list(parsed(resource.get(PERSON))) or ()]
    columns = tuple(row for row in rows if row is not None)
    return Given(columns, PERSON) if columns else _of_schema(resource.get(SCHEMA))


def _of_schema(stored: object) -> Given:
    if isinstance(stored, str):
        text = stored.strip()
        if not text:
            return Given()
        if not text.startswith(("{", "[")):
            return Given(problem=_final(*(words.format(address=text[:200]) for words in (_ADDRESS.id, _ADDRESS.en))))
        try:
            stored = json.loads(text)
        except (ValueError, RecursionError):
            return Given(problem=_NO_JSON)
    if not stored:
        return Given()
    try:
        refuse_unstorable(stored)
        known = from_table_schema(stored)
    except DictionaryError as error:
        return Given(problem=_final(error.text.id, error.text.en))
    return Given(tuple(_filled(column.to_dict()) for column in known), SCHEMA)


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is not said; that figures are not to be added up, and a bound of 0, are."""
    return {key: value for key, value in row.items() if value or key in ("aditif", "minimal", "maksimal")}


def _final(*sentences: str) -> Text:
    """Sentences with names in them that somebody wrote: their braces are no parameters any more."""
    return Text(*(sentence.replace("{", "{{").replace("}", "}}") for sentence in sentences))

"""A data dictionary in a file: YAML or JSON (a list of columns, or ``kamus_data: [...]``), or CSV."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, cast

from ckanext.satudata.core.qa.dictionary import Column, DictionaryError, from_dicts
from ckanext.satudata.core.text import Text


def read_dictionary(path: Path) -> list[Column]:
    """Read the columns; raises :class:`DictionaryError` with a sentence for every file that is no data dictionary."""
    try:
        text = path.read_text("utf-8-sig")
        if path.suffix.lower() == ".csv":
            data: Any = list(csv.DictReader(text.splitlines(), delimiter=";" if ";" in text.split("\n", 1)[0] else ","))
        elif path.suffix.lower() == ".json":
            data = json.loads(text)
        else:
            import yaml

            try:
                data = yaml.safe_load(text)
            except yaml.YAMLError as error:
                raise ValueError(str(error)) from error
    except (OSError, ValueError, csv.Error) as error:
        raise _no_dictionary(path, str(error)) from error
    if isinstance(data, dict):
        data = cast("dict[str, Any]", data).get("kamus_data")
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in cast("list[Any]", data)):
        raise _no_dictionary(path, "kamus_data: [{kolom: …}]")
    return from_dicts(cast("list[dict[str, Any]]", data))


def _no_dictionary(path: Path, why: str) -> DictionaryError:
    return DictionaryError(
        Text("“{name}” bukan kamus data: {why}", "“{name}” is no data dictionary: {why}"), name=path.name, why=why
    )

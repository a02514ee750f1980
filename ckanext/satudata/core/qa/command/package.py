"""A Data Package (``datapackage.json``, versions 1 and 2): its resources as files to judge by their Table Schemas.

Only files beside the package are read: addresses on the web are not fetched, paths that lead out of its folder are
refused, as the standard demands. Source: specs.frictionlessdata.io/data-package, datapackage.org/standard.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from ckanext.satudata.core.qa.command.refusal import Refusal
from ckanext.satudata.core.qa.command.selection import Chosen, Selection
from ckanext.satudata.core.qa.dictionary import Column, DictionaryError
from ckanext.satudata.core.qa.table_schema import from_table_schema
from ckanext.satudata.core.text import Text

_NOT_READ = Text("{path} tidak dapat dibaca: {why}.", "{path} cannot be read: {why}.")
_NO_PACKAGE = Text(
    "{path} bukan Data Package: daftar “resources” tidak ada atau kosong.",
    "{path} is no Data Package: there is no list “resources”, or it is empty.",
)
_NO_RESOURCE = Text("{path}, resource nomor {number}: bukan objek JSON.", "{path}, resource {number}: no JSON object.")
_OUTSIDE = Text(
    "{path}, resource “{name}”: “{target}” menunjuk ke luar folder paketnya.",
    "{path}, resource “{name}”: “{target}” leads out of the folder of the package.",
)
_SCHEMA = Text("{path}, resource “{name}”: {why}", "{path}, resource “{name}”: {why}")
_ON_THE_WEB = Text("alamat web tidak diambil", "addresses on the web are not fetched")
_INLINE = Text("data tertulis di dalam datapackage.json", "the data stand within datapackage.json")
_IN_PARTS = Text("data terbagi dalam beberapa file", "the data are split into several files")
_NO_PATH = Text("tanpa “path”", "no “path”")


def read_package(path: Path) -> Selection:
    """The resources with a file, named by their path, with the columns of their schema; the others are passed over
    with the reason. Raises :class:`Refusal` for what is no Data Package, leads out of its folder, or has a schema that
    cannot be understood.
    """
    package = _object(_json(path, path))
    resources = package.get("resources") if package is not None else None
    if not isinstance(resources, list) or not resources:
        raise Refusal(_NO_PACKAGE, path=path)
    selection = Selection()
    for number, given in enumerate(cast("list[object]", resources), 1):
        resource = _object(given)
        if resource is None:
            raise Refusal(_NO_RESOURCE, path=path, number=number)
        _resource(path, str(resource.get("name") or number), resource, selection)
    return selection


def _resource(package: Path, name: str, resource: Mapping[str, Any], selection: Selection) -> None:
    target = _path(resource)
    why = _passed_over(target, resource)
    if why is not None:
        selection.skipped.append((name, why))
        return
    place = _beside(package, name, str(target))
    selection.add(Chosen(place, str(target), _columns(package, name, resource.get("schema"))))


def _path(resource: Mapping[str, Any]) -> object:
    """A list with one path in it is that path."""
    target: object = resource.get("path")
    parts = cast("list[object]", target) if isinstance(target, list) else []
    return parts[0] if len(parts) == 1 else cast("object", target)


def _passed_over(target: object, resource: Mapping[str, Any]) -> Text | None:
    if isinstance(target, list):
        return _IN_PARTS
    if not isinstance(target, str) or not target:
        return _INLINE if "data" in resource else _NO_PATH
    return _ON_THE_WEB if "://" in target else None


def _beside(package: Path, name: str, target: str) -> Path:
    folder = package.parent.resolve()
    if Path(target).is_absolute() or not (folder / target).resolve().is_relative_to(folder):
        raise Refusal(_OUTSIDE, path=package, name=name, target=target)
    return package.parent / target


def _columns(package: Path, name: str, schema: object) -> tuple[Column, ...] | None:
    if schema is None:
        return None
    if isinstance(schema, str):
        if "://" in schema:
            raise Refusal(_SCHEMA, path=package, name=name, why=f"“{schema}”: {_ON_THE_WEB.en}")
        schema = _json(_beside(package, name, schema), package)
    try:
        return from_table_schema(schema)
    except DictionaryError as error:
        words = Text(*(said.replace("{why}", why) for said, why in _both(error)))
        raise Refusal(words, path=package, name=name) from error


def _both(error: DictionaryError) -> list[tuple[str, str]]:
    return [
        (said, why.replace("{", "{{").replace("}", "}}"))
        for said, why in ((_SCHEMA.id, error.sentence("id")), (_SCHEMA.en, error.sentence("en")))
    ]


def _json(path: Path, package: Path) -> object:
    try:
        return json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Refusal(_NOT_READ, path=path if path == package else f"{package}, {path.name}", why=why) from error


def _object(value: object) -> Mapping[str, Any] | None:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else None

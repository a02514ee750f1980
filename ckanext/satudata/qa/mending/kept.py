"""What is remembered of mending, as files of each resource: the list of every change of each mended file, and an order
that a job works on.

They lie with the judged tables, ``mended/<resource id>/``, and go with them when a file is taken down.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ckanext.satudata.qa import content, judged, standing

FOLDER = "mended"
_ORDER = "order.json"
_LISTS = 20  # of one resource; the oldest go


def folder(resource_id: str) -> Path:
    """Where the files of a resource lie."""
    if Path(resource_id).name != resource_id:
        raise ValueError(f"no id of a resource: {resource_id!r}")
    return judged.root() / FOLDER / resource_id


def keep(resource_id: str, sha256: str, about: dict[str, Any], changes: Path) -> None:
    """Keep the list of changes of the mended file with this SHA-256; ``about`` is what the page tells of it."""
    place = folder(resource_id)
    place.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(changes, place / f"{sha256}.csv")
    _write(place / f"{sha256}.json", {**about, "sha256": sha256})
    for old in sorted(_about_files(place), key=lambda path: path.stat().st_mtime)[:-_LISTS]:
        drop(resource_id, old.stem)


def point(resource_id: str, sha256: str, file_key: str) -> None:
    """Say which upload the mended file became."""
    path = folder(resource_id) / f"{sha256}.json"
    _write(path, {**_read(path), "file_key": file_key})


def drop(resource_id: str, sha256: str) -> None:
    """Forget a mended file that became no upload."""
    for ending in ("csv", "json"):
        (folder(resource_id) / f"{sha256}.{ending}").unlink(missing_ok=True)


def of_present(resource: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is known of the mending by which the present file of a resource came about; ``None`` for any other file.
    ``changes`` is the path of the list.
    """
    found = content.present(resource)
    if found is None:
        return None
    run = standing.of_resource(resource).run or {}
    for path in _about_files(folder(found.resource_id)):
        about = _read(path)
        listed = path.with_suffix(".csv")
        same = about.get("file_key") == found.file_key or about.get("sha256") == run.get("sha256")
        if same and listed.is_file():
            return {**about, "changes": listed}
    return None


def order(resource_id: str) -> dict[str, Any]:
    """The order a job works on or failed at; empty without one."""
    return _read(folder(resource_id) / _ORDER)


def write_order(resource_id: str, values: dict[str, Any]) -> None:
    """Write an order down."""
    folder(resource_id).mkdir(parents=True, exist_ok=True)
    _write(folder(resource_id) / _ORDER, values)


def end_order(resource_id: str) -> None:
    """The order was carried out."""
    (folder(resource_id) / _ORDER).unlink(missing_ok=True)


def carry(resource_id: str, to: str) -> None:
    """The lists of one resource hold for another that points at the same bytes."""
    source = folder(resource_id)
    if resource_id != to and source.is_dir():
        shutil.copytree(source, folder(to), dirs_exist_ok=True, ignore=shutil.ignore_patterns(_ORDER))


def _about_files(place: Path) -> list[Path]:
    return [path for path in place.glob("*.json") if path.name != _ORDER] if place.is_dir() else []


def _read(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def _write(path: Path, values: dict[str, Any]) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(json.dumps(values, ensure_ascii=False), "utf-8")
    beside.replace(path)

"""What there is to judge at this moment: the file of a resource, its data dictionary, the rules.

A file is known by where it lies, its size and its time of writing. The portal's uploader writes every upload to a new
place, so this key changes with every upload and never costs the reading of the file; the job computes the checksum.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib import uploader

from ckanext.satudata.core.qa import given
from ckanext.satudata.qa import facts

GONE = "gone"
COLUMNS = ("id", "package_id", "name", "url", "url_type", "state")


@dataclass(frozen=True)
class Content:
    """One uploaded table as it is now.

    ``path`` may be missing on disk: then ``file_key`` is ``GONE``, and the run says so in plain words.
    """

    resource_id: str
    package_id: str
    name: str
    path: Path
    file_key: str
    dictionary: tuple[Mapping[str, Any], ...]
    dictionary_hash: str

    @property
    def facts(self) -> facts.Facts:
        """What the description of its dataset says now."""
        return facts.of_dataset(self.package_id)


def is_upload(resource: Mapping[str, Any]) -> bool:
    """True for a resource whose file lies in the portal; false for a link."""
    return resource.get("url_type") == "upload" and bool(resource.get("url"))


def of_model(resource: Any) -> dict[str, Any]:
    """The few columns of a ``model.Resource`` that say what there is to judge."""
    return of_row({name: getattr(resource, name) for name in (*COLUMNS, "extras")})


def of_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """The same from a row of the table ``resource``."""
    found = {name: row[name] for name in COLUMNS}
    found["url_type"] = row["url_type"] if row["state"] == "active" else None
    extras = _extras(row["extras"])
    return {**found, **{key: extras.get(key) for key in (given.PERSON, given.SCHEMA)}}


def present(resource: Mapping[str, Any]) -> Content | None:
    """The content of ``resource`` (a dict as of ``resource_show``), or ``None`` for a link."""
    if not is_upload(resource):
        return None
    dictionary = given.dictionary_given(resource).columns
    path = _path(str(resource["id"]))
    return Content(
        resource_id=str(resource["id"]),
        package_id=str(resource["package_id"]),
        name=str(resource["url"]).rsplit("/", 1)[-1],
        path=path,
        file_key=_file_key(path),
        dictionary=dictionary,
        dictionary_hash=_hash(dictionary),
    )


def content_hash(sha256: str, dictionary_hash: str, editions: Mapping[str, str], about: Mapping[str, Any]) -> str:
    """What a report is kept under: bytes, dictionary and the editions of the reference lists, by list key; after a dot
    what was told beside the file, which changes the findings but not the judged table (:mod:`judged`).
    """
    return f"{_hash([sha256, dictionary_hash, sorted(editions.items())])}.{facts.digest(about)}"


def sha256_of(path: Path) -> str:
    """Checksum of a file, read in blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _extras(stored: Any) -> Mapping[str, Any]:
    # CKAN 2.12 keeps extras as JSON; 2.11 as text, which its model reads and a plain select does not.
    if isinstance(stored, str):
        stored = json.loads(stored)
    return stored if isinstance(stored, Mapping) else {}


def _path(resource_id: str) -> Path:
    # Ask without `upload` and `url`, so that nothing is taken out of the caller's dict.
    place: Any = uploader.get_resource_uploader({"id": resource_id, "url_type": "upload"})
    path = place.get_path(resource_id)
    if path is None:
        raise tk.ObjectNotFound(f"no place for the file of {resource_id}")
    return Path(path)


def _file_key(path: Path) -> str:
    try:
        found = path.stat()
    except FileNotFoundError:
        return GONE
    return _hash(["/".join(path.parts[-3:]), found.st_size, found.st_mtime_ns])[:32]


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()

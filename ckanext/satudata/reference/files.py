"""Lists as files, for the process that checks data files (it has no database).

One JSON file per list and content: ``{key, title, edition, entries: [[code, name, parent], …]}``. The name carries the
content's hash, so a file is never changed once it is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import rulebook
from ckanext.satudata.core.reference.codelist import CodeList
from ckanext.satudata.reference import store


def list_files() -> dict[str, Path]:
    """Paths of all lists by key: the imported edition in use, and the shipped lists that no import replaced."""
    paths = {key: _shipped_file(codes) for key, codes in rulebook.lists().items()}
    for row in store.editions():
        if row.is_current:
            paths[row.list_key] = _imported_file(row)
    return paths


def list_file(key: str) -> Path | None:
    """The file of one list; ``None`` if there is no such list."""
    row = store.edition(key)
    if row is not None:
        return _imported_file(row)
    shipped = rulebook.lists().get(key)
    return _shipped_file(shipped) if shipped is not None else None


def folder() -> Path:
    """Where the files lie: below the portal's storage, or the machine's temporary folder if there is none."""
    storage = tk.config.get("ckan.storage_path")
    root = Path(str(storage)) if storage else Path(tempfile.gettempdir()) / f"satudata-{os.getuid()}"
    return root / "satudata" / "reference"


def _imported_file(row: Any) -> Path:
    # A second import of the same content under another name of the edition is another file.
    name = hashlib.sha256(f"{row.edition}\x1f{row.content_hash}".encode()).hexdigest()[:16]
    return _written(folder() / f"{row.list_key}-{name}.json", lambda: store.load(row))


def _shipped_file(codes: CodeList) -> Path:
    content = json.dumps(codes.to_dict(), ensure_ascii=False, sort_keys=True)
    name = hashlib.sha256(content.encode()).hexdigest()[:16]
    return _written(folder() / f"{codes.key}-{name}.json", lambda: codes)


def _written(path: Path, load: Callable[[], CodeList]) -> Path:
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(load().to_dict(), ensure_ascii=False, separators=(",", ":"))
    # Whoever looks meanwhile sees the whole file or none.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)
    return path

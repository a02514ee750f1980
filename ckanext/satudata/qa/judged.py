"""The judged table as files beside the report: typed rows, a CSV for people, the cells as they stand in the file, and
what the machine could mend in it.

They are kept under the content, like the report, in the portal's storage folder; they can be made again at any time.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import ckan.plugins.toolkit as tk

# kind → file name, as the judging process is told and as it is kept
FILES = {"rows": "rows.csv", "csv": "table.csv", "cells": "cells.csv", "changes": "changes.csv"}


def root() -> Path:
    """Where everything lies that was made of judged files."""
    storage = tk.config.get("ckan.storage_path")
    if not storage:
        raise RuntimeError("ckan.storage_path is not set")
    return Path(storage) / "satudata" / "judged"


def folder(content_hash: str, rule_version: str) -> Path:
    """Where the files of one report lie."""
    return root() / content_hash[:2] / f"{content_hash[2:40]}-{rule_version[:16]}"


def keep(content_hash: str, rule_version: str, made: Path) -> None:
    """Move what the judging process wrote in ``made`` to its place; complete or not at all."""
    place = folder(content_hash, rule_version)
    place.mkdir(parents=True, exist_ok=True)
    for name in FILES.values():
        if (made / name).is_file():
            passing = place / f".{name}.{os.getpid()}"
            shutil.move(made / name, passing)
            passing.replace(place / name)


def path(content_hash: str, rule_version: str, kind: str) -> Path | None:
    """One of the files, or ``None`` when it was not written (unreadable table) or was removed."""
    found = folder(content_hash, rule_version) / FILES[kind]
    return found if found.is_file() else None

"""The rulebook's reference lists, read once per process."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ckanext.satudata.bridge import contributions
from ckanext.satudata.core.reference.codelist import CodeList
from ckanext.satudata.core.reference.rulebook import load_folders


def lists() -> Mapping[str, CodeList]:
    """Shipped reference lists by key; a list of a region's own extension replaces ours of the same key."""
    return _loaded(tuple(folder / "reference" for folder in contributions.rulebooks()))


@cache
def _loaded(folders: tuple[Path, ...]) -> Mapping[str, CodeList]:
    return load_folders(folders)

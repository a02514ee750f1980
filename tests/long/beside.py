"""Another extension beside ours, in a folder of its own: ``ckanext`` is a namespace of several folders."""

from __future__ import annotations

from pathlib import Path


def found_by_python(home: Path) -> Path:
    """Let whoever has ``home`` in ``PYTHONPATH`` find ``home/ckanext`` too; returns ``home``.

    Python learns of further folders of a namespace from files in its own folder only.
    """
    added = f"import ckanext\nckanext.__path__.append({str(home / 'ckanext')!r})\n"
    (home / "sitecustomize.py").write_text(added)
    return home

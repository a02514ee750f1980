"""Moments of CKAN at which a working copy is held to its kind."""

from __future__ import annotations

from typing import Any

from ckanext.satudata.publication.copies import periods


def after_dataset_update(context: Any, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG001
    """A copy that adds a period takes new files only; in the transaction of the write, which is undone."""
    periods.refuse_beyond(str(pkg_dict["id"]))

"""Moments of CKAN at which publication adds its read-only part."""

from __future__ import annotations

from typing import Any

from ckanext.satudata.publication import projection


def after_dataset_show(context: Any, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG001
    """Status of verification, dates, quality, citation."""
    projection.show(pkg_dict)


def before_dataset_index(pkg_dict: dict[str, Any]) -> dict[str, Any]:
    """The same, where it can be filtered by."""
    projection.index(pkg_dict)
    return pkg_dict

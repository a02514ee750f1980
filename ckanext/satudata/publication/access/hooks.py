"""Moments of CKAN at which limited data keep to themselves where their files come from."""

from __future__ import annotations

from typing import Any

from ckanext.satudata.publication.access import origins


def after_dataset_show(context: Any, pkg_dict: dict[str, Any]) -> None:
    """See :func:`ckanext.satudata.publication.access.origins.show`."""
    origins.show(context, pkg_dict)


def before_dataset_index(pkg_dict: dict[str, Any]) -> dict[str, Any]:
    """See :func:`ckanext.satudata.publication.access.origins.index`."""
    origins.index(pkg_dict)
    return pkg_dict

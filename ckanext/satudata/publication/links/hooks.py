"""A dataset was written: look whether a file became a link."""

from __future__ import annotations

from typing import Any

from ckanext.satudata.bridge import roles
from ckanext.satudata.publication.links import asking

NOT_AN_AUTHOR = "satudata_not_an_author"


def after_dataset_create(context: Any, pkg_dict: dict[str, Any]) -> None:
    """See :func:`ckanext.satudata.publication.links.asking.watch`."""
    asking.watch(pkg_dict["id"], _author(context))


def after_dataset_update(context: Any, pkg_dict: dict[str, Any]) -> None:
    """See :func:`ckanext.satudata.publication.links.asking.watch`."""
    asking.watch(pkg_dict["id"], _author(context))


def _author(context: Any) -> str | None:
    return None if context.get(NOT_AN_AUTHOR) else roles.user_id_of(context.get("user"))

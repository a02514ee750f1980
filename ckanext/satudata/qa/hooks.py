"""A dataset was written: look whether a file, a data dictionary or a fact of the description changed."""

from __future__ import annotations

from typing import Any

from ckanext.satudata.qa import queue


def after_dataset_create(context: Any, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG001
    """See :func:`ckanext.satudata.qa.queue.watch`."""
    queue.watch(pkg_dict["id"])


def after_dataset_update(context: Any, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG001
    """See :func:`ckanext.satudata.qa.queue.watch`."""
    queue.watch(pkg_dict["id"])

"""Moments of CKAN at which publication adds its read-only part."""

from __future__ import annotations

from typing import Any

from ckanext.satudata.publication import projection
from ckanext.satudata.publication.copies import finding

COPY_FLAG = "extras_sd_revises"  # a dynamic field of CKAN's index


def after_dataset_show(context: Any, pkg_dict: dict[str, Any]) -> None:  # noqa: ARG001
    """Status of verification, dates, quality, citation."""
    projection.show(pkg_dict)


def before_dataset_index(pkg_dict: dict[str, Any]) -> dict[str, Any]:
    """The same, where it can be filtered by."""
    projection.index(pkg_dict)
    found = finding.open_copy(pkg_dict["id"])
    if found is not None:
        pkg_dict[COPY_FLAG] = found.dataset_id
    return pkg_dict


def before_dataset_search(search_params: dict[str, Any]) -> dict[str, Any]:
    """Whoever may see a working copy finds the dataset once; the copy is found on its page and on the desk."""
    search_params["fq_list"] = [*(search_params.get("fq_list") or []), f"-{COPY_FLAG}:[* TO *]"]
    return search_params

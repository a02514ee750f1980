"""What the address of a page names, as far as its reader may read it; of the rest no page says that it exists."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def dataset_with_file(dataset: str, resource_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The dataset (by id or name) and this file of it; ends the request with 404 when there is none for the reader."""
    try:
        found = tk.get_action("package_show")({}, {"id": dataset})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404)
    resource = next((one for one in found["resources"] if one["id"] == resource_id), None)
    return (found, resource) if resource is not None else tk.abort(404)

"""Template helpers of access classes."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge.access import CLOSED, FIELD, LIMITED
from ckanext.satudata.publication.access import reading, telling

FREE = {"access": "terbuka", "limited": False, "may_read_files": True, "shared_with": {}, "message": None}


def sd_access(package: dict[str, Any]) -> dict[str, Any]:
    """For whom the files are, as ``satudata_access_show`` answers; costs nothing for an open dataset."""
    if package.get(FIELD) not in (LIMITED, CLOSED) or not package.get("id"):
        return FREE
    shared = reading.of_dataset(package["id"])
    return telling.answer({"user": tk.current_user.name}, shared) if shared is not None else FREE

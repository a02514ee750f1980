"""What happens in `metadata` when CKAN indexes a dataset."""

from __future__ import annotations

import json
from typing import Any


def before_dataset_index(pkg_dict: dict[str, Any]) -> dict[str, Any]:
    """Write repeating groups (contact, time covered) as JSON text; Solr would take a dict for a document of its own."""
    for key, value in pkg_dict.items():
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(item, dict) for item in value)):
            pkg_dict[key] = json.dumps(value, ensure_ascii=False)
    return pkg_dict

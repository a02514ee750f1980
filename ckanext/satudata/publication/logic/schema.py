"""What the actions of publication accept."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def prioritas() -> dict[str, Any]:
    """``satudata_prioritas_set``."""
    validator = tk.get_validator
    return {
        "id": [validator("not_empty"), validator("unicode_safe")],
        "data_prioritas": [validator("not_missing"), validator("boolean_validator")],
        "tahun": [validator("ignore_empty"), validator("int_validator")],
    }


def enforcement() -> dict[str, Any]:
    """``satudata_enforcement_set``."""
    validator: Any = tk.get_validator
    return {
        "id": [validator("not_empty"), validator("unicode_safe")],
        "mode": [validator("not_empty"), validator("one_of")(["observe", "enforce"])],
    }


def office_move() -> dict[str, Any]:
    """``satudata_office_move``."""
    validator = tk.get_validator
    return {
        "id": [validator("not_empty"), validator("unicode_safe")],
        "organization": [validator("not_empty"), validator("group_id_exists")],
        "letter": [validator("ignore_empty"), validator("unicode_safe")],
        "note": [validator("ignore_empty"), validator("unicode_safe")],
    }


def office_index() -> dict[str, Any]:
    """``satudata_office_index``."""
    validator = tk.get_validator
    return {"organization": [validator("not_empty"), validator("group_id_exists")]}

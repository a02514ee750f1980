"""What the actions of links accept."""

from __future__ import annotations

from typing import Any

from ckanext.satudata.bridge.fields import required, validator


def link_list() -> dict[str, Any]:
    """``satudata_link_list``."""
    return {"id": required(), "language": [validator("ignore_empty"), validator("one_of")(["id", "en"])]}


def link_show() -> dict[str, Any]:
    """``satudata_link_show``."""
    return {"resource_id": required(), "language": [validator("ignore_empty"), validator("one_of")(["id", "en"])]}


def link_fetch() -> dict[str, Any]:
    """``satudata_link_fetch``."""
    return {"resource_id": required()}


def link_keep() -> dict[str, Any]:
    """``satudata_link_keep``."""
    return {"resource_id": required(), "keep": [validator("default")(True), validator("boolean_validator")]}

"""What the actions of `doctor` accept."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge.fields import number, text, validator
from ckanext.satudata.doctor.registry import checks


def doctor() -> dict[str, Any]:
    """``satudata_doctor``."""
    only = [validator("ignore_empty"), _known_checks]
    return {"only": only, "outside": [validator("default")(True), validator("boolean_validator")]}


def observed() -> dict[str, Any]:
    """``satudata_observed_list``."""
    return {"organization": text(validator("ignore_empty")), "days": number(90, 1, 366)}


def _known_checks(value: Any) -> list[str]:
    wanted = [value] if isinstance(value, str) else value
    if not isinstance(wanted, list) or not all(isinstance(one, str) for one in wanted):
        raise tk.Invalid(tk._("Name checks, as a list of their ids."))
    unknown = [one for one in wanted if one not in checks()]
    if unknown:
        known = ", ".join(checks())
        raise tk.Invalid(tk._("There is no check {name}. There are: {known}").format(name=unknown[0], known=known))
    return wanted

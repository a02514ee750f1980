"""What the actions of mending accept."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.core.qa.mending.kinds import KINDS

AT_MOST = 500


def _validator(name: str) -> Any:
    return tk.get_validator(name)


def _required() -> list[Any]:
    return [_validator("not_empty"), _validator("unicode_safe")]


def _language() -> list[Any]:
    return [_validator("ignore_empty"), _validator("one_of")(["id", "en"])]


def _kinds(value: Any) -> list[str]:
    """A list of kinds, or a text such as ``blanks,decimal``."""
    parts = value if isinstance(value, list) else str(value).split(",")
    kinds = [str(part).strip() for part in parts if str(part).strip()]
    if unknown := set(kinds) - set(KINDS):
        raise tk.Invalid(tk._("Unknown kinds of mending: {names}").format(names=", ".join(sorted(unknown))))
    return [kind for kind in KINDS if kind in kinds]


def _at_most(value: Any) -> Any:
    # what is no number was refused before; CKAN asks the validators behind it all the same
    return min(value, AT_MOST) if isinstance(value, int) else value


def _window() -> dict[str, Any]:
    return {
        "offset": [_validator("default")(0), _validator("natural_number_validator")],
        "limit": [_validator("default")(50), _validator("natural_number_validator"), _at_most],
    }


def plan() -> dict[str, Any]:
    """Of ``satudata_qa_mend_plan``."""
    kinds = [_validator("ignore_empty"), _kinds]
    return {"resource_id": _required(), "kinds": kinds, "language": _language(), **_window()}


def mend() -> dict[str, Any]:
    """Of ``satudata_qa_mend``."""
    as_csv = [_validator("default")(False), _validator("boolean_validator")]
    return {
        "resource_id": _required(),
        "sha256": _required(),
        "kinds": [_validator("not_empty"), _kinds],
        "as_csv": as_csv,
    }


def mended() -> dict[str, Any]:
    """Of ``satudata_qa_mended``."""
    return {"resource_id": _required(), "language": _language(), **_window()}

"""Who may be on a page of the form, and what they are told otherwise."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def may_create() -> None:
    """A visitor goes to the login, whoever may not add datasets is told so."""
    _logged_in()
    try:
        tk.check_access("package_create", {"user": tk.current_user.name, "auth_user_obj": tk.current_user}, {})
    except tk.NotAuthorized:
        tk.abort(403, tk._("Your account belongs to no organization that may add datasets. Ask the Walidata."))


def dataset_to_edit(id_or_name: str) -> dict[str, Any]:
    """The dataset, if the user may change it; what may not even be read looks as if it were not there."""
    _logged_in()
    try:
        dataset = tk.get_action("package_show")({}, {"id": id_or_name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        tk.abort(404, tk._("Dataset not found"))
    try:
        tk.check_access(
            "package_update", {"user": tk.current_user.name, "auth_user_obj": tk.current_user}, {"id": dataset["id"]}
        )
    except tk.NotAuthorized:
        tk.abort(403, tk._("Only the organization that owns this dataset may change it."))
    return dataset


def resource_of(dataset: dict[str, Any], resource_id: str) -> dict[str, Any]:
    """One file of the dataset."""
    for resource in dataset["resources"]:
        if resource["id"] == resource_id:
            return resource
    return tk.abort(404, tk._("File not found"))


def why_frozen(dataset: dict[str, Any]) -> str:
    """The sentence that says why nobody may change the dataset now; empty if it may be changed."""
    try:
        case = tk.get_action("satudata_case_show")({}, {"id": dataset["id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return ""
    reason = case.get("frozen_reason")
    return reason["text"] if reason is not None and not case.get("editable") else ""


def _logged_in() -> None:
    if tk.current_user.is_anonymous:
        tk.abort(403) if tk.request.method == "POST" else _to_login()


def _to_login() -> None:
    from werkzeug.exceptions import HTTPException

    raise HTTPException(response=tk.redirect_to("user.login", came_from=tk.request.full_path.rstrip("?")))

"""Who may read reports and ask for checks."""

from __future__ import annotations

from typing import Any

import ckan.authz as authz
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult

from ckanext.satudata.bridge import reviewing, roles


def satudata_qa_show(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """Members of the organization, its reviewers and sysadmins: a report quotes cells of a file that may be hidden."""
    return _inside(context, data_dict["resource_id"])


def satudata_qa_forget(_context: Any, _data_dict: dict[str, Any]) -> AuthResult:
    """The program itself."""
    return {"success": False}


@tk.auth_allow_anonymous_access
def satudata_table_show(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """Whoever may read the file."""
    return authz.is_authorized("satudata_file_read", context, {"resource_id": data_dict["resource_id"]})


@tk.auth_allow_anonymous_access
def satudata_qa_summary(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """Whoever may read the dataset; the action tells outsiders less."""
    return authz.is_authorized("package_show", context, {"id": data_dict["id"]})


def satudata_qa_run(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """Editors of the dataset and its reviewers."""
    answer = _inside(context, data_dict["resource_id"])
    if not answer.get("success"):
        return answer
    editor = authz.is_authorized("resource_update", context, {"id": data_dict["resource_id"]})
    if editor.get("success"):
        return editor
    package = _package(data_dict["resource_id"])
    user_id = roles.user_id_of(context.get("user"))
    if reviewing.may_review(user_id, package.id, package.owner_org):
        return {"success": True}
    return {"success": False, "msg": tk._("Only editors of the organization and reviewers may ask for a check.")}


def _inside(context: Any, resource_id: str) -> AuthResult:
    readable = authz.is_authorized("resource_show", context, {"id": resource_id})
    if not readable.get("success"):
        return readable
    package = _package(resource_id)
    if reviewing.is_inside(roles.user_id_of(context.get("user")), package.id, package.owner_org):
        return {"success": True}
    return {"success": False, "msg": tk._("Only members of the organization and reviewers may read this report.")}


def _package(resource_id: str) -> Any:
    resource = model.Resource.get(resource_id)
    package = model.Package.get(resource.package_id) if resource is not None else None
    if resource is None or resource.state != "active" or package is None:
        raise tk.ObjectNotFound(tk._("Resource not found"))
    return package


def satudata_qa_files(_context: Any, _data_dict: dict[str, Any]) -> AuthResult:
    """Only the program itself (``ignore_auth``) and sysadmins: the answer names places on the server."""
    return {"success": False, "msg": tk._("Only the program itself asks this.")}


def satudata_qa_carry(_context: Any, _data_dict: dict[str, Any]) -> AuthResult:
    """Only the program itself (``ignore_auth``) and sysadmins."""
    return {"success": False, "msg": tk._("Only the program itself asks this.")}

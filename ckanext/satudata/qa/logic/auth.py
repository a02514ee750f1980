"""Who may read reports and ask for checks."""

from __future__ import annotations

from typing import Any

import ckan.authz as authz
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult

from ckanext.satudata.bridge import reviewing, roles
from ckanext.satudata.qa import replying, saying


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


def satudata_qa_explain(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """Editors of the dataset."""
    answer = _inside(context, data_dict["resource_id"])
    if not answer.get("success"):
        return answer
    return authz.is_authorized("resource_update", context, {"id": data_dict["resource_id"]})


def satudata_qa_waive(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """Whoever reads the report and holds a role that the checklist names, for this office; sysadmins."""
    answer = _inside(context, data_dict["resource_id"])
    if not answer.get("success"):
        return answer
    package = _package(data_dict["resource_id"])
    if saying.role_of(roles.user_id_of(context.get("user")), package.owner_org) is not None:
        return {"success": True}
    return {"success": False, "msg": tk._("Only those whom the rules of the checks name may set a finding aside.")}


def satudata_qa_withdraw(context: Any, data_dict: dict[str, Any]) -> AuthResult:
    """Of an explanation whoever may explain, of a finding set aside whoever may set it aside."""
    answer = _inside(context, data_dict["resource_id"])
    if not answer.get("success"):
        return answer
    held = replying.find(data_dict["resource_id"], data_dict["reply"])
    kind = "satudata_qa_explain" if held is None or held["kind"] == "explanation" else "satudata_qa_waive"
    return authz.is_authorized(kind, context, data_dict)


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

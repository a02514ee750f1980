"""Who may ask and decide in `workflow`. What a decision needs besides (role, separation) is judged by the engine."""

from __future__ import annotations

from functools import partial
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.lib.plugins import get_permission_labels
from ckan.logic.auth import get

from ckanext.satudata.bridge import asking, reviewing, roles
from ckanext.satudata.workflow.deciding import asked


def _may_read(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    if data_dict.get("subject_type", "dataset") != "dataset":
        return {"success": False}
    if not _reads_as_insider(context, data_dict["id"]):
        tk.check_access("package_show", context, {"id": data_dict["id"]})
    return {"success": True}


def _reads_as_insider(context: Any, reference: str) -> bool:
    """Members and reviewers may read: CKAN's own rule would say the same, after asking eight times who they are.

    Where another extension has a rule of its own for reading, that one is asked.
    """
    roles.recognize(context.get("auth_user_obj"))
    package = model.Package.get(reference) if _is_our_rule() else None
    if package is None or package.state == model.State.DELETED:
        return False
    user_id = roles.user_id_of(context.get("user"))
    if not reviewing.is_inside(user_id, package.id, package.owner_org):
        return False
    context["package"] = package
    return True


def _is_our_rule() -> bool:
    own_labels = type(get_permission_labels()).__module__.startswith("ckanext.satudata.")
    rule: Any = authz._AuthFunctions.get("package_show")
    while isinstance(rule, partial) and rule.func.__module__.startswith("ckanext.satudata."):
        rule = rule.args[0]  # our own rooms only say more words about a refusal
    return own_labels and rule is get.package_show


def _inside(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    answer = _may_read(context, data_dict)
    if not answer["success"]:
        return answer
    package = context.get("package") or context["model"].Package.get(data_dict["id"])
    user_id = roles.user_id_of(context.get("user"))
    return {"success": package is not None and reviewing.is_inside(user_id, package.id, package.owner_org)}


@tk.auth_allow_anonymous_access
def satudata_case_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _may_read(context, data_dict)


def satudata_available(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _may_read(context, data_dict)


def satudata_transition(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    try:
        return _may_read(context, data_dict)
    except tk.NotAuthorized:
        # A repeat of the very decision that ended the right to read gets its answer again.
        user_id = roles.user_id_of(context.get("user"))
        if user_id is None or not asked.just_decided(user_id, data_dict.get("idempotency_key")):
            raise
        return {"success": True}


def satudata_transition_bulk(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    # Each item is asked about for itself.
    return {"success": True}


def satudata_override_edit(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}


def satudata_workflow_migrate(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}


def satudata_workflow_check(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}


def satudata_overdue_list(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": True}


def satudata_case_refresh(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}


def satudata_case_qa(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}


def satudata_queue(context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    user_id = asking.reader(context)
    return {"success": user_id is not None and bool(roles.roles_of(user_id))}


def satudata_my_work(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": True}


def satudata_history(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_changes(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_note_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_note_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_note_delete(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_note_explain(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_note_judge(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_note_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_evidence_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_evidence_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_evidence_delete(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_evidence_sign(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_evidence_verify(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_signer_list(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": True}


def satudata_receipt_confirm(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_receipt_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_claim(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_release(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_assign(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return _inside(context, data_dict)


def satudata_claims_free(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}


def _walidata(context: Any) -> dict[str, Any]:
    user_id = roles.user_id_of(context.get("user"))
    held = roles.roles_of(user_id) if user_id is not None else []
    return {"success": roles.is_sysadmin(user_id) or any(grant.role == "walidata" for grant in held)}


def satudata_batch_create(context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return _walidata(context)


def satudata_batch_change(context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return _walidata(context)


def satudata_batch_close(context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return _walidata(context)


def satudata_batch_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return satudata_queue(context, data_dict)


def satudata_batch_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return satudata_queue(context, data_dict)


@tk.auth_allow_anonymous_access
def satudata_my_grants(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": True}


def satudata_workflow_roles(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": True}


def satudata_register(context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    user_id = roles.user_id_of(context.get("user"))
    if user_id is None:
        return {"success": False}
    inside = roles.is_sysadmin(user_id) or roles.roles_of(user_id) or roles.memberships_of(user_id)
    return {"success": bool(inside)}


def satudata_times(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    return satudata_register(context, data_dict)


def satudata_due_list(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}


def satudata_concerned_list(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}


@tk.auth_allow_anonymous_access
def satudata_workflow_list(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_workflow_show(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": True}


def satudata_staffing_list(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}


def satudata_left_behind(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}


def satudata_case_places(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}


def satudata_case_readers(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}


def satudata_part_taken_down(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}


def satudata_office_moved(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}


def satudata_case_merged(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}


def satudata_case_noted(_context: Any, _data_dict: dict[str, Any]) -> dict[str, Any]:
    return {"success": False}

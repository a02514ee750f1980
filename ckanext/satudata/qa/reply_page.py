"""What the reader of a report may say to its findings, as the templates need it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import roles
from ckanext.satudata.core.qa.report import Finding
from ckanext.satudata.qa import outstanding, rules, saying

# What each button of the form does.
ACTIONS = {
    "explain": "satudata_qa_explain",
    "waive": "satudata_qa_waive",
    "withdraw": "satudata_qa_withdraw",
}


def shown(
    dataset: Mapping[str, Any], resource: Mapping[str, Any], typed: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """``{"url", "may_explain", "may_waive": bool, "typed": what was sent and refused, with its ``error``}``."""
    there = saying.place(str(dataset["id"]))
    asked = {"resource_id": resource["id"]}
    reader = roles.user_id_of(getattr(tk.current_user, "name", None))
    mine = reader in there["authors"] and not roles.is_sysadmin(reader)
    return {
        "url": tk.h.url_for("satudata_qa.answer", id=dataset["name"], resource_id=resource["id"]),
        "may_explain": there["state"] in saying.WRITTEN and tk.h.check_access("satudata_qa_explain", asked),
        "may_waive": there["state"] in saying.UNDECIDED and not mine and tk.h.check_access("satudata_qa_waive", asked),
        "typed": dict(typed or {}),
    }


def with_rights(finding: Mapping[str, Any], reply: Mapping[str, Any]) -> dict[str, Any]:
    """The finding with ``settled``, ``may_explain`` and ``may_waive`` for this reader."""
    gate = rules.gate()
    asked = finding["severity"] in outstanding.ASKED
    lasting = finding["check"] in gate.never
    bare = Finding(finding["check"], finding["severity"], finding["table"], finding["column"], finding["count"], ())
    settled = finding["explained"] or finding["waived"]
    explains = asked and not settled and not (lasting and finding["severity"] == "error")
    return {
        **finding,
        "settled": settled,
        "may_explain": reply["may_explain"] and explains,
        "may_waive": reply["may_waive"] and not lasting and not finding["waived"] and gate.ever_asks(bare),
    }


def sent(form: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The action a form asks for, and what it says; 400 for one that is not ours."""
    action = ACTIONS.get(form.get("do", ""))
    if action is None:
        tk.abort(400, tk._("Unknown action"))
    return str(action), {key: form.get(key, "") for key in ("finding", "reply", "text") if key in form}


def error_of(refused: tk.ValidationError) -> str:
    """One sentence of a refusal."""
    errors: dict[str, Any] = refused.error_dict
    if errors.get("reasons"):
        return " ".join(str(one["text"]) for one in errors["reasons"])
    found = errors.get("text") or next(iter(errors.values()), "")
    return " ".join(map(str, found)) if isinstance(found, list) else str(found)

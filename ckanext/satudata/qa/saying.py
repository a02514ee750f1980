"""Say something to a finding: explain it, set it aside, take that back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import roles
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.qa import report as reports
from ckanext.satudata.core.qa.recognised import mark_of
from ckanext.satudata.core.qa.report import Finding
from ckanext.satudata.core.text import Reason
from ckanext.satudata.qa import outstanding, replying, rules, standing, tell
from ckanext.satudata.qa import reply_words as words
from ckanext.satudata.qa.standing import Standing

ADMINISTRATOR = "sysadmin"
# Where a case stands while something may still be said.
WRITTEN = ("draft", "revision")
UNDECIDED = (*WRITTEN, "in_review", "verified")


def explain(resource: Mapping[str, Any], mark: str, text: str, user_id: str) -> str:
    """See :func:`satudata_qa_explain`; the id of the reply."""
    found, finding = _finding(resource, mark)
    if finding.severity == "error" and finding.check in rules.gate().never:
        raise refusal(words.ONLY_MENDED)
    state = place(resource["package_id"])["state"]
    if state not in WRITTEN:
        raise refusal(words.IN_REVIEW if state == "in_review" else words.NOT_NOW)
    return _keep(resource, found, finding, kind="explanation", text=text, said_by=user_id, role=None)


def waive(context: Any, resource: Mapping[str, Any], mark: str, text: str, user_id: str) -> str:
    """See :func:`satudata_qa_waive`; the id of the reply."""
    found, finding = _finding(resource, mark)
    gate = rules.gate()
    if finding.check in gate.never:
        raise refusal(words.ONLY_MENDED)
    if not gate.ever_asks(finding):
        raise refusal(words.NOT_AN_ERROR)
    role = _may_waive_here(resource["package_id"], user_id)
    reply_id = _keep(resource, found, finding, kind="waiver", text=text, said_by=user_id, role=role)
    _note(context, resource["package_id"], "finding_waived", _said(finding, text), role)
    return reply_id


def withdraw(context: Any, resource: Mapping[str, Any], reply: Mapping[str, Any], text: str, user_id: str) -> None:
    """See :func:`satudata_qa_withdraw`."""
    if reply["kind"] == "waiver":
        if not text.strip():
            raise tk.ValidationError({"text": [tk._("Say why it counts again.")]})
        role = _may_waive_here(resource["package_id"], user_id)
        _note(context, resource["package_id"], "waiver_withdrawn", f"{reply['title']}: {text}", role)
    elif place(resource["package_id"])["state"] not in WRITTEN:
        raise refusal(words.IN_REVIEW)
    replying.end(str(reply["id"]), user_id, text)
    tell.desk(str(resource["package_id"]))


def reply_of(resource_id: str, reply_id: str) -> Mapping[str, Any]:
    """A reply that holds; refused when there is none."""
    found = replying.find(resource_id, reply_id)
    if found is None:
        raise refusal(words.NO_REPLY)
    return found


def role_of(user_id: str | None, organization_id: str | None) -> str | None:
    """The role by which somebody may set findings aside for an office; ``None`` for others."""
    if user_id is None:
        return None
    gate = rules.gate()
    for grant in roles.roles_of(user_id):
        if gate.may_waive(grant.role, grant.position) and grant.reaches(organization_id, "tree"):
            return grant.role
    return ADMINISTRATOR if roles.is_sysadmin(user_id) else None


def place(dataset_id: str) -> dict[str, Any]:
    """Where the case of a dataset stands: ``{"state", "stage", "authors", …}``; of one without a case a draft's."""
    asked = {"ids": [dataset_id], "authors": True}
    found = tk.get_action("satudata_case_places")({"ignore_auth": True}, asked)
    return found.get(dataset_id) or {"state": "draft", "stage": None, "authors": []}


def refusal(*reasons: Reason) -> tk.ValidationError:
    """The error of a refused answer: key ``reasons``, each with code and sentence."""
    spoken = language()
    errors: dict[str, Any] = {"reasons": [one.to_dict(spoken) for one in reasons]}
    return tk.ValidationError(errors, error_summary={"reasons": " ".join(one.render(spoken) for one in reasons)})


def _finding(resource: Mapping[str, Any], mark: str) -> tuple[Standing, Finding]:
    found = standing.of_resource(resource, whole=True)
    if found.state != "done" or found.report is None:
        raise refusal(words.NO_REPORT)
    findings, _said_to = outstanding.answers_of(found)
    finding = next((one for one in findings if mark_of(one) == mark), None)
    if finding is None:
        raise refusal(words.GONE)
    if finding.severity not in outstanding.ASKED or finding.variant == "crash":
        raise refusal(words.REMARK)
    return found, finding


def _may_waive_here(dataset_id: str, user_id: str) -> str | None:
    """The role, where the case is undecided and somebody else's work."""
    there = place(dataset_id)
    if there["state"] not in UNDECIDED:
        raise refusal(words.NOT_NOW)
    if user_id in there["authors"] and not roles.is_sysadmin(user_id):
        raise refusal(words.OWN_WORK)
    return role_of(user_id, there.get("organization_id"))


def _keep(resource: Mapping[str, Any], found: Standing, finding: Finding, **said: Any) -> str:
    sha256 = str((found.run or {}).get("sha256") or "")
    title = reports.sentences(finding, language()).title
    reply_id = replying.keep(resource, finding, sha256, {**said, "title": title})
    tell.desk(str(resource["package_id"]))
    return reply_id


def _said(finding: Finding, text: str) -> str:
    said = reports.sentences(finding, language())
    return f"{said.title} ({said.where}): {text}" if said.where else f"{said.title}: {text}"


def _note(context: Any, dataset_id: str, what: str, note: str, role: str | None) -> None:
    inside: Any = {"ignore_auth": True, "defer_commit": True}
    inside |= {key: context[key] for key in ("user", "satudata_channel", "api_version") if key in context}
    data = {"id": dataset_id, "what": what, "changes": [], "note": note, "role": role}
    tk.get_action("satudata_case_noted")(inside, data)

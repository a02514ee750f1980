"""The same step for several datasets: one transaction and one entry for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text, reason
from ckanext.satudata.workflow.deciding import decisions

FOR_MANY = ("submit", "pass", "publish")
GREEN_ONLY = ("pass", "publish")
NOT_FOR_MANY = Text(
    "Langkah ini diputuskan satu per satu. Sekaligus hanya bisa: ajukan, setujui, terbitkan.",
    "This step is decided one by one. At once you can only submit, approve or publish.",
)
NOT_GREEN = Text(
    "Pemeriksaan otomatis dataset ini belum bersih, jadi putuskan di halamannya sendiri.",
    "The automatic checks of this dataset found something or have not ended, so decide on its own page.",
)
GONE = Text("Dataset ini tidak ada, atau Anda tidak boleh membacanya.", "There is no such dataset for you.")


def run(data: Mapping[str, Any], user: str, channel: str) -> dict[str, Any]:
    """See :func:`satudata_transition_bulk`."""
    if data["transition"] not in FOR_MANY:
        raise tk.ValidationError({"transition": [NOT_FOR_MANY.render(language())]})
    results = [_one(data, item, user, channel) for item in data["items"]]
    done = sum(result["ok"] for result in results)
    return {"count": len(results), "done": done, "refused": len(results) - done, "results": results}


def _one(data: Mapping[str, Any], item: Mapping[str, Any], user: str, channel: str) -> dict[str, Any]:
    asked = {
        **{key: item.get(key) for key in ("id", "expected", "content_hash", "idempotency_key") if item.get(key)},
        **{key: data[key] for key in ("transition", "note", "subject_type") if data.get(key)},
        # A file or a note is about one dataset.
        "notes": [],
        "evidence": [],
    }
    answer: dict[str, Any] = {"id": item.get("id"), "title": _title(item.get("id")), "ok": False, "errors": None}
    answer.update(event_id=None, message=None, to_state=None, to_stage=None)
    context: Any = {"user": user, "ignore_auth": False, "satudata_channel": channel}
    try:
        if data["transition"] in GREEN_ONLY and not is_green(context, item.get("id")):
            raise decisions.refusal("reasons", [reason("qa_not_green", NOT_GREEN)])
        event = tk.get_action("satudata_transition")(context, asked)
    except tk.ValidationError as error:
        return {**answer, "errors": error.error_dict}
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return {**answer, "title": None, "errors": {"id": [GONE.render(language())]}}
    told = {key: event[key] for key in ("event_id", "message", "to_state", "to_stage")}
    return {**answer, "ok": True, **told}


def is_green(context: Mapping[str, Any], reference: Any) -> bool:
    """Whether every file is judged and nothing was found fault with."""
    asked: Any = {"user": context["user"], "ignore_auth": False}
    summary = tk.get_action("satudata_qa_summary")(asked, {"id": reference})
    return judged_green(summary)


def judged_green(summary: Mapping[str, Any]) -> bool:
    """As :func:`is_green`, for an answer of ``satudata_qa_summary``."""
    return summary["state"] == "done" and not summary["errors"] and not summary["warnings"]


def _title(reference: Any) -> str | None:
    package = model.Package.get(reference) if isinstance(reference, str) else None
    return (package.title or package.name) if package is not None else None

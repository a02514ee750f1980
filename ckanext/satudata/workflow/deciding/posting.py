"""Carry out what the form of a decision page asks for: notes, files, claims, verdicts, and one decision at most.

Files and notes are written before the decision they belong to. When the decision is then refused they stay, listed on
the page, so that nobody uploads or types anything twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.workflow.guards import evidence_missing
from ckanext.satudata.workflow.deciding.sent import Act, Sent, Target
from ckanext.satudata.workflow.remarks import threads

_ = tk._

TAKES_NOTES_ALONG = ("return", "reject")


@dataclass
class Done:
    """What came of it: ``transition`` is the answer of a decision that was taken; ``errors`` by control."""

    message: str = ""
    anchor: str = ""
    transition: dict[str, Any] | None = None
    errors: dict[str, Any] = field(default_factory=dict[str, Any])


def carry_out(case: Mapping[str, Any], typed: Sent, *, signing: bool = False) -> Done:
    """Do what the pressed button says. What succeeded is taken out of ``typed``; what is left is shown again.

    ``NotAuthorized`` and ``ObjectNotFound`` are those of the actions.
    """
    done = Done(anchor=typed.act.anchor if typed.act is not None else "")
    fresh = _is_fresh(case, typed)
    if fresh:
        _keep_files(case, typed, done.errors)
    if typed.transition:
        if fresh and typed.transition in TAKES_NOTES_ALONG:
            _save_notes(case, typed, done.errors)
        if fresh and signing and typed.transition == "pass" and not typed.typed.get("pernyataan"):
            done.errors["pernyataan"] = [_("Tick the statement: your name stands under these data.")]
            _tell_missing_files(case, done.errors)
        if not done.errors:
            _decide(case, typed, done)
    elif typed.act is not None:
        _act(case, typed, typed.act, done)
    else:
        done.errors["transition"] = [_("The page did not say what to do. Press one of its buttons.")]
    return done


def _is_fresh(case: Mapping[str, Any], typed: Sent) -> bool:
    """Whether the page showed what is true now. Nothing is kept for a decision that is a conflict anyway."""
    return not typed.transition or (typed.seen == case["expected"] and typed.content_hash in ("", case["content_hash"]))


def _tell_missing_files(case: Mapping[str, Any], errors: dict[str, Any]) -> None:
    """What else a sign-off lacks is told in the same breath."""
    told = tk.get_action("satudata_available")({}, {"id": case["subject_id"]})
    for option in told["options"]:
        for wanted in option["needs"]["evidence"] if option["transition"] == "pass" else ():
            if wanted["required"] and not wanted["attached"]:
                sentence = evidence_missing.MISSING.render(language(), document=wanted["label"])
                errors.setdefault("files", {}).setdefault(wanted["kind"], []).append(sentence)


def _decide(case: Mapping[str, Any], typed: Sent, done: Done) -> None:
    asked = {
        "id": case["subject_id"],
        "transition": typed.transition,
        "expected": typed.seen,
        "content_hash": typed.content_hash,
        **{name: typed.typed.get(name, "") for name in ("note", "reason", "reason_code", "happened", "letter")},
    }
    if typed.answers:
        asked["form"] = dict(typed.answers)
    if typed.transition == "schedule":
        asked["at"] = typed.at()
    if typed.key:
        asked["idempotency_key"] = typed.key
    done.transition = _tried("satudata_transition", asked, done.errors)
    if done.transition is not None:
        done.message = done.transition["message"]


def _tried(action: str, data: dict[str, Any], errors: dict[str, Any], under: str | None = None) -> Any:
    """The answer of an action; ``None`` when it refused, with its words in ``errors`` (all under one key if named)."""
    try:
        return tk.get_action(action)({}, data)
    except tk.ValidationError as refusal:
        if under is None:
            errors.update(refusal.error_dict)
        else:
            errors.setdefault(under, []).extend(words(refusal.error_dict))
        return None


def words(said: Any) -> list[str]:
    """All sentences in the errors of an action, however deep they lie."""
    if isinstance(said, str):
        return [said]
    if isinstance(said, Mapping):
        if "text" in said:
            return [str(said["text"])]
        return [text for key, part in said.items() if key != "__type" for text in words(part)]
    if isinstance(said, Sequence):
        return [text for part in said for text in words(part)]
    return []


# ------------------------------------------------------------------ files and notes


def _keep_files(case: Mapping[str, Any], typed: Sent, errors: dict[str, Any]) -> None:
    refused: dict[str, list[str]] = {}
    for kind, file in typed.files:
        problems: dict[str, Any] = {}
        _tried("satudata_evidence_create", {"id": case["subject_id"], "kind": kind, "upload": file}, problems)
        if problems:
            refused.setdefault(kind, []).extend(words(problems))
    typed.files = []
    if refused:
        errors["files"] = refused


def _save_notes(case: Mapping[str, Any], typed: Sent, errors: dict[str, Any]) -> None:
    refused: dict[str, list[str]] = {}
    for key, text in list(typed.notes.items()):
        target, problems = Target.read(key), {}
        asked = {"id": case["subject_id"], "target_type": target.kind, "text": text}
        asked.update({"target": target.name} if target.name else {})
        asked.update({"resource_id": target.resource_id} if target.resource_id else {})
        _tried("satudata_note_create", asked, problems)
        if problems:
            refused[key] = words(problems)
        else:
            del typed.notes[key]
    if refused:
        errors["notes"] = refused


# ------------------------------------------------------------------ buttons that decide nothing


def _act(case: Mapping[str, Any], typed: Sent, act: Act, done: Done) -> None:
    _save_notes(case, typed, done.errors)
    known = ACTS.get(act.verb)
    if known is not None:
        known(case, typed, act, done)


def _edit(case: Mapping[str, Any], typed: Sent, act: Act, done: Done) -> None:
    """New words for a note that is not sent; no words at all take it away."""
    text = typed.edits.get(_first(act), "")
    action = "satudata_note_update" if text else "satudata_note_delete"
    _tried(action, {**_note(case, act), **({"text": text} if text else {})}, done.errors, "note_edit")


def _delete(case: Mapping[str, Any], _typed: Sent, act: Act, done: Done) -> None:
    _tried("satudata_note_delete", _note(case, act), done.errors, "note_edit")


def _judge(case: Mapping[str, Any], _typed: Sent, act: Act, done: Done) -> None:
    verdict = act.arguments[1] if len(act.arguments) > 1 else ""
    _tried("satudata_note_judge", {**_note(case, act), "verdict": verdict}, done.errors, "note_edit")


def _note(case: Mapping[str, Any], act: Act) -> dict[str, str]:
    return {"id": str(case["subject_id"]), "note_id": _first(act)}


def _explain(case: Mapping[str, Any], typed: Sent, act: Act, done: Done) -> None:
    """Every explanation that was typed is saved, whichever button it was."""
    refused: dict[str, list[str]] = {}
    for note_id, text in list(typed.explanations.items()):
        problems: dict[str, Any] = {}
        asked = {"id": case["subject_id"], "note_id": note_id, "text": text}
        _tried("satudata_note_explain", asked, problems)
        if problems:
            refused[note_id] = words(problems)
        else:
            del typed.explanations[note_id]
    if _first(act) and _first(act) not in refused and act.arguments[1:] == ("back",):
        _tried("satudata_note_explain", {**_note(case, act), "text": ""}, done.errors, "note_edit")
    if refused:
        done.errors["explanations"] = refused


def _drop(case: Mapping[str, Any], _typed: Sent, act: Act, done: Done) -> None:
    asked = {"id": case["subject_id"], "evidence_id": _first(act)}
    _tried("satudata_evidence_delete", asked, done.errors, "evidence")


def _claim(case: Mapping[str, Any], _typed: Sent, _act: Act, done: Done) -> None:
    if _tried("satudata_claim", {"id": case["subject_id"]}, done.errors, "claim") is not None:
        done.message = _("You work on this dataset now.")


def _take_over(case: Mapping[str, Any], _typed: Sent, _act: Act, done: Done) -> None:
    me = tk.current_user.id
    if _tried("satudata_assign", {"id": case["subject_id"], "user": me}, done.errors, "claim") is not None:
        done.message = _("You work on this dataset now.")


def _release(case: Mapping[str, Any], _typed: Sent, _act: Act, done: Done) -> None:
    if _tried("satudata_release", {"id": case["subject_id"]}, done.errors, "claim") is not None:
        done.message = _("Released. Somebody else can take it.")


def _assign(case: Mapping[str, Any], typed: Sent, _act: Act, done: Done) -> None:
    user = typed.typed.get("kepada", "")
    if not user:
        done.errors["user"] = [_("Choose to whom.")]
    elif _tried("satudata_assign", {"id": case["subject_id"], "user": user}, done.errors, "user") is not None:
        del typed.typed["kepada"]
        done.message = _("Handed over.")


def _unfreeze(case: Mapping[str, Any], typed: Sent, _act: Act, done: Done) -> None:
    asked = {"id": case["subject_id"], "reason": typed.typed.get("reason", "")}
    done.transition = _tried("satudata_override_edit", asked, done.errors)
    if done.transition is not None:
        done.message = done.transition["message"]


def _receipt(_case: Mapping[str, Any], _typed: Sent, act: Act, done: Done) -> None:
    asked = {"event_id": _first(act)}
    if _tried("satudata_receipt_confirm", asked, done.errors, "receipt") is not None:
        done.message = _("Confirmed: you have read this decision.")


def _first(act: Act) -> str:
    return act.arguments[0] if act.arguments else ""


# `note`, `keep` and `show` do nothing more than keep what was typed and attached.
ACTS = {
    "edit": _edit,
    "delete": _delete,
    "judge": _judge,
    "explain": _explain,
    "drop": _drop,
    "claim": _claim,
    "takeover": _take_over,
    "release": _release,
    "assign": _assign,
    "receipt": _receipt,
    "unfreeze": _unfreeze,
}


def shown_again(typed: Sent, errors: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the templates read of a form that came back; empty for a page that was only opened.

    ``meanwhile``: what others did since the page was shown, for a conflict.
    """
    again: dict[str, Any] = {
        **typed.typed,
        "errors": dict(errors),
        "transition": typed.transition,
        "answers": typed.answers,
        "explanations": typed.explanations,
        "files": _by_kind(errors),
        "questions": _by_question(errors),
        "lines": _lines(errors),
    }
    if "conflict" in errors and typed.last_event:
        ids = [event["id"] for event in events]
        if typed.last_event in ids:
            again["meanwhile"] = list(events[: ids.index(typed.last_event)])
    return again


def _by_question(errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """Refused answers by question of the stage's form."""
    found: dict[str, list[str]] = {}
    for one in errors.get("missing", ()):
        if one["key"] == "form" and one["field"]:
            found.setdefault(str(one["field"]), []).append(str(one["text"]))
    return found


def _by_kind(errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """Refused and missing files by kind."""
    found = {kind: list(said) for kind, said in errors.get("files", {}).items()}
    for one in errors.get("missing", ()):
        if one["key"] == "evidence" and one["parameters"].get("kind"):
            found.setdefault(str(one["parameters"]["kind"]), []).append(str(one["text"]))
    return found


# Where on the page each kind of refusal stands besides.
PLACES = {
    "note": "note",
    "reason_code": "reason_code",
    "reason": "reason",
    "happened": "happened",
    "letter": "letter",
    "at": "tanggal",
    "evidence": "keputusan",
    "files": "keputusan",
    "claim": "keputusan",
    "user": "kepada",
    "pernyataan": "pernyataan",
    "note_edit": "s-notes",
}
UNSAID = ("now", "__type", "conflict", "reasons", "missing")


def _lines(errors: Mapping[str, Any]) -> list[dict[str, str]]:
    """Every refusal for the top of the page, each with the place where it is mended."""
    found: list[dict[str, str]] = []
    for key, said in errors.items():
        if key in UNSAID:
            continue
        if key == "notes" and isinstance(said, Mapping):
            for target, part in said.items():
                place = f"catatan-{threads.anchor(Target.read(str(target)))}"
                found += [{"text": text, "anchor": place} for text in words(part)]
        elif key == "form":
            by_question = _by_question(errors)
            found += [{"text": text, "anchor": f"tanya-{name}"} for name, part in by_question.items() for text in part]
            found += [{"text": text, "anchor": "formulir"} for text in (words(said) if not by_question else ())]
        else:
            found += [{"text": text, "anchor": PLACES.get(key, "")} for text in words(said)]
    return found

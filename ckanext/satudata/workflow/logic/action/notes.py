"""Notes of the reviewers on single parts of a dataset."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.workflow.deciding import acting
from ckanext.satudata.workflow.logic import companions
from ckanext.satudata.workflow.remarks import note_answers, note_work
from ckanext.satudata.workflow.standing import status


def satudata_note_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Write a note that the next return takes to the producer; until then only its author sees it.

    :param id: id or name of the dataset
    :type id: string
    :param target_type: ``dataset`` (default), ``field``, ``resource``, ``column`` or ``check``
    :type target_type: string
    :param target: name of the field, name of the column in the file, or id of the check (``KR-01``)
    :type target: string
    :param resource_id: the file; needed for ``resource`` and ``column``, optional for ``field`` (a field of the file)
        and ``check``
    :type resource_id: string
    :param text: the words, at most 5,000 characters
    :type text: string

    By whoever may return the dataset now; it need not be claimed before.

    :returns: the note, as in ``satudata_note_list``
    :rtype: dictionary
    :raises ValidationError: ``target``, ``resource_id`` (there is no such part), ``reasons`` (why not now, or not
        by you: ``[{"code", "text", …}]``)
    """
    data = asking.validated(data_dict, companions.note_create(), context)
    tk.check_access("satudata_note_create", context, data)
    user_id = roles.required_user_id(context.get("user"))
    with acting.held(data, commit=not context.get("defer_commit")) as loaded:
        note = note_work.create(loaded, user_id, data)
        return note_answers.dictized(loaded, user_id, [note])[0]


def satudata_note_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Change the words of one's own note that was not sent yet.

    :param id: id or name of the dataset
    :type id: string
    :param note_id: id of the note
    :type note_id: string
    :param text: the new words, at most 5,000 characters
    :type text: string

    :returns: the note, as in ``satudata_note_list``
    :rtype: dictionary
    :raises ObjectNotFound: no such note, or it is somebody else's
    :raises ValidationError: ``reasons`` (``note_sent``: it was sent already)
    """
    data = asking.validated(data_dict, companions.note_update(), context)
    tk.check_access("satudata_note_update", context, data)
    user_id = roles.required_user_id(context.get("user"))
    with acting.held(data, commit=not context.get("defer_commit")) as loaded:
        note = note_work.rewrite(loaded, user_id, data["note_id"], data["text"])
        return note_answers.dictized(loaded, user_id, [note])[0]


def satudata_note_delete(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take away one's own note that was not sent yet.

    :param id: id or name of the dataset
    :type id: string
    :param note_id: id of the note
    :type note_id: string

    :returns: ``{"id": id of the note}``
    :rtype: dictionary
    :raises ObjectNotFound: no such note, or it is somebody else's
    :raises ValidationError: ``reasons`` (``note_sent``: it was sent already)
    """
    data = asking.validated(data_dict, companions.note(), context)
    tk.check_access("satudata_note_delete", context, data)
    user_id = roles.required_user_id(context.get("user"))
    with acting.held(data, commit=not context.get("defer_commit")) as loaded:
        note_work.rewrite(loaded, user_id, data["note_id"], None)
    return {"id": data["note_id"]}


def satudata_note_explain(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Answer a note: why it stays as it is, or what was done.

    :param id: id or name of the dataset
    :type id: string
    :param note_id: id of the note
    :type note_id: string
    :param text: the explanation, at most 5,000 characters; empty takes it back
    :type text: string

    By the producers of the organization while the dataset is a draft or came back; by the reviewer at an earlier stage
    to which a later one returned it.

    :returns: the note, as in ``satudata_note_list``
    :rtype: dictionary
    :raises ObjectNotFound: no such note
    :raises ValidationError: ``reasons`` (``note_not_open``, ``note_not_yours``, or why you may not act)
    """
    data = asking.validated(data_dict, companions.note_explain(), context)
    tk.check_access("satudata_note_explain", context, data)
    user_id = roles.required_user_id(context.get("user"))
    with acting.held(data, commit=not context.get("defer_commit")) as loaded:
        note = note_work.explain(loaded, user_id, data["note_id"], data["text"])
        return note_answers.dictized(loaded, user_id, [note])[0]


def satudata_note_judge(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Say what became of a note of an earlier round. Until the decision it may be said otherwise.

    :param id: id or name of the dataset
    :type id: string
    :param note_id: id of the note
    :type note_id: string
    :param verdict: ``mended``, ``accepted`` (the explanation will do), ``not_mended`` (the next return sends it again;
        the stage cannot pass) or ``removed`` (no longer asked for)
    :type verdict: string

    By whoever may decide at the present stage.

    :returns: the note, as in ``satudata_note_list``
    :rtype: dictionary
    :raises ObjectNotFound: no such note
    :raises ValidationError: ``reasons`` (``note_not_to_judge``, or why you may not act)
    """
    data = asking.validated(data_dict, companions.note_judge(), context)
    tk.check_access("satudata_note_judge", context, data)
    user_id = roles.required_user_id(context.get("user"))
    with acting.held(data, commit=not context.get("defer_commit")) as loaded:
        note = note_work.judge(loaded, user_id, data["note_id"], data["verdict"])
        return note_answers.dictized(loaded, user_id, [note])[0]


@tk.side_effect_free
def satudata_note_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The notes of a dataset, in the order they were written.

    :param id: id or name of the dataset
    :type id: string
    :param round: only those last sent in this round (optional)
    :type round: integer
    :param state: only these: ``pending open explained mended accepted not_mended removed`` (optional)
    :type state: list of strings
    :param target_type: only on parts of this kind (optional)
    :type target_type: string
    :param target: only on this field, column or check (optional)
    :type target: string
    :param resource_id: only on this file (optional)
    :type resource_id: string

    Members of the organization see the notes that have come to them; reviewers all; a note that was not sent is its
    author's alone. Names are given, for only insiders may ask.

    :returns: ``[{"id", "target_type", "target", "resource_id", "label": "Satuan", "text", "state", "state_label",
        "round": int (last sent in), "stage": key or null (where it was written), "stage_label", "at", "role_label":
        the author's role, "by": name, "mine": bool, "event_id": the decision that took it along or null,
        "explanation", "explained_at", "explained_by", "judged_at", "judged_by",
        "changed": bool or null (whether the part differs from what the reviewer saw; a hint),
        "rounds": [{"round", "at", "transition", "verdict": "sent" | "carried" | "mended" | "accepted" | "not_mended" |
        "removed", "verdict_label", "text", "explanation"}] (what each decision made of it),
        "can": {"edit", "send", "explain", "judge": bool} (what the reader may do with it now)}]``
    :rtype: list of dictionaries
    :raises NotAuthorized: the reader is no member of the organization, no reviewer and no sysadmin
    """
    data = asking.validated(data_dict, companions.note_list(), context)
    tk.check_access("satudata_note_list", context, data)
    user_id = roles.required_user_id(context.get("user"))
    return note_answers.answer(status.load(data), user_id, data)

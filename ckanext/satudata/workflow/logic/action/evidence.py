"""Files that belong to decisions, their signatures, and the receipts of who read a decision."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.workflow.deciding import acting, decisions
from ckanext.satudata.workflow.logic import companions
from ckanext.satudata.workflow.proofs import evidence_work, signing
from ckanext.satudata.workflow.records import receipts
from ckanext.satudata.workflow.standing import status


def satudata_evidence_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Add a file to the decision one is about to take: surat validasi, laporan pemeriksaan, …

    :param id: id or name of the dataset
    :type id: string
    :param kind: one of the kinds the present step asks for (``needs`` of ``satudata_available``), or ``lainnya``
    :type kind: string
    :param upload: the file (multipart)
    :type upload: FieldStorage

    By whoever may act at the present step; a submission too may need a file. It waits (``pending``), seen by its
    uploader only, until their next decision takes it along. Taken are documents and pictures
    (``ckanext.satudata.evidence_types``, ``ckanext.satudata.evidence_max_size``) whose bytes are what the name says.
    The file is stored privately and appears in no public answer.

    :returns: the file, as in ``satudata_evidence_list``
    :rtype: dictionary
    :raises ValidationError: ``kind`` (this step asks for no such file), ``upload`` (no file, too large, wrong type,
        macros), ``reasons`` (why you may not act now)
    """
    data = asking.validated(data_dict, companions.evidence_create(), context)
    tk.check_access("satudata_evidence_create", context, data)
    user_id = roles.required_user_id(context.get("user"))
    with acting.held(data, commit=not context.get("defer_commit")) as loaded:
        row = evidence_work.create(loaded, user_id, data["kind"], data["upload"])
        return evidence_work.dictized(loaded, user_id, [row])[0]


@tk.side_effect_free
def satudata_evidence_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The files of a dataset's decisions, and one's own that wait for a decision; the oldest first.

    :param id: id or name of the dataset
    :type id: string

    :returns: ``[{"id", "kind", "label": "Surat validasi", "name", "size": bytes, "mimetype", "sha256", "at", "by":
        name, "mine": bool, "pending": bool (not part of a decision yet), "event_id": the decision or null, "url":
        path of the download, "signatures": [{"evidence", "signature", "signer", "label", "certificate",
        "at", "by"}]}]``
    :rtype: list of dictionaries
    :raises NotAuthorized: the reader is no member of the organization, no reviewer and no sysadmin
    """
    data = asking.validated(data_dict, companions.subject(), context)
    tk.check_access("satudata_evidence_list", context, data)
    user_id = roles.required_user_id(context.get("user"))
    loaded = status.load(data)
    return evidence_work.dictized(loaded, user_id, evidence_work.visible(loaded, user_id))


def satudata_evidence_delete(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take back one's own file that no decision has taken along.

    :param id: id or name of the dataset
    :type id: string
    :param evidence_id: id of the file
    :type evidence_id: string

    :returns: ``{"id": id of the file}``
    :rtype: dictionary
    :raises ObjectNotFound: no such file, or it is somebody else's
    :raises ValidationError: ``reasons`` (``evidence_used``: it is part of a decision)
    """
    data = asking.validated(data_dict, companions.evidence(), context)
    tk.check_access("satudata_evidence_delete", context, data)
    user_id = roles.required_user_id(context.get("user"))
    with acting.held(data, commit=not context.get("defer_commit")) as loaded:
        evidence_work.delete(loaded, user_id, data["evidence_id"])
    return {"id": data["evidence_id"]}


@tk.side_effect_free
def satudata_signer_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Who can sign files electronically on this portal; empty unless an extension brings a signer (``ISatudata``).

    :returns: ``[{"key", "label"}]``
    :rtype: list of dictionaries
    """
    tk.check_access("satudata_signer_list", context, data_dict)
    return signing.offered()


def satudata_evidence_sign(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Sign one's own file electronically before the decision takes it along.

    :param id: id or name of the dataset
    :type id: string
    :param evidence_id: id of the file
    :type evidence_id: string
    :param signer: key of the signer, see ``satudata_signer_list``
    :type signer: string
    :param secret: passphrase or code the signer asks for; handed on, never kept (optional)
    :type secret: string

    A detached signature becomes a file of the kind ``tanda_tangan`` beside it; a signer that signs inside the file puts
    the signed one in its place. Who signed with which certificate is an entry of the history.

    :returns: the file that was made, as in ``satudata_evidence_list``
    :rtype: dictionary
    :raises ObjectNotFound: no such file, or it is somebody else's
    :raises ValidationError: ``signer`` (unknown, or why it does not sign), ``reasons``
    """
    data = asking.validated(data_dict, companions.evidence_sign(), context)
    tk.check_access("satudata_evidence_sign", context, data)
    user_id = roles.required_user_id(context.get("user"))
    channel = decisions.channel(context)
    row = signing.sign(data, user_id, channel, commit=not context.get("defer_commit"))
    return evidence_work.dictized(status.load(data), user_id, [row])[0]


@tk.side_effect_free
def satudata_evidence_verify(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Look at the electronic signatures of a file again.

    :param id: id or name of the dataset
    :type id: string
    :param evidence_id: id of the file
    :type evidence_id: string

    :returns: ``[{"signer", "label", "valid": bool or null (the signer is not installed), "words", "certificate", "at",
        "by"}]``, empty for a file nobody signed
    :rtype: list of dictionaries
    """
    data = asking.validated(data_dict, companions.evidence(), context)
    tk.check_access("satudata_evidence_verify", context, data)
    user_id = roles.required_user_id(context.get("user"))
    loaded = status.load(data)
    return signing.verify(loaded, evidence_work.visible_one(loaded, user_id, data["evidence_id"]))


def satudata_receipt_confirm(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Tanda terima: confirm having read a decision. Once for each person; again changes nothing.

    :param event_id: id of the decision, from ``satudata_history`` or ``satudata_receipt_list``
    :type event_id: string

    By the producers of the organization, for decisions of stages whose procedure has a *tanda terima*.

    :returns: the decision, as in ``satudata_receipt_list``
    :rtype: dictionary
    :raises ObjectNotFound: no such decision
    :raises ValidationError: ``reasons`` (``receipt_not_asked``, ``receipt_not_yours``)
    """
    data = asking.validated(data_dict, companions.event(), context)
    event = receipts.event_of(data["event_id"])
    subject = {"id": event.subject_id, "subject_type": event.subject_type}
    tk.check_access("satudata_receipt_confirm", context, subject)
    user_id = roles.required_user_id(context.get("user"))
    with acting.held(subject, commit=not context.get("defer_commit")) as loaded:
        receipts.confirm(loaded, event, user_id, decisions.channel(context))
        return receipts.dictized(loaded, [event], user_id)[0]


@tk.side_effect_free
def satudata_receipt_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """The decisions on a dataset that ask for a *tanda terima*, the newest first, and who confirmed them.

    :param id: id or name of the dataset
    :type id: string

    :returns: ``[{"event_id", "at", "label": "Dikembalikan", "stage_label", "round", "may_confirm": bool (the reader is
        asked and has not confirmed), "receipts": [{"user_id", "by": name, "role", "role_label", "at"}]}]``
    :rtype: list of dictionaries
    """
    data = asking.validated(data_dict, companions.subject(), context)
    tk.check_access("satudata_receipt_list", context, data)
    user_id = roles.required_user_id(context.get("user"))
    loaded = status.load(data)
    return receipts.dictized(loaded, receipts.asked_for(loaded), user_id)

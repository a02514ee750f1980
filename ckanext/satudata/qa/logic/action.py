"""The actions of `qa`. Sentences are in ``language`` (``id`` or ``en``; without it, that of the request)."""

from __future__ import annotations

from functools import partial
from typing import Any

import ckan.authz as authz
import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import asking, language, reviewing, roles
from ckanext.satudata.qa import answers, carrying, content, forgetting, jobs, preview, queue, saying, standing
from ckanext.satudata.qa.logic import schema


def _resource(resource_id: str) -> dict[str, Any]:
    resource = model.Resource.get(resource_id)
    if resource is None or resource.state != "active":
        raise tk.ObjectNotFound(tk._("Resource not found"))
    return content.of_model(resource)


def _inside(context: Any, package: Any) -> bool:
    """Whether the caller is the program itself, a member of the organization, a reviewer or a sysadmin."""
    if context.get("ignore_auth"):
        return True
    return reviewing.is_inside(asking.reader(context), package.id, package.owner_org)


def _may_read(context: Any, resource_id: str) -> bool:
    """Whether the caller may read the file itself."""
    return bool(authz.is_authorized("satudata_file_read", context, {"resource_id": resource_id}).get("success"))


@tk.side_effect_free
def satudata_qa_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Where the check of a file stands, and its report when there is one.

    :param resource_id: id of the resource
    :type resource_id: string
    :param language: ``id`` or ``en`` (optional)
    :type language: string

    The report is always that of the present file with the present data dictionary; after an upload there is none
    until the new file is judged.

    :returns: ``{"resource_id", "package_id", "name", "state": "link" | "none" | "queued" | "running" | "done" |
        "failed", "message": sentence (link, failed) or null, "progress": {"done", "of"} (rows, each may be null),
        "queued", "started", "finished": moments or null, "outdated": bool (rules or lists changed since),
        "report": null or {"readable": bool, "unreadable": {"code", "problem", "mend"} or null, "score": 0-100 or null,
        "account": null or {"lost": points, "principles", "dimensions": [{"key", "label", "lost", "score", "findings":
        [{"number", "check", "points"}]}]} (how the score came about), "counts": {"error", "warning", "question",
        "info"}, "rows": int, "rows_hit": int, "rule_version", "checklist",
        "file": {…}, "tables": [{…}], "lists": [{"key", "title", "edition"}], "findings": [{"number", "check", "title",
        "severity", "table", "column", "count", "rows": [[first, last]], "rows_text": "64–66, 68", "rows_complete",
        "problem", "where", "mend", "samples": [{"row", "column", "value", "proposal", "note"}], "points": of the score
        it costs, "mark": by which it is answered, "replies": [{"id", "kind": "explanation" | "waiver", "text", "by",
        "at"}] (those that hold for its cells), "explained", "waived": bool (for all its cells)}], "open": {"error",
        "warning", "question"} (findings nobody has answered), "first_things":
        [{"title", "text", "number": of the finding}], "passed": [{"check", "title", "table"}], "not_applicable":
        [{"check", "title", "table", "reason", "missing"}]}, "mendable": number of changes the
        machine could make (see ``satudata_qa_mend_plan``), "rewritable": bool (as a plain CSV),
        "proposed_dictionary": [{"kolom", "label", "tipe", …,
        "why"}] (empty without a report), "dictionary_given": bool}``
    :rtype: dictionary
    :raises ObjectNotFound: no such resource
    :raises NotAuthorized: the reader is no member of the organization, no reviewer and no sysadmin
    """
    data = asking.validated(data_dict, schema.show(), context)
    tk.check_access("satudata_qa_show", context, data)
    found = _resource(data["resource_id"])
    return answers.show(found, data.get("language") or language.language())


def satudata_qa_run(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Check a file once more, even if there is a report.

    :param resource_id: id of the resource
    :type resource_id: string
    :param wait: come back only when the check has ended; for the command line, sysadmins only (optional). With it a
        file that was judged already under the present rules is not judged again.
    :type wait: boolean

    :returns: as ``satudata_qa_show``
    :rtype: dictionary
    :raises ValidationError: ``resource_id``: the resource is a link, its file is not checked
    """
    data = asking.validated(data_dict, schema.run(), context)
    tk.check_access("satudata_qa_run", context, data)
    found = _resource(data["resource_id"])
    if not content.is_upload(found):
        raise tk.ValidationError({"resource_id": [answers.link(language.language())]})
    if data["wait"] and not roles.is_sysadmin(roles.user_id_of(context.get("user"))):
        raise tk.NotAuthorized(tk._("Only a sysadmin may wait for a check."))
    queue.queue_resource(found, again=not data["wait"])
    if not context.get("defer_commit"):
        model.Session.commit()
    if data["wait"]:
        jobs.check_now(found)
    return answers.show(found, language.language())


@tk.side_effect_free
def satudata_qa_summary(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The checks of a dataset in a few numbers.

    :param id: id or name of the dataset
    :type id: string

    :returns: ``{"state": "none" (no uploaded file) | "queued" | "running" | "failed" | "done", "errors", "warnings",
        "questions": int (nobody has answered), "score": 0-100 of the worst file, null until every file is judged,
        "rule_version", "sha256": of the rules and the bytes it was given for (the latter for whoever may read the
        file), "checked_at": moment or null}``; for members, reviewers and sysadmins also ``"explained", "waived",
        "files", "checked": int, "scored": id of the file the score is of, or null, "resources": [{"resource_id",
        "name", "state", "errors", "warnings", "questions", "score"}]``
    :rtype: dictionary
    :raises ObjectNotFound: no such dataset
    :raises NotAuthorized: the reader may not read the dataset
    """
    data = asking.validated(data_dict, schema.summary(), context)
    tk.check_access("satudata_qa_summary", context, data)
    package = model.Package.get(data["id"])
    if package is None:
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    standings = standing.of_dataset(package.id)
    return answers.summary(standings, inside=_inside(context, package), may_read=partial(_may_read, context))


@tk.side_effect_free
def satudata_table_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """A window of the judged table, as it stands in the file, with marks at the cells that were found fault with.

    :param resource_id: id of the resource
    :type resource_id: string
    :param offset: rows to skip (optional, default: 0)
    :type offset: integer
    :param limit: rows to return, at most 500 (optional, default: 50)
    :type limit: integer
    :param rows: instead of ``offset`` and ``limit``: row numbers of the file, as a list or ``19,20,64-66`` (optional)
    :type rows: list of integers
    :param margin: rows before and after each of ``rows`` (optional, default: 0, at most 20)
    :type margin: integer

    :returns: ``{"resource_id", "state": as in satudata_qa_show, "header": [name], "columns": [{"name", "label",
        "numeric", "key": bool}], "total": rows of the table, "rows": [{"row": number in the file, "cells": [text],
        "marks": {column index as text: mark}, "row_marks": [mark] (faults of the row as a whole), "severity": the worst
        of the row or null}]}``; a mark is ``{"severity", "severity_label", "number": of the finding, "title",
        "proposal"}``. Marks are given to members, reviewers and sysadmins only; without a report ``rows`` is empty.
    :rtype: dictionary
    """
    data = asking.validated(data_dict, schema.table(), context)
    tk.check_access("satudata_table_show", context, data)
    found = _resource(data["resource_id"])
    spoken = data.get("language") or language.language()
    return preview.show(found, data, spoken, marks=_inside(context, model.Package.get(found["package_id"])))


@tk.side_effect_free
def satudata_qa_files(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The judged table as files of this machine, for the loader of the DataStore; not for readers.

    :param resource_id: id of the resource
    :type resource_id: string
    :param sha256: of the bytes that are meant, when they may be earlier ones of the same file (optional)
    :type sha256: string

    :returns: ``{"sha256": of the judged file, "rows": path of the typed CSV, "csv": path of the CSV for people,
        "cells": path of the cells as they stand in the file, each row with its number there, or null,
        "columns": [{"id", "kolom", "label", "type", "satuan"}], "count": rows}``, or ``{}`` when the file is
        not judged or is no table
    :rtype: dictionary
    """
    data = asking.validated(data_dict, schema.files(), context)
    tk.check_access("satudata_qa_files", context, data)
    return answers.files(_resource(data["resource_id"]), data.get("sha256"))


def satudata_qa_forget(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Forget every check of some files: their runs, their reports, the judged tables. For the program itself.

    :param resource_ids: ids of the resources
    :type resource_ids: list of strings
    :param sha256: SHA-256 of all bytes they hold or held
    :type sha256: list of strings

    Reports and tables are found by the bytes, so those of the same bytes elsewhere go too.

    :returns: ``{"folders": names of the folders of judged tables below ``satudata/judged``, for the caller to erase}``
    :rtype: dictionary
    """
    tk.check_access("satudata_qa_forget", context, data_dict)
    folders = forgetting.forget(*asking.given(data_dict, resource_ids=list, sha256=list))
    if not context.get("defer_commit"):
        model.Session.commit()
    return {"folders": folders}


def satudata_qa_carry(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What was judged of a file holds for another file with the same bytes; nothing is judged twice. For programs.

    :param resource_id: id of the resource that was judged
    :type resource_id: string
    :param to: id of the resource that points at the same bytes with the same data dictionary; may be the same one,
        when it belongs to another dataset from now on
    :type to: string
    :param package_id: id of the dataset of ``to``
    :type package_id: string

    A run answers for exact bytes and an exact dictionary, so one that does not fit is never asked.

    :returns: ``{"carried": number of finished checks}``
    :rtype: dictionary
    """
    data = asking.validated(data_dict, schema.carry(), context)
    tk.check_access("satudata_qa_carry", context, data)
    carried = carrying.carry(data["resource_id"], data["to"], data["package_id"])
    if not context.get("defer_commit"):
        model.Session.commit()
    return {"carried": carried}


def satudata_qa_explain(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Explain a finding: why what looks odd is right. It is not asked again for the same cells, in this file or a later
    one; after a change of the cells it is.

    :param resource_id: id of the resource
    :type resource_id: string
    :param finding: its ``mark`` in the report
    :type finding: string
    :param text: the explanation, 10 to 2,000 characters; numbers of persons in it are hidden
    :type text: string

    :returns: as ``satudata_qa_show``
    :rtype: dictionary
    :raises NotAuthorized: the reader does not edit the dataset
    :raises ValidationError: ``text``; or ``reasons``: no report, the finding is there no more, it can only be mended,
        the dataset is in review or decided
    """
    data = asking.validated(data_dict, schema.reply(), context)
    tk.check_access("satudata_qa_explain", context, data)
    found = _resource(data["resource_id"])
    saying.explain(found, data["finding"], data["text"], roles.required_user_id(context.get("user")))
    if not context.get("defer_commit"):
        model.Session.commit()
    return answers.show(found, language.language())


def satudata_qa_waive(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Set a finding aside that stands in the way of a step: it stays in the report and counts as open no more. It holds
    for the same cells; of a table as a whole, for this file. The history of the dataset tells it.

    :param resource_id: id of the resource
    :type resource_id: string
    :param finding: its ``mark`` in the report
    :type finding: string
    :param text: the reason, 10 to 2,000 characters
    :type text: string

    :returns: as ``satudata_qa_show``
    :rtype: dictionary
    :raises NotAuthorized: the reader holds no role that the checklist names (``kesampingkan``)
    :raises ValidationError: ``text``; or ``reasons``: no report, the finding is there no more, it can only be mended or
        is in nobody's way, the dataset is decided, the reader wrote it
    """
    data = asking.validated(data_dict, schema.reply(), context)
    tk.check_access("satudata_qa_waive", context, data)
    found = _resource(data["resource_id"])
    saying.waive(context, found, data["finding"], data["text"], roles.required_user_id(context.get("user")))
    if not context.get("defer_commit"):
        model.Session.commit()
    return answers.show(found, language.language())


def satudata_qa_withdraw(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take back an explanation, or let a finding that was set aside count again.

    :param resource_id: id of the resource
    :type resource_id: string
    :param reply: id of what was said
    :type reply: string
    :param text: why (for a finding that was set aside: the history tells it)
    :type text: string

    :returns: as ``satudata_qa_show``
    :rtype: dictionary
    :raises NotAuthorized: the reader could not have said it
    :raises ValidationError: ``reasons``: there is no such answer, the dataset is in review or decided
    """
    data = asking.validated(data_dict, schema.withdraw(), context)
    tk.check_access("satudata_qa_withdraw", context, data)
    found = _resource(data["resource_id"])
    reply = saying.reply_of(found["id"], data["reply"])
    saying.withdraw(context, found, reply, data["text"], roles.required_user_id(context.get("user")))
    if not context.get("defer_commit"):
        model.Session.commit()
    return answers.show(found, language.language())

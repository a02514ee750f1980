"""Actions of `metadata`: is the description complete, and the data dictionary of a file."""

from __future__ import annotations

import base64
import json
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.metadata.completeness import Completeness, Problem
from ckanext.satudata.core.qa import given
from ckanext.satudata.metadata import brought, dictionary, form, taken
from ckanext.satudata.metadata.logic import schema

# What of a caller's context goes on to the action that writes.
CALLER = ("user", "auth_user_obj", "ignore_auth", "defer_commit")


@tk.side_effect_free
def satudata_metadata_check(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Is the description of a dataset complete enough to be submitted?

    Drafts may lack anything; this is the strict check (Perpres 39/2019 Pasal 4 to 9).

    :param id: id or name of the dataset
    :type id: string

    :returns: ``{"complete": bool, "filled": int, "required": int (mandatory fields that apply),
        "problems": [{"field": name, "section": key, "code": str, "text": sentence, "anchor": path of the page with
        the field's id}], "hints": the same, for what does not hold up a submission,
        "sections": [{"key", "title", "filled", "required", "url"}]}``. A dataset type without such a form is complete
        with ``required`` 0.
    :rtype: dictionary
    :raises ObjectNotFound: no such dataset
    :raises NotAuthorized: the reader may not read it
    """
    data = asking.validated(data_dict, schema.metadata_check(), context)
    tk.check_access("satudata_metadata_check", context, data)
    dataset = tk.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": data["id"]})
    state = form.completeness_of(dataset) or Completeness((), (), ())
    return {
        "complete": state.complete,
        "filled": state.filled,
        "required": state.required,
        "problems": [_problem_dict(dataset, problem) for problem in state.problems],
        "hints": [_problem_dict(dataset, problem) for problem in state.hints],
        "sections": [
            {
                "key": section.key,
                "title": section.title.render(language()),
                "filled": section.filled,
                "required": section.required,
                "url": form.page_of(dataset, section.key),
            }
            for section in state.sections
        ],
    }


def _problem_dict(dataset: dict[str, Any], problem: Problem) -> dict[str, Any]:
    return {
        "field": problem.field.name,
        "section": problem.field.section,
        "code": problem.reason.code,
        "text": problem.reason.render(language()),
        "anchor": form.page_of(dataset, problem.field.section, problem.field.anchor),
    }


@tk.side_effect_free
def satudata_dictionary_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The data dictionary of a file as it is stored.

    :param resource_id: id of the file
    :type resource_id: string

    :returns: ``{"resource_id", "package_id", "stored": bool, "source": "kamus_data" | "schema" (a Table Schema in the
        field ``schema`` of the file, where nobody stored a dictionary) | null, "problem": why that Table Schema cannot
        be used, or null, "columns": [{"kolom", "label", "tipe": text | integer | number | date | year | period |
        boolean, "ukuran", "satuan", "daftar": key of a reference list, "edisi", "wajib": true, "kunci": true, "unik":
        true, "definisi", "nilai": [str], "minimal", "maksimal": number, "pola": regular expression, "tanda_kosong":
        [str], "aditif": bool, "skema": object}]}`` (a key without a value is left out)
    :rtype: dictionary
    :raises ObjectNotFound: no such file
    :raises NotAuthorized: the reader may not read it
    """
    data = asking.validated(data_dict, schema.dictionary(), context)
    tk.check_access("satudata_dictionary_show", context, data)
    resource = _resource(data["resource_id"])
    found = given.dictionary_given(resource)
    return {
        "resource_id": resource["id"],
        "package_id": resource["package_id"],
        "stored": found.source == given.PERSON,
        "source": found.source or None,
        "problem": found.problem.render(language()) if found.problem is not None else None,
        "columns": [dict(column) for column in found.columns],
    }


@tk.side_effect_free
def satudata_dictionary_propose(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What the check of the file proposes as its data dictionary. Nothing is stored.

    :param resource_id: id of the file
    :type resource_id: string

    :returns: ``{"resource_id", "checked": bool (false while the check is under way), "columns": as in
        :func:`satudata_dictionary_show`, each with ``"why": {"id": sentence, "en": sentence}``; empty if the file
        could not be read}``
    :rtype: dictionary
    :raises ObjectNotFound: no such file
    :raises NotAuthorized: the reader may not change it
    """
    data = asking.validated(data_dict, schema.dictionary(), context)
    tk.check_access("satudata_dictionary_propose", context, data)
    resource = _resource(data["resource_id"])
    report = tk.get_action("satudata_qa_show")({"ignore_auth": True}, {"resource_id": resource["id"]})
    return {
        "resource_id": resource["id"],
        "checked": report["state"] not in ("none", "queued", "running"),
        "columns": report["proposed_dictionary"],
    }


def satudata_dictionary_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Store the data dictionary of a file.

    :param resource_id: id of the file
    :type resource_id: string
    :param columns: the columns as in :func:`satudata_dictionary_show`; an empty list removes the dictionary
    :type columns: list of dictionaries

    :returns: as :func:`satudata_dictionary_show`
    :rtype: dictionary
    :raises ValidationError: key ``columns``: a list of ``{"index": row from 0 or null, "part": key or null, "text":
        sentence}``; or what the write guard says (the dataset is in review or published)
    :raises ObjectNotFound: no such file
    :raises NotAuthorized: the user may not change it
    """
    # CKAN 2.11 takes a list of dictionaries apart that its schema does not know, so `columns` stays outside.
    data = asking.validated({"resource_id": data_dict.get("resource_id")}, schema.dictionary(), context)
    tk.check_access("satudata_dictionary_update", context, data)
    resource = _resource(data["resource_id"])
    wrong = dictionary.problems(data_dict.get("columns"))
    if wrong:
        said: list[Any] = [
            {"index": one.index, "part": one.part, "text": one.reason.render(language())} for one in wrong
        ]
        raise tk.ValidationError({"columns": said})
    columns = dictionary.tidy(data_dict["columns"])
    writing: Any = {key: context[key] for key in CALLER if key in context}
    tk.get_action("resource_patch")(writing, {"id": resource["id"], "kamus_data": json.dumps(columns)})
    return tk.get_action("satudata_dictionary_show")({"ignore_auth": True}, {"resource_id": resource["id"]})


def satudata_dictionary_read(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Read a data dictionary from what somebody has. Nothing is stored: the columns are shown, mended and then given to
    :func:`satudata_dictionary_update`.

    :param resource_id: id of the file it is meant for
    :type resource_id: string
    :param upload: a file: Table Schema (JSON), data dictionary as CSV or JSON, MS-Var, or a template of this portal
        (XLSX)
    :type upload: file
    :param schema: the same as an object or its JSON text, where there is no file (optional)
    :type schema: object or string

    :returns: ``{"resource_id", "columns": as in :func:`satudata_dictionary_show`}``
    :rtype: dictionary
    :raises ValidationError: key ``upload``: why it cannot be read
    :raises ObjectNotFound: no such file
    :raises NotAuthorized: the user may not change it
    """
    data = asking.validated({"resource_id": data_dict.get("resource_id")}, schema.dictionary(), context)
    tk.check_access("satudata_dictionary_read", context, data)
    resource = _resource(data["resource_id"])
    columns, refused = brought.columns_in(data_dict)
    if refused is not None:
        raise tk.ValidationError({"upload": [refused]})
    return {"resource_id": resource["id"], "columns": dictionary.tidy([column.to_dict() for column in columns])}


@tk.side_effect_free
def satudata_template(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """A workbook to be filled in, made from the data dictionary of a file: headers, lists to choose from, rules, and a
    sheet of instructions. A file made from it passes the check.

    :param resource_id: id of the file
    :type resource_id: string

    :returns: ``{"resource_id", "name": file name, "mimetype", "size": bytes, "content": the XLSX file in base64}``
    :rtype: dictionary
    :raises ValidationError: key ``dictionary``: the file has none yet
    :raises ObjectNotFound: no such file
    :raises NotAuthorized: the reader may not read it
    """
    data = asking.validated(data_dict, schema.dictionary(), context)
    tk.check_access("satudata_template", context, data)
    resource = _resource(data["resource_id"])
    content = taken.template(resource)
    return {
        "resource_id": resource["id"],
        "name": taken.name_of(resource, "templat.xlsx"),
        "mimetype": taken.XLSX,
        "size": len(content),
        "content": base64.b64encode(content).decode("ascii"),
    }


def _resource(resource_id: str) -> dict[str, Any]:
    return tk.get_action("resource_show")({"ignore_auth": True, "use_cache": False}, {"id": resource_id})

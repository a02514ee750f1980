"""The procedures of this portal."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking, roles
from ckanext.satudata.bridge.language import language
from ckanext.satudata.workflow.deciding import decisions
from ckanext.satudata.workflow.logic import decision_schema
from ckanext.satudata.workflow.procedures import definitions, judging, migrate


@tk.side_effect_free
def satudata_workflow_roles(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The roles and positions the portal's workflows know, in words.

    Of every workflow that can be chosen for a dataset.

    :returns: ``{"roles": [{"key": "walidata", "label"}], "positions": [{"key": "kasi", "label"}], "stages": [{"key",
        "label", "workflow": its key, "kind", "role", "positions": [key] (empty: any), "scope": "organization" |
        "tree" | "all", "optional": bool}]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_workflow_roles", context, data_dict)
    return definitions.words()


@tk.side_effect_free
def satudata_workflow_check(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whether the rules that choose workflows, and every workflow they can choose, are in order. Sysadmins.

    :returns: ``{"count": int (mistakes), "otherwise": key of the workflow for what no rule matches, or null, "files":
        [{"name", "problems": [{"line", "path", "text": with line and how to mend it}]}]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_workflow_check", context, data_dict)
    verdict, spoken = judging.everything(), language()
    return {
        "count": verdict.count,
        "otherwise": verdict.otherwise,
        "files": [
            {
                "name": judged.name,
                "problems": [
                    {"line": problem.line, "path": problem.path, "text": problem.render(spoken)}
                    for problem in judged.problems
                ],
            }
            for judged in verdict.files
        ],
    }


def satudata_workflow_migrate(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Move running cases to another version of their workflow. Sysadmins.

    :param workflow: only cases of this workflow, its key (optional)
    :type workflow: string
    :param to: ``current`` (default: what the file of each case's workflow says now), the key of another workflow, or a
        version such as ``perpres@1a2b3c4d5e6f``
    :type to: string
    :param map: ``{old stage: new stage}`` for stages that are no more, or are called otherwise (optional)
    :type map: dictionary
    :param datasets: only these, ids or names (optional)
    :type datasets: list of strings
    :param dry_run: only tell what would happen (default: true)
    :type dry_run: boolean

    Cases in review, in revision and approved move; a draft follows what its file says anyway, and what was decided for
    good stays as it is. Nothing moves while one of them has no place in the new version. The term of the new version
    counts from when the present state began. Each case is a transaction and an entry ``migrate`` of its own: whoever
    was interrupted calls again.

    :returns: ``{"dry_run": bool, "count", "refused", "moved": int, "problems": [sentence], "results": [{"id": dataset
        id, "title", "state", "from", "to": versions, "stage", "new_stage", "due", "new_due", "problem": sentence or
        null, "moved": bool}]}``
    :rtype: dictionary
    :raises ValidationError: ``to``: no such version, or it has mistakes; ``map``: a stage the new version does not have
    """
    data = asking.validated(data_dict, decision_schema.migrate(), context)
    tk.check_access("satudata_workflow_migrate", context, data)
    user_id = roles.required_user_id(context.get("user"))
    return migrate.run(data, user_id, decisions.channel(context))

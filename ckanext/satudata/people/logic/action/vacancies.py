"""Posts nobody holds."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import roles
from ckanext.satudata.people import reach, vacancies


@tk.side_effect_free
def satudata_vacancy_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """Posts that cases need and nobody holds, or will hold within a week; found by the tick once a minute.

    Sysadmins and a Walidata of all organizations see all of them, an organization's admin and a Walidata of one
    organization those of that organization.

    :returns: ``[{"role", "positions": [keys] (any of them would do; empty: any position), "post": in words,
        "organization": {"id", "title"} or null for all, "stage_label": the step that waits for it, "since": moment
        from which nobody can act, "vacant": bool (now; otherwise soon), "producer": bool (an editor or admin of the
        organization is missing, no role)}]``
    :rtype: list of dictionaries
    """
    tk.check_access("satudata_vacancy_list", context, data_dict)
    mine = reach.of_caller(context)
    held = [grant for grant in roles.roles_of(mine.user_id or "") if grant.role == vacancies.WALIDATA]
    everywhere = any(grant.organization_id is None for grant in held)
    covered = None if everywhere else frozenset(str(grant.organization_id) for grant in held)
    return vacancies.listed(mine, covered)

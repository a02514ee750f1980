"""Helpers for templates: who may give roles."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import roles
from ckanext.satudata.people import reach


def sd_gives_roles(organization_id: str | None = None) -> bool:
    """Whether the reader may give roles: to anybody, or for one organization."""
    if not tk.current_user.is_authenticated:
        return False
    mine = getattr(tk.g, "satudata_reach", None)
    if mine is None:
        mine = tk.g.satudata_reach = reach.of(roles.user_id_of(tk.current_user.name))
    return mine.sees(organization_id) if organization_id is not None else mine.anything

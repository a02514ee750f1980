"""What became of offices; old addresses lead to the new ones."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from flask.typing import ResponseReturnValue

from ckanext.satudata.people.offices import changes as record
from ckanext.satudata.people.views import entered, satudata_people, tabs

PAGE = 50
# Pages of an organization that may be asked for by a name of yesterday.
PAGES = frozenset({"organization.read", "organization.about", "organization.members"})


@satudata_people.get("/petugas/perubahan")
def changes() -> ResponseReturnValue:
    """Renamed, merged, split, left: for sysadmins."""
    entered()
    page = max(1, tk.h.get_page_number(tk.request.args))
    try:
        found = tk.get_action("satudata_office_change_list")({}, {"limit": PAGE, "offset": (page - 1) * PAGE})
    except tk.NotAuthorized:
        return tk.abort(403)
    counts = tk.get_action("satudata_grant_search")({}, {"limit": 1})["counts"]
    data = {"found": found, "page": page, "full": len(found) == PAGE, "tabs": tabs(counts, "changes", {})}
    # what the command line does is done by the portal's own account
    return tk.render("satudata/people/changes.html", {**data, "portal_account": tk.config.get("ckan.site_id")})


@satudata_people.before_app_request
def lead_on() -> ResponseReturnValue | None:
    """Send who comes by the old address of an organization to the one that took its place."""
    if tk.request.endpoint not in PAGES or tk.request.method != "GET":
        return None
    name = (tk.request.view_args or {}).get("id", "")
    group = model.Group.get(name)
    if not name or (group is not None and group.state == model.State.ACTIVE):
        return None
    following = record.now_called(name)
    return tk.redirect_to(tk.request.endpoint, id=following) if following is not None else None

"""CKAN's stream of activities without what its reader may not know: who did it, and where limited files come from.

Members and reviewers of an organization, sysadmins, and everybody of themselves, read names. Others read the office:
its title stands where CKAN has the account, and CKAN's pages print an account they do not know as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import organizations, roles
from ckanext.satudata.publication.access import origins, reading

Activity = dict[str, Any]


def told(context: Any, activities: Iterable[Activity]) -> list[Activity]:
    """The same activities as this reader may know them; dicts of ``activity_list`` or ``activity_show``."""
    listed = list(activities)
    if context.get("ignore_auth"):
        return listed
    reader = roles.user_id_of(context.get("user"))
    offices = offices_of({one["object_id"] for one in listed if one.get("object_id")})
    titles = organizations.titles(set(offices.values()))
    inside = {office: roles.is_inside(reader, office) for office in {*offices.values(), None}}
    for one in listed:
        office = offices.get(str(one.get("object_id")))
        _without_origins(one, reader)  # a reviewer of the office, too, may read files only while they are with them
        if not inside[office] and (reader is None or one.get("user_id") != reader):
            _without_actor(one, _named(titles.get(office or "")))
    return listed


def by_account(context: Any, activities: Iterable[Activity]) -> list[Activity]:
    """Of the activities of one account those whose actor the reader may know; the others are left out."""
    listed = list(activities)
    actors = [one.get("user_id") for one in listed]
    return [one for one, actor in zip(told(context, listed), actors, strict=True) if one.get("user_id") == actor]


def offices_of(object_ids: set[str]) -> dict[str, str]:
    """The organization of each dataset, and each organization itself."""
    if not object_ids:
        return {}
    package, group = model.package_table, model.group_table
    owned = sa.select(package.c["id"], package.c["owner_org"]).where(
        package.c["id"].in_(object_ids), package.c["owner_org"].is_not(None)
    )
    itself = sa.select(group.c["id"], group.c["id"]).where(group.c["id"].in_(object_ids), group.c["is_organization"])
    return {row[0]: row[1] for query in (owned, itself) for row in model.Session.execute(query)}


def _named(title: str | None) -> str:
    """The office in words that are no account's name; of what has none (a group) the portal."""
    words = title or str(tk.config.get("ckan.site_title") or "")
    return words if " " in words else f"{tk._('Organization')} {words}".strip()


def _without_actor(activity: Activity, office: str) -> None:
    activity["user_id"] = office
    data = activity.get("data")
    if isinstance(data, dict) and data.get("actor"):
        activity["data"] = {**data, "actor": office}


def _without_origins(activity: Activity, reader: str | None) -> None:
    data = activity.get("data")
    if not isinstance(data, dict):
        return
    dataset = data.get("package")
    if not isinstance(dataset, dict) or not dataset.get("resources"):
        return
    shared = reading.of_dataset(activity["object_id"])
    if shared is not None and shared.limited and not reading.may_read_files(reader, shared):
        shown = {**dataset, "resources": [{**one} for one in dataset["resources"]]}
        origins.hide(shown)
        activity["data"] = {**data, "package": shown}

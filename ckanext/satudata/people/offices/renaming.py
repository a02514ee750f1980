"""An organization gets another name or title; whatever refers to it goes on referring to it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.people.offices import changes


def rename(context: dict[str, Any], data: dict[str, Any], by_id: str | None, *, dry_run: bool) -> dict[str, Any]:
    """See :func:`satudata_office_rename`."""
    group = model.Group.get(data["id"])
    if group is None or not group.is_organization or group.state != model.State.ACTIVE:
        raise tk.ObjectNotFound(f"organization {data['id']}")
    before = {"name": group.name, "title": group.title or group.name}
    after = {"name": data.get("name") or before["name"], "title": data.get("title") or before["title"]}
    told = {"id": group.id, "before": before, "after": after, "changed": before != after, "indexed": 0}
    _check_name(group, after["name"])
    if dry_run or not told["changed"]:
        return told
    inside: Any = {"user": context["user"], "ignore_auth": True, "defer_commit": True}
    tk.get_action("organization_patch")(inside, {"id": group.id, **after})
    details = {"old_name": before["name"], "old_title": before["title"], "name": after["name"], "title": after["title"]}
    changes.record("rename", group.id, None, by_id, data.get("letter"), {**details, "from_title": before["title"]})
    model.Session.commit()
    told["indexed"] = tk.get_action("satudata_office_index")({"ignore_auth": True}, {"organization": group.id})[
        "indexed"
    ]
    return told


def _check_name(group: model.Group, name: str) -> None:
    """CKAN's own rule for names, asked before anything is written."""
    other = model.Group.get(name)
    if other is not None and other.id != group.id:
        raise tk.ValidationError({"name": [tk._("Another organization or group has this name.")]})
    try:
        tk.get_validator("name_validator")(name, {})  # pyright: ignore[reportCallIssue]
    except tk.Invalid as error:
        raise tk.ValidationError({"name": [error.error]}) from error

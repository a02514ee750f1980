"""What a reader is told about limited files: for whom they are, and whom to ask."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import organizations, roles
from ckanext.satudata.bridge.access import OPEN
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.publication.access import reading
from ckanext.satudata.publication.access.reading import Sharing

LIMITED = Text(
    id="Akses terbatas: file dan isi tabelnya hanya untuk {whom}. Untuk meminta akses, hubungi {office}.",
    en="Limited access: the file and its rows are for {whom} only. To ask for access, turn to {office}.",
)
LOG_IN = Text(id="Masuk dahulu bila Anda termasuk di dalamnya.", en="Log in first if you belong to them.")
OWNER = Text(id="instansi pemiliknya", en="the organization that owns it")


def refusal(user_id: str | None, shared: Sharing) -> str:
    """Why somebody does not get the bytes: one sentence, for a visitor two."""
    spoken = language()
    named = whom(shared)
    office = named["organizations"][0]["title"] if named["organizations"] else OWNER.render(spoken)
    everybody = [*(one["title"] for one in named["organizations"]), *(one["label"] for one in named["roles"])]
    said = LIMITED.render(spoken, whom=", ".join(everybody) or office, office=office)
    return said if user_id is not None else f"{said} {LOG_IN.render(spoken)}"


def whom(shared: Sharing) -> dict[str, list[dict[str, str]]]:
    """``{"organizations": [{"id", "title"}] (the owner first), "roles": [{"key", "label"}]}``, without what is gone."""
    ids = list(dict.fromkeys([shared.owner_org, *shared.organizations] if shared.owner_org else shared.organizations))
    titles = organizations.titles({one for one in ids if one})
    return {
        "organizations": [{"id": one, "title": titles[one]} for one in ids if one in titles],
        "roles": _labelled(shared.roles),
    }


def _labelled(keys: tuple[str, ...]) -> list[dict[str, str]]:
    if not keys:
        return []
    known = tk.get_action("satudata_workflow_roles")({"ignore_auth": True}, {})["roles"]
    labels = {str(one["key"]): str(one["label"]) for one in known}
    return [{"key": key, "label": labels.get(key, key)} for key in keys]


def answer(context: Any, shared: Sharing) -> dict[str, Any]:
    """See :func:`satudata_access_show`."""
    user_id = roles.user_id_of(context.get("user"))
    may = bool(context.get("ignore_auth")) or reading.may_read_files(user_id, shared)
    return {
        "dataset_id": shared.dataset_id,
        "access": shared.access or OPEN,
        "limited": shared.limited,
        "may_read_files": may,
        "shared_with": whom(shared) if shared.limited else {"organizations": [], "roles": []},
        "message": None if may else refusal(user_id, shared),
    }

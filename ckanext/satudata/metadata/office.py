"""What the program fills in by itself: offices as author and maintainer, and tags.

Harvesters expect ``author``, ``maintainer`` and tags. They come from the organization and the contact office; a name of
a person is never written there (UU 27/2022).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import rulebook
from ckanext.satudata.bridge.roles import PRODUCER

# CKAN's own rule for tags.
_NO_TAG_CHARACTER = re.compile(r"[^\w \-.]+")
_TAGGED = (("kategori", "kategori"), ("bidang_urusan", "bidang_urusan"), ("sds_konsep", None))


def organization(reference: str | None) -> model.Group | None:
    """An organization by id or name."""
    found = model.Group.get(reference) if reference else None
    return found if found is not None and found.is_organization else None


def walidata() -> model.Group | None:
    """The organization that publishes: the configured one, else the only one whose role is *walidata*."""
    configured = tk.config.get("ckanext.satudata.walidata")
    if configured:
        return organization(str(configured))
    found = [group for group in _organizations() if extras_of(group).get("jenis") == "walidata"]
    return found[0] if len(found) == 1 else None


def _organizations() -> Iterable[model.Group]:
    return model.Session.query(model.Group).filter_by(is_organization=True, state="active")


def active() -> list[model.Group]:
    """The organizations of the portal, by title."""
    return sorted(_organizations(), key=lambda one: (one.title or one.name).casefold())


def spellings() -> dict[str, str]:
    """How an active organization may be written (id, name, title; lower case), each with its id.

    A title that two of them bear names neither.
    """
    found = active()
    borne = Counter(str(one.title).casefold() for one in found if one.title)
    titles = {str(one.title).casefold(): one.id for one in found if one.title and borne[one.title.casefold()] == 1}
    return {**titles, **{one.name: one.id for one in found}, **{one.id: one.id for one in found}}


def roles() -> dict[str, str]:
    """The roles a person can hold by a grant, each with its label; the producer's is a membership."""
    try:
        known = tk.get_action("satudata_workflow_roles")({"ignore_auth": True}, {})["roles"]
    except KeyError:
        return {}
    return {str(one["key"]): str(one["label"]) for one in known if one["key"] != PRODUCER}


def acknowledged(values: Mapping[str, str], owner: model.Group | None) -> dict[str, str]:
    """``author``, ``author_email``, ``maintainer``, ``maintainer_email`` of a dataset.

    ``values``: ``produsen_data`` and ``surel`` (the first contact's), possibly empty.
    """
    steward = walidata()
    mail = values.get("surel") or (extras_of(owner).get("surel", "") if owner is not None else "")
    return {
        "author": values.get("produsen_data") or title_of(owner),
        "author_email": mail,
        "maintainer": title_of(steward) or title_of(owner),
        "maintainer_email": extras_of(steward).get("surel", "") if steward is not None else mail,
    }


def extras_of(entity: Any) -> dict[str, str]:
    """Extras of a dataset or organization; rows behind a proxy in CKAN 2.11, a JSON column in 2.12."""
    return dict(entity.extras or {})


def title_of(group: model.Group | None) -> str:
    """The name of an organization as people read it, or nothing."""
    return (group.title or group.name) if group is not None else ""


def tags(values: Mapping[str, Any]) -> list[str]:
    """Tags that follow from the description: topic, government affair, concept."""
    found: list[str] = []
    for field, list_key in _TAGGED:
        value = str(values.get(field) or "")
        codes = rulebook.lists().get(list_key or "")
        entry = codes.get(value) if codes is not None else None
        tag = " ".join(_NO_TAG_CHARACTER.sub(" ", entry.name if entry is not None else value).split()).lower()
        if 2 <= len(tag) <= 100 and tag not in found:
            found.append(tag)
    return found

"""Who may read ONE dataset that is not public, from outside of its organization: the same answer for every slice.

The procedure says which roles read it where its case stands now (:mod:`core.workflow.reading`). The right ends with the
stage, or as the procedure says. Questions that are only about an office ask :func:`roles.is_inside`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import roles
from ckanext.satudata.core.workflow.reading import Reader


def readers_of(dataset_ids: Sequence[str]) -> dict[str, tuple[Reader, ...]]:
    """Who may read each of these datasets now; asked of the database each time, so that a right ends at once."""
    ids = list(dataset_ids)
    if not ids:
        return {}
    # Nobody in particular asks: CKAN looks up the account of whoever does, each time.
    within: Any = {"ignore_auth": True, "user": ""}
    told: dict[str, Any] = roles.briefly(
        ("readers", *ids), lambda: tk.get_action("satudata_case_readers")(within, {"ids": ids})
    )
    return {key: tuple(Reader(**one) for one in found) for key, found in told.items()}


def may_review(user_id: str | None, dataset_id: str, organization_id: str | None) -> bool:
    """Whether somebody reads the dataset by a grant, their own or a deputy's."""
    grants = roles.roles_of(user_id) if user_id is not None else []
    if not grants:
        return False
    readers = readers_of([dataset_id])[dataset_id]
    return any(_reads(grant, one, organization_id) for grant in grants for one in readers)


def _reads(grant: roles.Grant, reader: Reader, organization_id: str | None) -> bool:
    fits = grant.role == reader.role and reader.position in (None, grant.position)
    return fits and grant.reaches(organization_id, reader.scope)


def is_inside(user_id: str | None, dataset_id: str, organization_id: str | None) -> bool:
    """Whether names, notes and files of the review of a dataset may be shown: members of its organization, sysadmins,
    and reviewers as long as they may read it."""
    if user_id is None:
        return False
    if roles.is_sysadmin(user_id):
        return True
    if any(place.organization_id == organization_id for place in roles.memberships_of(user_id)):
        return True
    return may_review(user_id, dataset_id, organization_id)


# ---------------------------------------------------------------------------------------------------------- as labels
# A label names a role (with a position, where only that one reads) and a place: `all`, an organization, or `tree:` and
# an organization, for grants from above it. Names hold no colon and no slash.

PREFIX = "sd-review:"


def labels_of(readers: Sequence[Reader], organization_id: str | None) -> list[str]:
    """The labels a dataset of this organization carries."""
    found: set[str] = set()
    for one in readers:
        who = f"{PREFIX}{one.role}/{one.position}" if one.position is not None else f"{PREFIX}{one.role}"
        found.add(f"{who}:all")
        if organization_id and one.scope != "all":
            found.add(f"{who}:{organization_id}")
        if organization_id and one.scope == "tree":
            found.add(f"{who}:tree:{organization_id}")
    return sorted(found)


def labels_held(user_id: str) -> list[str]:
    """The labels a user holds by grants that hold now."""
    found: set[str] = set()
    for grant in roles.roles_of(user_id):
        names = [grant.role, *([f"{grant.role}/{grant.position}"] if grant.position is not None else [])]
        own, *below = roles.seen_by(grant) or ("all",)
        found |= {f"{PREFIX}{name}:{place}" for name in names for place in [own, *(f"tree:{one}" for one in below)]}
    return sorted(found)

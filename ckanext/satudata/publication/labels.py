"""Who may read a dataset: the second lock beside ``private``.

Labels of a dataset name the roles that may read it where its case stands now. The index follows each step; what counts
is the database, which ``package_show`` asks. What a user holds is computed for each request, so that a grant counts
(and ends) at once.
"""

from __future__ import annotations

from typing import Any

from ckanext.satudata.bridge import reviewing
from ckanext.satudata.publication import guard

PUBLIC = "public"


def dataset_labels(dataset_obj: Any, default_labels: list[str]) -> list[str]:
    """Labels of a dataset.

    An unapproved dataset of a guarded type, and one that is closed by its access class, never carries ``public``, also
    when its row has drifted to public.
    What is not public may be read by the reviewers whose procedure says so (:mod:`bridge.reviewing`).
    """
    found = guard.standing(dataset_obj.id)
    if found is None or not found.guarded:
        # a row that is not written yet is nobody's but its organization's
        return default_labels if found is not None else _closed(dataset_obj, default_labels)
    public = PUBLIC in default_labels and not found.closed and (found.approved or not found.enforced)
    if public:
        return default_labels
    readers = reviewing.readers_of([found.id])[found.id]
    return [*_closed(dataset_obj, default_labels), *reviewing.labels_of(readers, dataset_obj.owner_org)]


def _closed(dataset_obj: Any, default_labels: list[str]) -> list[str]:
    labels = [label for label in default_labels if label != PUBLIC]
    if not labels:
        owner = dataset_obj.owner_org
        labels = [f"member-{owner}" if owner else f"creator-{dataset_obj.creator_user_id}"]
    return labels


def user_labels(user_obj: Any, default_labels: list[str]) -> list[str]:
    """Labels of a user: CKAN's own, and those of the roles the user holds, for each organization or for all."""
    # CKAN 2.11 gives an empty text for a visitor on some pages
    if not user_obj or getattr(user_obj, "is_anonymous", False):
        return default_labels
    return [*default_labels, *reviewing.labels_held(user_obj.id)]

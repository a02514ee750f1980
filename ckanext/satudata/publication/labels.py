"""Who may read a dataset: the second lock beside ``private``.

Labels of a dataset are stored in the index and therefore dull: they never depend on the stage of the review. What a
user holds is computed for each request, so that a grant counts (and ends) at once.
"""

from __future__ import annotations

from typing import Any

from ckanext.satudata.bridge import roles
from ckanext.satudata.publication import guard

REVIEW_ALL = "sd-review-all"
PUBLIC = "public"


def review_of(organization_id: str) -> str:
    """The label of datasets that reviewers of one organization may read."""
    return f"sd-review-{organization_id}"


def dataset_labels(dataset_obj: Any, default_labels: list[str]) -> list[str]:
    """Labels of a dataset.

    An unapproved dataset of a guarded type, and one that is closed by its access class, never carries ``public``, also
    when its row has drifted to public.
    Everything that is not public may be read by the reviewers of its organization.
    """
    found = guard.standing(dataset_obj.id)
    if found is None or not found.guarded:
        # a row that is not written yet is nobody's but its organization's
        return default_labels if found is not None else _closed(dataset_obj, default_labels)
    public = PUBLIC in default_labels and not found.closed and (found.approved or not found.enforced)
    if public:
        return default_labels
    labels = _closed(dataset_obj, default_labels)
    labels.append(REVIEW_ALL)
    if dataset_obj.owner_org:
        labels.append(review_of(dataset_obj.owner_org))
    return labels


def _closed(dataset_obj: Any, default_labels: list[str]) -> list[str]:
    labels = [label for label in default_labels if label != PUBLIC]
    if not labels:
        owner = dataset_obj.owner_org
        labels = [f"member-{owner}" if owner else f"creator-{dataset_obj.creator_user_id}"]
    return labels


def user_labels(user_obj: Any, default_labels: list[str]) -> list[str]:
    """Labels of a user: CKAN's own, and one for each organization (or for all) of which the user holds a grant."""
    # CKAN 2.11 gives an empty text for a visitor on some pages
    if not user_obj or getattr(user_obj, "is_anonymous", False):
        return default_labels
    grants = roles.roles_of(user_obj.id)
    granted = {review_of(organization_id) for grant in grants for organization_id in roles.seen_by(grant)}
    if any(grant.organization_id is None for grant in grants):
        granted.add(REVIEW_ALL)
    return [*default_labels, *sorted(granted)]

"""What happens in `workflow` when CKAN writes a dataset. All of it in the writer's transaction."""

from __future__ import annotations

from typing import Any

from ckan import model

from ckanext.satudata.bridge import roles
from ckanext.satudata.workflow.standing import cases

# Whoever writes something that is no content (a mark of the walidata) sets this in the context.
NOT_AN_AUTHOR = "satudata_not_an_author"


def after_dataset_create(context: Any, pkg_dict: dict[str, Any]) -> None:
    """Every new dataset of a guarded type begins as a draft."""
    _written(context, pkg_dict)


def after_dataset_update(context: Any, pkg_dict: dict[str, Any]) -> None:
    """Whoever changes the content is an author of the coming round."""
    _written(context, pkg_dict)


def _written(context: Any, pkg_dict: dict[str, Any]) -> None:
    package = model.Package.get(pkg_dict["id"])
    if package is None or cases.is_exempt(package.type):
        return
    cases.ensure("dataset", package.id, package.owner_org, package.title or package.name)
    user_id = roles.user_id_of(context.get("user"))
    if user_id is not None and not context.get(NOT_AN_AUTHOR):
        cases.note_author("dataset", package.id, user_id)
    if package.state != model.State.DELETED:
        cases.follow("dataset", package.id)

"""The rule: who may read the files of a dataset, their rows, cells and previews.

It is asked of the database each time, so a decision counts from its commit on, and a grant or a membership as long as
it holds. It says nothing of drafts and the like: whoever may not read the dataset never gets as far as here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import access, reviewing, roles, steady
from ckanext.satudata.bridge.access import CLOSED, LIMITED
from ckanext.satudata.core.stored import parsed
from ckanext.satudata.publication import guard

ORGANIZATIONS, ROLES = "dibagikan_kepada", "dibagikan_kepada_peran"
QUERY = sa.text(f"""
select p.id, p.owner_org, coalesce(p.type, 'dataset') as type, {access.extra(access.FIELD)} as access,
       {access.extra(ORGANIZATIONS)} as organizations, {access.extra(ROLES)} as roles
  from package p where p.id = :id
""")


@dataclass(frozen=True, slots=True)
class Sharing:
    """For whom the files of a dataset are: its ``access`` class, ids of ``organizations``, names of ``roles``."""

    dataset_id: str
    owner_org: str | None
    access: str | None
    organizations: tuple[str, ...]
    roles: tuple[str, ...]

    @property
    def limited(self) -> bool:
        """Whether the files are not for everybody who may read the description."""
        return self.access in (LIMITED, CLOSED)


def of_dataset(dataset_id: str) -> Sharing | None:
    """For whom the files of this dataset are; ``None`` for an unknown one."""
    return steady.once(("sharing", dataset_id), lambda: _sharing(dataset_id))


def of_resource(resource_id: Any) -> Sharing | None:
    """The same for the dataset of a file; with whom it is shared is told where that matters: of limited files."""
    found = guard.standing_of_resource(resource_id) if isinstance(resource_id, str) else None
    if found is None or (found.guarded and found.access in (LIMITED, CLOSED)):
        return of_dataset(found.id) if found is not None else None
    return Sharing(found.id, found.owner_org, found.access if found.guarded else None, (), ())


def may_read_files(user_id: str | None, shared: Sharing) -> bool:
    """Whether somebody (``None``: a visitor) may read files, rows, cells and previews of a dataset.

    *Terbuka*, or no class: whoever may read the dataset. *Terbatas*: members and reviewers of the organization that
    owns it, members of the organizations it is shared with, holders of the roles it is shared with, sysadmins.
    *Tertutup*: members and reviewers of its own organization, sysadmins.
    """
    if not shared.limited:
        return True
    if user_id is None:
        return False
    if reviewing.is_inside(user_id, shared.dataset_id, shared.owner_org):
        return True
    if shared.access == CLOSED:
        return False
    if any(grant.role in shared.roles for grant in roles.roles_of(user_id)):
        return True
    return any(place.organization_id in shared.organizations for place in roles.memberships_of(user_id))


def _sharing(dataset_id: str) -> Sharing | None:
    row = model.Session.execute(QUERY, {"id": dataset_id}).first()
    if row is None:
        return None
    kept = row.access if row.type not in guard.exempt_types() else None
    return Sharing(row.id, row.owner_org, kept, _texts(row.organizations), _texts(row.roles))


def _texts(value: Any) -> tuple[str, ...]:
    found = parsed(value)
    return tuple(str(one) for one in found) if isinstance(found, list) else ()

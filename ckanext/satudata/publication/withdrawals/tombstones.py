"""What stands where a public dataset, one of its files or an earlier version was: that it is gone, since when, why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import organizations
from ckanext.satudata.bridge.columns import iso
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.reasons import reason_label
from ckanext.satudata.publication.withdrawals.model import withdrawal

TAKEDOWN = "takedown"
WITHDRAWN = Text(
    id="Dataset ini ditarik dari publik pada {date} ({kind}). {reason} Tanyakan kepada {whom}.",
    en="This dataset was withdrawn from the public on {date} ({kind}). {reason} Ask {whom}.",
)
TAKEN_DOWN = Text(
    id="Dataset ini diturunkan pada {date} ({kind}). Tanyakan kepada {whom}.",
    en="This dataset was taken down on {date} ({kind}). Ask {whom}.",
)
FILE_TAKEN_DOWN = Text(
    id="File ini diturunkan pada {date} ({kind}). Tanyakan kepada {whom}.",
    en="This file was taken down on {date} ({kind}). Ask {whom}.",
)
WALIDATA = Text("Walidata portal ini", "the Walidata of this portal")


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A withdrawal that holds. ``title`` and ``public_reason`` are ``None`` after a takedown."""

    dataset_id: str
    title: str | None
    kind: str
    reason_code: str
    public_reason: str | None
    withdrawn: datetime
    resource_id: str | None
    version: int | None

    @property
    def code_label(self) -> str:
        """The kind of reason, in the reader's language."""
        return reason_label(self.reason_code, self.kind).render(language())

    def words(self) -> str:
        """One sentence with date, reason and whom to ask, in the reader's language."""
        text = WITHDRAWN if self.kind != TAKEDOWN else TAKEN_DOWN if self.resource_id is None else FILE_TAKEN_DOWN
        spoken = language()
        said = text.render(
            spoken,
            date=tk.h.sd_long_date(iso(self.withdrawn)),
            kind=self.code_label,
            reason=_sentence(self.public_reason or ""),
            whom=whom_to_ask()["title"] or WALIDATA.render(spoken),
        )
        return " ".join(said.split())


COLUMNS = tuple(withdrawal.c[name] for name in Tombstone.__slots__)


def of_dataset(reference: Any) -> Tombstone | None:
    """The tombstone of a dataset, by id or by the name it had; ``None`` when it was not withdrawn, or is back."""
    if not isinstance(reference, str) or not reference:
        return None
    here = sa.or_(withdrawal.c.dataset_id == reference, withdrawal.c.name == reference)
    return _first(here, withdrawal.c.resource_id.is_(None), withdrawal.c.version.is_(None))


def of_resource(resource_id: Any) -> Tombstone | None:
    """The tombstone of a file: its own, or that of its dataset."""
    if not isinstance(resource_id, str) or not resource_id:
        return None
    own = _first(withdrawal.c.resource_id == resource_id)
    if own is not None:
        return own
    resource = model.resource_table
    dataset = sa.select(resource.c["package_id"]).where(resource.c["id"] == resource_id)
    found = model.Session.execute(dataset).scalar()
    return of_dataset(found) if found else None


def whom_to_ask() -> dict[str, str]:
    """The organization that is the Walidata: ``{"name", "title"}``, both empty when the portal names none."""
    name = str(tk.config.get("ckanext.satudata.walidata") or "")
    found = model.Group.get(name) if name else None
    if found is None or found.state != "active":
        return {"name": "", "title": ""}
    return {"name": found.name, "title": organizations.titles({found.id}).get(found.id) or found.name}


def _first(*conditions: Any) -> Tombstone | None:
    query = sa.select(*COLUMNS).where(withdrawal.c.ended.is_(None), *conditions)
    row = model.Session.execute(query.order_by(withdrawal.c.withdrawn.desc()).limit(1)).first()
    return Tombstone(*row) if row is not None else None


def _sentence(words: str) -> str:
    said = words.strip()
    return said if not said or said[-1] in ".!?" else f"{said}."

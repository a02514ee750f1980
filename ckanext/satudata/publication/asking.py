"""The one question of every reading: where a dataset stands, and what is shown of its way through the workflow.

It is a function of the database (``migration/satudata/standing.sql``).
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import steady

QUESTION = sa.text("select cast(satudata_standing(:reference, :of_file) as text)")
UNKNOWN: dict[str, Any] = {"case_state": "draft", "approved": False, "basis": "workflow", "data_prioritas": False}


def dataset(reference: str) -> dict[str, Any] | None:
    """What is known of the dataset with this id or name; ``None`` for an unknown one.

    ``id, name, type, owner_org, private, state`` of CKAN; ``mode`` of its organization; ``access`` class;
    ``case_state, approved, basis, stage`` of the case; ``first_published, published`` (ISO moments), ``score``,
    ``data_prioritas, tahun``, ``number, note`` of the public version; ``tables``: ids of files with loaded rows that
    are offered as CSV; ``unsettled``: whether a swap of any dataset waits to be finished.
    """
    return steady.once(("standing", reference), lambda: _asked(reference, of_file=False))


def dataset_of_file(resource_id: str) -> dict[str, Any] | None:
    """The same for the dataset of a file, with ``blob``: the id of its current bytes, ``None`` without a pointer."""
    return steady.once(("standing of a file", resource_id), lambda: _asked(resource_id, of_file=True))


def _asked(reference: str, *, of_file: bool) -> dict[str, Any] | None:
    query = {"reference": reference, "of_file": of_file}
    answer = model.Session.execute(QUESTION, query).scalar()
    if answer is None:
        return None
    found: dict[str, Any] = json.loads(answer)
    steady.once(("standing", found["id"]), lambda: found)
    return found

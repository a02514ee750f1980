"""Where a file was fetched from is told to whoever may read the file: behind the address lie the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import roles
from ckanext.satudata.bridge.access import CLOSED, FIELD, LIMITED
from ckanext.satudata.publication.access import reading
from ckanext.satudata.publication.links.asking import ORIGIN

# What of a document of CKAN's index holds the dataset as a whole.
WHOLE = ("data_dict", "validated_data_dict")


def show(context: Any, dataset: dict[str, Any]) -> None:
    """Take the addresses out of a limited dataset's dict, in place, or put them back for who may read the files.

    The dict may come from the index, which has them for nobody. What is read in order to be written stays whole.
    """
    if context.get("for_update") or not _is_limited(dataset):
        return
    shared = reading.of_dataset(dataset["id"])
    if shared is None or not shared.limited:
        return
    user = context.get("user")
    if context.get("ignore_auth") or reading.may_read_files(roles.user_id_of(user), shared):
        _put_back(dataset)
    else:
        hide(dataset)


def hide(dataset: dict[str, Any]) -> None:
    """Take the addresses out of a dataset dict, in place."""
    for resource in dataset.get("resources") or []:
        resource.pop(ORIGIN, None)


def hide_from(user: str | None, resources: Iterable[dict[str, Any]]) -> None:
    """Take them out of files of any datasets, in place, as far as this reader may not read the files."""
    reader = roles.user_id_of(user)
    allowed: dict[str, bool] = {}
    for resource in resources:
        dataset_id = str(resource.get("package_id"))
        if ORIGIN in resource and dataset_id not in allowed:
            shared = reading.of_dataset(dataset_id)
            allowed[dataset_id] = shared is None or reading.may_read_files(reader, shared)
        if not allowed.get(dataset_id, True):
            resource.pop(ORIGIN, None)


def index(document: dict[str, Any]) -> None:
    """Take them out of an index document of limited data, in place: CKAN answers everybody from there."""
    for key in WHOLE:
        text = document.get(key)
        if not isinstance(text, str) or ORIGIN not in text:
            continue
        dataset = json.loads(text)
        if _is_limited(dataset):
            hide(dataset)
            index(dataset)  # CKAN 2.11 puts the one whole into the other
            document[key] = json.dumps(dataset)


def _is_limited(dataset: dict[str, Any]) -> bool:
    """By the dict alone; CKAN's own schema tells our fields among the extras."""
    extras = dataset.get("extras")
    listed = [one.get("value") for one in extras if one.get("key") == FIELD] if isinstance(extras, list) else []
    return any(one in (LIMITED, CLOSED) for one in (dataset.get(FIELD), *listed))


def _put_back(dataset: dict[str, Any]) -> None:
    table = model.resource_table
    query = sa.select(table.c["id"], table.c["extras"]).where(table.c["package_id"] == dataset["id"])
    kept = {row.id: (row.extras or {}).get(ORIGIN) for row in model.Session.execute(query)}
    for resource in dataset.get("resources") or []:
        if kept.get(resource.get("id")):
            resource[ORIGIN] = kept[resource["id"]]

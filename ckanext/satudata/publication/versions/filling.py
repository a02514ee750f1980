"""Let a working copy that was just opened say what an earlier version said: rows, as :mod:`cloning` writes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.model.resource_view import resource_view_table as view_table

from ckanext.satudata.bridge.columns import new_id
from ckanext.satudata.core.stored import parsed
from ckanext.satudata.publication import uploader
from ckanext.satudata.publication.copies import cloning, finding
from ckanext.satudata.publication.copies.finding import Copy
from ckanext.satudata.publication.copies.model import pair
from ckanext.satudata.publication.files import Blob
from ckanext.satudata.publication.model import blob
from ckanext.satudata.publication.subject import DATASET_COLUMNS, RESOURCE_COLUMNS, TECHNICAL_RESOURCE_EXTRAS

# The address of a dataset and its owner are not a version's matter.
STAYS = frozenset({"name", "owner_org"})
# In the snapshot of a file, but no fields of it.
NOT_FIELDS = frozenset({"id", "views", "sha256", "size", *RESOURCE_COLUMNS})


def fill(made: Copy, wanted: Mapping[str, Any], blobs: Mapping[str, Blob]) -> list[str]:
    """Write the content of a snapshot into the copy; names of tags and groups that do not exist any more.

    ``blobs``: the stored bytes of each file, by the id it has in the snapshot.
    """
    _fields(made.copy_id, wanted["fields"])
    left_out = [*_tags(made.copy_id, wanted["tags"]), *_groups(made.copy_id, wanted["groups"])]
    there = {public: mine for mine, public in finding.pairs(made.copy_id).items()}
    for place, one in enumerate(wanted["resources"]):
        mine = there.pop(one["id"], None) or _brought_back(made, one)
        _file(mine, one, place)
        _bytes(made, mine, one["id"], blobs.get(one["id"]))
        if one.get("views"):  # none yet: CKAN gave the file its own only when the table was loaded
            _views(mine, one["views"])
    for mine in there.values():
        _without(mine)
    return left_out


# -- the dataset -------------------------------------------------------------------------------------------------------


def _fields(copy_id: str, wanted: Mapping[str, Any]) -> None:
    package = model.package_table
    before = cloning.row_of(package, copy_id)
    values = {name: wanted.get(name) or _nothing(before[name]) for name in DATASET_COLUMNS if name not in STAYS}
    said = {name: value for name, value in wanted.items() if name not in DATASET_COLUMNS}
    extra = cloning.extra_table()
    if extra is None:
        values["extras"] = _texts(said, before["extras"] or {})
    model.Session.execute(sa.update(package).where(package.c["id"] == copy_id).values(**values))
    if extra is not None:
        here = extra.c["package_id"] == copy_id
        rows = model.Session.execute(sa.select(extra.c["key"], extra.c["value"]).where(here))
        found = _texts(said, {row.key: row.value for row in rows})
        model.Session.execute(sa.delete(extra).where(here))
        for key, value in found.items():
            new = {"id": new_id(), "package_id": copy_id, "key": key, "value": value, "state": "active"}
            model.Session.execute(sa.insert(extra).values(**new))


def _texts(wanted: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, str]:
    """Extras of a dataset are texts; what did not change is left as it stands."""
    return {key: before[key] if parsed(before.get(key)) == value else _text(value) for key, value in wanted.items()}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _nothing(before: Any) -> Any:
    """An empty field stays as empty as it is, ``None`` or ``""``."""
    return before if before in (None, "") else ""


def _tags(copy_id: str, wanted: Iterable[str]) -> list[str]:
    table = model.package_tag_table
    model.Session.execute(sa.delete(table).where(table.c["package_id"] == copy_id))
    left_out: list[str] = []
    for label in wanted:
        tag_id = _tag(label)
        if tag_id is None:
            left_out.append(label.partition(":")[2])
            continue
        new = {"id": new_id(), "package_id": copy_id, "tag_id": tag_id, "state": "active"}
        model.Session.execute(sa.insert(table).values(**new))
    return left_out


def _tag(label: str) -> str | None:
    """The tag of a snapshot's words (``vocabulary:name`` or a free name, which may hold a colon)."""
    table = model.tag_table
    vocabulary, _, name = label.partition(":")
    if name and model.Vocabulary.get(vocabulary) is not None:
        query = sa.select(table.c["id"]).where(table.c["name"] == name, table.c["vocabulary_id"] == vocabulary)
        return model.Session.execute(query).scalar()
    if name and len(vocabulary) == 36 and vocabulary.count("-") == 4:
        return None  # a vocabulary that is gone
    query = sa.select(table.c["id"]).where(table.c["name"] == label, table.c["vocabulary_id"].is_(None))
    found = model.Session.execute(query).scalar()
    if found is None:
        found = new_id()
        model.Session.execute(sa.insert(table).values(id=found, name=label))
    return found


def _groups(copy_id: str, wanted: Iterable[str]) -> list[str]:
    member, group = model.member_table, model.group_table
    around = (member.c["table_name"] == "package", member.c["table_id"] == copy_id)
    model.Session.execute(sa.delete(member).where(*around, member.c["capacity"] != "organization"))
    left_out: list[str] = []
    for name in wanted:
        query = sa.select(group.c["id"]).where(
            group.c["name"] == name, group.c["state"] == "active", group.c["is_organization"].isnot(True)
        )
        group_id = model.Session.execute(query).scalar()
        if group_id is None:
            left_out.append(name)
            continue
        new = {"id": new_id(), "table_name": "package", "table_id": copy_id, "capacity": "public", "state": "active"}
        model.Session.execute(sa.insert(member).values(**new, group_id=group_id))
    return left_out


# -- the files ---------------------------------------------------------------------------------------------------------


def _brought_back(made: Copy, one: Mapping[str, Any]) -> str:
    """A file that is not public any more: it comes back under its id, unless even its empty row is gone."""
    table, mine = model.resource_table, new_id()
    here = (table.c["id"] == one["id"], table.c["package_id"] == made.dataset_id)
    row = model.Session.execute(sa.select(table).where(*here)).mappings().first()
    given: dict[str, Any] = {"id": mine, "package_id": made.copy_id, "state": "active", "url": "", "extras": {}}
    model.Session.execute(sa.insert(table).values(**{**(row or {}), **given}))
    if row is not None:
        values = {"copy_resource_id": mine, "copy_id": made.copy_id, "public_resource_id": one["id"]}
        model.Session.execute(sa.insert(pair).values(**values, views=cloning.view_ids(one["id"])))
        cloning.new_views(one["id"], mine, made.copy_id)
    return mine


def _file(mine: str, one: Mapping[str, Any], place: int) -> None:
    table = model.resource_table
    before = cloning.row_of(table, mine)
    was = before["extras"] or {}
    said = {key: value for key, value in one.items() if key not in NOT_FIELDS}
    extras = {key: was[key] if key in was and parsed(was[key]) == value else _value(value, was.get(key))
              for key, value in said.items()}  # fmt: skip
    extras |= {key: False for key in TECHNICAL_RESOURCE_EXTRAS if key in was and key != "csv_url"}
    moment = datetime.now(UTC).replace(tzinfo=None)
    values: dict[str, Any] = {name: one.get(name) or _nothing(before[name]) for name in RESOURCE_COLUMNS}
    same_kind = before["format"] == values["format"]
    values |= {"extras": extras, "size": one.get("size"), "hash": "", "position": place, "metadata_modified": moment}
    values |= {"last_modified": moment, "mimetype": before["mimetype"] if same_kind else None}
    model.Session.execute(sa.update(table).where(table.c["id"] == mine).values(**values))


def _value(value: Any, before: Any) -> Any:
    """What repeats is a text in the forms of the portal; another program may have stored it as it is."""
    return value if isinstance(before, (list, dict)) else _text(value) if isinstance(value, (list, dict)) else value


def _bytes(made: Copy, mine: str, public_id: str, stored: Blob | None) -> None:
    if stored is None:
        model.Session.execute(sa.delete(blob).where(blob.c.resource_id == mine))
        return
    uploader.point(mine, stored.blob_id, stored.sha256, stored.size, stored.filename)
    carried = {"resource_id": public_id, "to": mine, "package_id": made.copy_id}
    tk.get_action("satudata_qa_carry")({"ignore_auth": True, "defer_commit": True}, carried)


def _views(mine: str, wanted: Iterable[Mapping[str, Any]]) -> None:
    """The views as they were; one of the same kind that is there keeps its id."""
    query = sa.select(view_table.c["id"], view_table.c["view_type"]).where(view_table.c["resource_id"] == mine)
    left = [(row.id, row.view_type) for row in model.Session.execute(query.order_by(view_table.c["order"]))]
    for place, view in enumerate(wanted):
        kind = str(view["view_type"])
        values = {name: view.get(name) or "" for name in ("title", "description")}
        values |= {"config": view.get("config") or {}, "order": place}
        same = next((one for one in left if one[1] == kind), None)
        if same is not None:
            left.remove(same)
            model.Session.execute(sa.update(view_table).where(view_table.c["id"] == same[0]).values(**values))
        else:
            new = {"id": new_id(), "resource_id": mine, "view_type": kind}
            model.Session.execute(sa.insert(view_table).values(**new, **values))
    for view_id, _ in left:
        model.Session.execute(sa.delete(view_table).where(view_table.c["id"] == view_id))


def _without(mine: str) -> None:
    """A file the earlier version did not have."""
    table = model.resource_table
    model.Session.execute(sa.delete(view_table).where(view_table.c["resource_id"] == mine))
    model.Session.execute(sa.delete(blob).where(blob.c.resource_id == mine))
    model.Session.execute(sa.delete(pair).where(pair.c.copy_resource_id == mine))
    model.Session.execute(sa.delete(table).where(table.c["id"] == mine))

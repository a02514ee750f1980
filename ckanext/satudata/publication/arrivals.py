"""What programs bring from outside (a harvester, a bulk importer): into the draft, or into a working copy.

The operator names the accounts of such programs (``ckanext.satudata.arrivals``). What they hand over with
``package_update`` or ``package_patch`` for a published dataset becomes its next version, to be reviewed like every
other; the public one stays. Every other write of theirs meets the guard like anybody's.

What the source says counts; what it does not know (the fields of Satu Data, a dictionary) stays as people wrote it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.plugins import lookup_package_plugin

from ckanext.satudata.bridge import roles
from ckanext.satudata.core.text import Text, reason
from ckanext.satudata.publication import guard, indexing
from ckanext.satudata.publication.copies import cloning, finding, opening
from ckanext.satudata.publication.copies import words as copy_words
from ckanext.satudata.publication.copies.finding import Copy
from ckanext.satudata.publication.links import asking
from ckanext.satudata.publication.subject import content_hash, public_hash

log = logging.getLogger(__name__)

OPTION = "ckanext.satudata.arrivals"
KEPT = "satudata"  # our part of CKAN's ``plugin_data``, which no page and no API shows
# With one of these in the context ``package_update`` is a part of another action, which looks at what comes back.
PART_OF_ANOTHER = ("original_package", "defer_commit", "use_cache", "package", "satudata_arrives")
# The portal's own: where the dataset lies, whose it is, who reads it, and what CKAN counts.
OURS = frozenset(
    [
        "id",
        "name",
        "type",
        "state",
        "private",
        "owner_org",
        "organization",
        "creator_user_id",
        "metadata_created",
        "metadata_modified",
        "isopen",
        "num_resources",
        "num_tags",
        "license_title",
        "license_url",
        "plugin_data",
        "relationships_as_subject",
        "relationships_as_object",
        "revision_id",
    ]
)
OUR_FILE = frozenset(
    [
        "id",
        "package_id",
        "state",
        "position",
        "created",
        "metadata_modified",
        "revision_id",
        "datastore_active",
        "url_type",
        "datastore_contains_all_records_of_source_file",
    ]
)
# Of a file that was fetched: what it is, the portal knows from its bytes.
OF_THE_BYTES = frozenset({"url", "format", "size", "mimetype", "hash", "last_modified"})

NOTE = Text(id="Diperbarui dari sumbernya.", en="Updated from its source.")
WAITS = reason(
    "arrivals.in_review",
    Text(
        id="Perubahan dari luar tidak disimpan: salinan {salinan} dari perubahan sebelumnya sedang diperiksa atau "
        "menunggu terbit. Kirim lagi setelah itu.",
        en="The change from outside was not saved: the copy {salinan} with the change before it is being reviewed or "
        "waits to be published. Send it again after that.",
    ),
)


def accounts() -> frozenset[str]:
    """Names of the accounts whose changes arrive from outside."""
    configured = tk.config.get(OPTION) or ()
    return frozenset(configured.split() if isinstance(configured, str) else configured)


def take(context: Any, data_dict: dict[str, Any], action: str) -> Any:
    """The answer of ``package_update`` or ``package_patch`` for what arrives; ``None``: it is none, go on as ever.

    The answer is the dataset as it is (or its id), with ``satudata_copy``: ``{"id", "name"}`` of the working copy, or
    ``None`` when it says nothing new.

    :raises ValidationError: ``dataset``: a person's copy is open, or the one before is in review; or what arrives is
        not valid. Nothing is written then.
    """
    if context.get("user") not in accounts() or any(context.get(key) is not None for key in PART_OF_ANOTHER):
        return None
    found = guard.standing(data_dict.get("id") or data_dict.get("name"))
    if found is None or not found.enforced or found.state != "active" or guard.is_passing(found.id):
        return None
    if found.case_state in guard.EDITABLE:
        tk.check_access(action, context, {"id": found.id})
        _write(context, found, {}, data_dict)
        return _answer(context, found.id)
    if found.case_state != "published":
        return None
    tk.check_access(action, context, {"id": found.id})
    return _answer(context, found.id, satudata_copy=_next_version(context, found, data_dict))


def without_foreign_tables(data_dict: dict[str, Any]) -> None:
    """A new dataset does not have the tables that its files have at home."""
    if _are_dicts(data_dict.get("resources")):
        for resource in data_dict["resources"]:
            resource.pop("datastore_active", None)


def _next_version(context: Any, found: guard.Standing, data: dict[str, Any]) -> dict[str, str] | None:
    user_id = roles.required_user_id(context["user"])
    try:
        model.Session.execute(sa.text(f"set local lock_timeout = '{opening.LOCK_SECONDS}s'"))
        opening.locked(found.id)
        there = finding.open_of(found.id)
        if there is not None:
            _refuse_other(there, user_id)
        told = NOTE.render("id")
        copy = there or opening.open_for(context, found.id, user_id, kind="perubahan", note=told)
        newer = _write(context, opening.locked(copy.copy_id), _public_ids(copy), data, defer_commit=True)
        model.Session.flush()
        model.Session.expire_all()
        says_nothing_new = there is None and not newer and public_hash(copy.copy_id) == copy.public_hash
        if says_nothing_new:
            _undo()
            return None
        model.Session.commit()
    except (tk.ValidationError, tk.ObjectNotFound):
        _undo()
        raise
    indexing.index_dataset(copy.copy_id)
    log.info("a change of %s arrived by %s and is in the copy %s", found.name, context["user"], copy.copy_name)
    return {"id": copy.copy_id, "name": copy.copy_name}


def _undo() -> None:
    while model.Session().in_nested_transaction():
        model.Session.rollback()
    model.Session.rollback()


def _refuse_other(there: Copy, user_id: str) -> None:
    """A copy somebody works on, or that is decided on, is not written to from outside."""
    if there.opened_by != user_id:
        raise guard.refusal(copy_words.published(there.copy_name))
    standing = guard.standing(there.copy_id)
    if standing is None or standing.case_state not in guard.EDITABLE:
        raise guard.refusal(reason(WAITS.code, WAITS.text, salinan=there.copy_name))


def _public_ids(copy: Copy) -> dict[str, str]:
    """``{public file: the copy's}``: the source knows the public ids."""
    return {public: mine for mine, public in finding.pairs(copy.copy_id).items()}


def _answer(context: Any, dataset_id: str, **more: Any) -> Any:
    if context.get("return_id_only"):
        return dataset_id
    reading: Any = {"user": context["user"], "ignore_auth": True, "use_cache": False}
    return {**tk.get_action("package_show")(reading, {"id": dataset_id}), **more}


# -- what it says ------------------------------------------------------------------------------------------------------


def _write(
    context: Any, target: guard.Standing, ids: Mapping[str, str], data: dict[str, Any], *, defer_commit: bool = False
) -> bool:
    """Let a draft (or copy) say what arrives; whether a file of it is newer at its source than the one we hold."""
    said = {key: value for key, value in data.items() if key not in OURS}
    for key in ("resources", "tags"):  # CKAN 2.11 would stumble over anything else
        if key in said and not _are_dicts(said[key]):
            raise tk.ValidationError({key: [{"name": [tk._("Invalid value")]}]})
    arrived = content_hash(said)
    if _arrived(target.id) == arrived:
        return False  # the same once more: what people made of it since stays
    showing: Any = {"user": context["user"], "ignore_auth": True, "use_cache": False}
    shown = tk.get_action("package_show")(showing, {"id": target.id})
    again: list[dict[str, Any]] = []
    if "resources" in said:
        said["resources"] = [_file(one, shown["resources"], ids, again) for one in said["resources"]]
    if "tags" in said:
        said["tags"] = [_tag(one) for one in said["tags"]]
    schema = lookup_package_plugin(target.type).update_package_schema()
    schema["__junk"] = [tk.get_validator("ignore")]  # what another portal says and this one has no field for
    writing: Any = {"user": context["user"], "schema": schema, "return_id_only": True, "satudata_arrives": True}
    if context.get("ignore_auth"):
        writing["ignore_auth"] = True
    if defer_commit:
        writing["defer_commit"] = True
    with guard.explained():
        tk.get_action("package_patch")(writing, {**said, "id": target.id})
    user_id = roles.user_id_of(context["user"])
    for one in again:
        asking.ask(one["id"], target.id, one[asking.ORIGIN], user_id)
    _remember(target.id, arrived)
    if not defer_commit:
        model.Session.commit()
    return bool(again)


def _arrived(dataset_id: str) -> str | None:
    """What this dataset was told last from outside."""
    plugin_data = cloning.row_of(model.package_table, dataset_id)["plugin_data"]
    return ((plugin_data or {}).get(KEPT) or {}).get("arrived")


def _remember(dataset_id: str, arrived: str) -> None:
    model.Session.flush()
    table = model.package_table
    plugin_data = cloning.row_of(table, dataset_id)["plugin_data"] or {}
    values = {"plugin_data": {**plugin_data, KEPT: {"arrived": arrived}}}
    model.Session.execute(sa.update(table).where(table.c["id"] == dataset_id).values(**values))


def _are_dicts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _tag(one: Mapping[str, Any]) -> dict[str, Any]:
    # the id is that of the other portal
    return {key: one[key] for key in ("name", "vocabulary_id") if one.get(key)}


def _file(
    arrived: dict[str, Any], there: list[dict[str, Any]], ids: Mapping[str, str], again: list[dict[str, Any]]
) -> dict[str, Any]:
    """One file as it is to be written: what the source says of it, over what is known of it here."""
    said = {key: value for key, value in arrived.items() if key not in OUR_FILE}
    given = str(arrived.get("id") or "")
    meant = ids.get(given, given)
    mine = _known(meant, str(arrived.get("url") or ""), there)
    if mine is None:
        return {**said, "id": meant} if meant else said
    if _origin(mine) and arrived.get("url") == _origin(mine):
        if _moment(arrived.get("last_modified")) > _moment(mine.get("last_modified")):
            again.append(mine)
        return {**mine, **{key: value for key, value in said.items() if key not in OF_THE_BYTES}}
    kept = {key: value for key, value in mine.items() if key != "url_type" or not said.get("url")}
    return {**kept, **said}


def _known(resource_id: str, url: str, there: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The file that is meant: by its id, or where the source gives none by its address."""
    if resource_id:
        return next((one for one in there if one["id"] == resource_id), None)
    return next((one for one in there if url and url in (_origin(one), one.get("url"))), None)


def _origin(resource: Mapping[str, Any]) -> str | None:
    return resource.get(asking.ORIGIN) or None


def _moment(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError:
        return datetime.min  # noqa: DTZ901 - CKAN's moments carry no zone

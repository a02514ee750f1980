"""Organizations become one, or one gives part of its datasets to another."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.bridge import terms
from ckanext.satudata.bridge.columns import now
from ckanext.satudata.people.offices import changes, moving


def merge(context: dict[str, Any], data: dict[str, Any], by_id: str | None) -> dict[str, Any]:
    """See :func:`satudata_office_merge`."""
    into = _organization("into", data["into"])
    sources = [_source(reference, into) for reference in dict.fromkeys(data["from"])]
    moves: list[dict[str, Any]] = []
    for source in sources:
        if source is None:
            continue
        told = moving.plan(source.id, into.id, moving.datasets_of(source.id), people=True)
        if not data["dry_run"]:
            _merge_one(context, told, by_id, data.get("letter"))
        moves.append(told)
    return {"moves": moves, "warnings": _warnings([one for one in sources if one is not None], into)}


def split(context: dict[str, Any], data: dict[str, Any], by_id: str | None) -> dict[str, Any]:
    """See :func:`satudata_office_split`."""
    source, into = _organization("from", data["from"]), _organization("into", data["into"])
    if source.id == into.id:
        raise tk.ValidationError({"into": [tk._("This is the same organization.")]})
    datasets = moving.chosen(source.id, into.id, data.get("datasets") or [], data.get("match"))
    told = moving.plan(source.id, into.id, datasets, people=False)
    if not data["dry_run"]:
        letter = data.get("letter")
        moved, told["failed"] = moving.move_datasets(context, datasets, into.id, letter)
        told["moved"], told["done"] = len(moved), not told["failed"]
        if moved:
            changes.record("split", source.id, into.id, by_id, letter, {"datasets": moved, **_titles(told)})
            model.Session.commit()
    return {"moves": [told], "warnings": _warnings([source], into)}


def _merge_one(context: dict[str, Any], told: dict[str, Any], by_id: str | None, letter: str | None) -> None:
    """Bring the people, move the datasets, close the old office; what could not be moved leaves it open."""
    from_id, into_id = told["from"]["id"], told["into"]["id"]
    moving.bring_people(from_id, into_id, by_id)
    moved, told["failed"] = moving.move_datasets(context, told["datasets"], into_id, letter)
    told["moved"], told["done"] = len(moved), not told["failed"]
    if told["failed"]:
        return
    details = {
        "datasets": moved,
        "grants": [one["id"] for one in told["grants"]],
        "members": [one["user"]["id"] for one in told["members"]],
        **_titles(told),
    }
    changes.record("merge", from_id, into_id, by_id, letter, details)
    moving.close(from_id, into_id, by_id, context, _note(told, letter))


def _note(told: dict[str, Any], letter: str | None) -> str:
    day = terms.calendar().local_date(now()).isoformat()
    words = {"old": told["from"]["title"], "new": told["into"]["title"], "day": day, "letter": letter or ""}
    if letter:
        return tk._("{old} was merged into {new} on {day} (letter {letter}).").format(**words)
    return tk._("{old} was merged into {new} on {day}.").format(**words)


def _titles(told: dict[str, Any]) -> dict[str, str]:
    return {"from_title": told["from"]["title"], "into_title": told["into"]["title"]}


def _organization(field: str, reference: str) -> model.Group:
    group = model.Group.get(reference)
    if group is None or not group.is_organization or group.state != model.State.ACTIVE:
        raise tk.ValidationError({field: [tk._("There is no such organization: {name}.").format(name=reference)]})
    return group


def _source(reference: str, into: model.Group) -> model.Group | None:
    """An organization to be merged; ``None`` for one that has been merged into the other already."""
    group = model.Group.get(reference)
    if group is not None and group.state != model.State.ACTIVE and changes.merged_into(group.id) == into.id:
        return None
    found = _organization("from", reference)
    if found.id == into.id:
        raise tk.ValidationError({"from": [tk._("An organization is not merged into itself.")]})
    return found


def _warnings(sources: list[model.Group], into: model.Group) -> list[str]:
    """What changes for the datasets besides their office."""
    modes = {
        row["organization_id"]: row["mode"]
        for row in tk.get_action("satudata_enforcement_list")({"ignore_auth": True}, {})
    }
    strict = [one for one in sources if modes.get(one.id, "enforce") == "enforce"]
    found: list[str] = []
    if modes.get(into.id) == "observe" and strict:
        sentence = tk._("{title} is only observed: what is enforced now will not be any more.")
        found.append(sentence.format(title=into.title or into.name))
    if modes.get(into.id, "enforce") == "enforce" and len(strict) < len(sources):
        sentence = tk._("{title} enforces the rules: its new datasets become public only by approval.")
        found.append(sentence.format(title=into.title or into.name))
    return found

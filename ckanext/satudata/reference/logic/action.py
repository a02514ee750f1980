"""Actions of `reference`: which lists there are, what is in them, what a code is called."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge import asking, rulebook
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.reference.codelist import CodeList, plain_name
from ckanext.satudata.reference import files, store
from ckanext.satudata.reference.logic import schema

MOST_ROWS = 1000


@tk.side_effect_free
def satudata_reference_list(context: Any, data_dict: dict[str, Any]) -> list[dict[str, Any]]:
    """All reference lists with their editions.

    :returns: ``[{"key", "title", "shipped": bool (comes with the program), "editions": [{"edition", "current": bool,
        "valid_from": ISO date or null, "counts": {level: int}, "source": attribution, "imported": moment or null}]}]``,
        by key. An imported list hides a shipped one of the same key.
    :rtype: list of dictionaries
    """
    tk.check_access("satudata_reference_list", context, data_dict)
    found = {key: _shipped_dict(codes) for key, codes in rulebook.lists().items()}
    titles = store.titles()
    for row in store.editions():
        entry = found.get(row.list_key)
        if entry is None or entry["shipped"]:
            title, title_en = titles[row.list_key]
            entry = {"key": row.list_key, "title": _in(title, title_en), "shipped": False, "editions": []}
            found[row.list_key] = entry
        entry["editions"].append(_edition_dict(row))
    return [found[key] for key in sorted(found)]


@tk.side_effect_free
def satudata_reference_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Codes of a list, searched and page by page.

    :param list: key of the list, such as ``wilayah_kemendagri`` or ``satuan``
    :type list: string
    :param edition: name of an edition (optional; default: the one in use)
    :type edition: string
    :param q: part of a name, or the beginning of a code (optional)
    :type q: string
    :param parent: only entries directly below this code; ``""`` for those without a parent (optional)
    :type parent: string
    :param limit: rows at most (optional, default 100, at most 1000)
    :type limit: int
    :param offset: rows to leave out (optional)
    :type offset: int

    :returns: ``{"key", "title", "edition", "source", "licence", "count": how many match, "entries": [{"code", "name",
        "parent": code or null}]}``
    :rtype: dictionary
    :raises ObjectNotFound: no such list or edition
    """
    data = asking.validated(data_dict, schema.show(), context)
    tk.check_access("satudata_reference_show", context, data)
    row, shipped = _source(data)
    limit = min(data["limit"], MOST_ROWS)
    first, last = data["offset"], data["offset"] + limit
    if row is not None:
        title, title_en = store.titles()[row.list_key]
        count, entries = store.found(row.id, data["q"], data.get("parent"), limit, data["offset"])
        about = {"key": row.list_key, "title": _in(title, title_en), "edition": row.edition, "source": row.source}
        about["licence"] = ""
    else:
        matching = _matching(shipped, data["q"], data.get("parent"))
        count, entries = len(matching), matching[first:last]
        about = {"key": shipped.key, "title": _in(shipped.title, shipped.title_en), "edition": shipped.edition}
        about.update({"source": shipped.source, "licence": shipped.licence})
    rows = [{"code": entry.code, "name": entry.name, "parent": entry.parent} for entry in entries]
    return {**about, "count": count, "entries": rows}


@tk.side_effect_free
def satudata_reference_lookup(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """What some codes are called.

    :param list: key of the list
    :type list: string
    :param codes: the codes, exactly as the list writes them
    :type codes: list of strings
    :param edition: name of an edition (optional; default: the one in use)
    :type edition: string

    :returns: ``{"key", "edition", "names": {code: name}}``; a code that is not in the list is left out
    :rtype: dictionary
    :raises ObjectNotFound: no such list or edition
    """
    data = asking.validated(data_dict, schema.lookup(), context)
    tk.check_access("satudata_reference_lookup", context, data)
    row, shipped = _source(data)
    if row is not None:
        return {"key": row.list_key, "edition": row.edition, "names": store.named(row.id, data["codes"])}
    names = {code: shipped.entries[code].name for code in data["codes"] if code in shipped}
    return {"key": shipped.key, "edition": shipped.edition, "names": names}


@tk.side_effect_free
def satudata_reference_files(context: Any, data_dict: dict[str, Any]) -> dict[str, str]:
    """Paths of the lists as JSON files on this server, for the process that checks data files.

    :returns: ``{key: path}``: each list in the edition in use. A file's content never changes; a new edition is a new
        file.
    :rtype: dictionary
    """
    tk.check_access("satudata_reference_files", context, data_dict)
    return {key: str(path) for key, path in files.list_files().items()}


def _source(data: dict[str, Any]) -> tuple[Any, CodeList]:
    """The imported edition that is meant, or ``None`` and the shipped list."""
    row = store.edition(data["list"], data.get("edition"))
    shipped = rulebook.lists().get(data["list"])
    if row is None and (shipped is None or data.get("edition") not in (None, shipped.edition)):
        raise tk.ObjectNotFound(f"{data['list']} {data.get('edition') or ''}".strip())
    return row, shipped  # type: ignore[return-value]


def _matching(codes: CodeList, text: str, parent: str | None) -> list[Any]:
    wanted = plain_name(text) if text else ""
    return [
        entry
        for entry in codes
        if (not text or wanted in plain_name(entry.name) or entry.code.startswith(text))
        and (parent is None or (entry.parent or "") == parent)
    ]


def _shipped_dict(codes: CodeList) -> dict[str, Any]:
    edition = {
        "edition": codes.edition,
        "current": True,
        "valid_from": None,
        "counts": {"kode": len(codes)},
        "source": codes.source,
        "imported": None,
    }
    title = _in(codes.title, codes.title_en)
    return {"key": codes.key, "title": title, "shipped": True, "editions": [edition]}


def _edition_dict(row: Any) -> dict[str, Any]:
    return {
        "edition": row.edition,
        "current": row.is_current,
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "counts": store.counts(row),
        "source": row.source,
        "imported": row.imported.isoformat(),
    }


def _in(title: str, title_en: str) -> str:
    return title_en or title if language() == "en" else title

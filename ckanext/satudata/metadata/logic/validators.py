"""Validators of the schema files. Each one trims, understands the usual spellings, and refuses with a sentence.

An empty value is dropped (a draft may lack anything); columns of CKAN's own tables keep the empty text, so that a
person can empty them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import uuid4

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.munge import munge_title_to_name

from ckanext.satudata.bridge import rulebook
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.metadata import values
from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.metadata import dictionary, office

Key = tuple[Any, ...]
Data = dict[Key, Any]
Errors = dict[Key, list[Any]]
Validator = Callable[[Key, Data, Errors, Any], None]

_CORE_COLUMNS = frozenset({"title", "notes", "license_id", "description", "name", "url"})
_RESERVED_NAMES = frozenset({"new", "edit", "search"})

NEEDED = Text(id="{label} harus diisi.", en="{label} is needed.")
NOT_A_TEXT = Text(id="Isian ini berupa teks.", en="This is a text.")
UNKNOWN_OFFICE = Text(
    id="“{value}” bukan organisasi di portal ini. Tulis namanya seperti pada halaman organisasi.",
    en="“{value}” is no organization of this portal. Write its name as on the page of organizations.",
)
UNKNOWN_ROLE = Text(
    id="“{value}” bukan peran yang dikenal portal ini.",
    en="“{value}” is no role this portal knows.",
)
NOT_TEXTS = Text(id="Isian ini berupa daftar teks.", en="This is a list of texts.")


def _said(reason: Reason) -> str:
    return reason.render(language())


def _keep(key: Key, data: Data, errors: Errors, kept: str | Reason) -> None:
    if isinstance(kept, Reason):
        errors[key].append(_said(kept))
        raise tk.StopOnError
    if kept or key[-1] in _CORE_COLUMNS:
        data[key] = kept
        return
    _drop(key, data)


def _drop(key: Key, data: Data) -> None:
    data.pop(key, None)
    raise tk.StopOnError


def _typed(key: Key, data: Data, errors: Errors) -> str:
    """What was sent for a field, as text; a field that was not sent is dropped."""
    value = data.get(key)
    if value is tk.missing or value is None:
        if value is None and key[-1] in _CORE_COLUMNS:
            return ""
        _drop(key, data)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        errors[key].append(NOT_A_TEXT.render(language()))
        raise tk.StopOnError
    return str(value)


def _texts(key: Key, data: Data, errors: Errors) -> list[str]:
    value = data.get(key)
    if value is tk.missing or value is None:
        _drop(key, data)
    if isinstance(value, str):
        value = _parsed(value)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        errors[key].append(NOT_TEXTS.render(language()))
        raise tk.StopOnError
    return value


def _parsed(value: str) -> Any:
    if value.lstrip()[:1] == "[":
        try:
            return json.loads(value)
        except ValueError:
            return [value]
    return [value]


def _simple(function: Callable[[str], str | Reason]) -> Validator:
    def validator(key: Key, data: Data, errors: Errors, _context: Any) -> None:
        _keep(key, data, errors, function(_typed(key, data, errors)))

    return validator


def satudata_text(limit: Any) -> Validator:
    """``satudata_text(300)``: trimmed, no control characters, at most so many characters."""
    return _simple(lambda value: values.text(value, int(limit)))


def satudata_moment(key: Key, data: Data, errors: Errors, context: Any) -> None:
    """A year, month, quarter, half-year or day."""
    _simple(values.moment)(key, data, errors, context)


def satudata_date(key: Key, data: Data, errors: Errors, context: Any) -> None:
    """A date, kept as ``2025-01-31``."""
    _simple(values.day)(key, data, errors, context)


def satudata_email(key: Key, data: Data, errors: Errors, context: Any) -> None:
    """One e-mail address."""
    _simple(values.email)(key, data, errors, context)


def satudata_phone(key: Key, data: Data, errors: Errors, context: Any) -> None:
    """A telephone number."""
    _simple(values.phone)(key, data, errors, context)


def satudata_opd_code(key: Key, data: Data, errors: Errors, context: Any) -> None:
    """A code of an organization."""
    _simple(values.opd_code)(key, data, errors, context)


def satudata_choice(field: Mapping[str, Any], _schema: Mapping[str, Any]) -> Validator:
    """A code of the field's ``list``; the name or another spelling is understood."""
    return _simple(lambda value: values.choice(value, rulebook.lists()[field["list"]]))


def satudata_word(field: Mapping[str, Any], _schema: Mapping[str, Any]) -> Validator:
    """A word in the spelling of the field's ``list`` if it is known there."""
    return _simple(lambda value: values.word(value, rulebook.lists()[field["list"]]))


def satudata_words(field: Mapping[str, Any], _schema: Mapping[str, Any]) -> Validator:
    """Words, one a line; kept as a JSON list."""

    def kept(typed: Iterable[str]) -> list[str] | Reason:
        return values.words(typed, rulebook.lists().get(field.get("list") or ""))

    return _several(kept)


def satudata_region_codes(key: Key, data: Data, errors: Errors, context: Any) -> None:
    """Kemendagri region codes, one a line; kept as a JSON list."""
    _several(lambda typed: values.region_codes(typed, rulebook.lists()["provinsi"]))(key, data, errors, context)


def satudata_organizations(key: Key, data: Data, errors: Errors, _context: Any) -> None:
    """Organizations, one a line, by id, name or title; kept as a JSON list of ids."""
    _several(lambda typed: _known(typed, office.spellings(), UNKNOWN_OFFICE))(key, data, errors, _context)


def satudata_roles(key: Key, data: Data, errors: Errors, _context: Any) -> None:
    """Roles of the workflows, one a line, by key or label; kept as a JSON list of keys."""
    spellings = {spelling: role for role, label in office.roles().items() for spelling in (role, label.casefold())}
    _several(lambda typed: _known(typed, spellings, UNKNOWN_ROLE))(key, data, errors, _context)


def _known(typed: Iterable[str], spellings: Mapping[str, str], refusal: Text) -> list[str] | Reason:
    lines = [line.strip() for one in typed for line in one.splitlines() if line.strip()]
    for line in lines:
        if line.casefold() not in spellings:
            return reason("unknown", refusal, value=line[:100])
    return list(dict.fromkeys(spellings[line.casefold()] for line in lines))


def _several(function: Callable[[Iterable[str]], list[str] | Reason]) -> Validator:
    def validator(key: Key, data: Data, errors: Errors, _context: Any) -> None:
        kept = function(_texts(key, data, errors))
        if isinstance(kept, Reason):
            errors[key].append(_said(kept))
            raise tk.StopOnError
        if not kept:
            _drop(key, data)
        data[key] = json.dumps(kept, ensure_ascii=False)

    return validator


def satudata_needed(field: Mapping[str, Any], _schema: Mapping[str, Any]) -> Validator:
    """Even a draft needs this field."""

    def validator(key: Key, data: Data, errors: Errors, _context: Any) -> None:
        value = data.get(key)
        if value is tk.missing or value is None or not str(value).strip():
            label = field.get("label") or field["field_name"]
            said = label if isinstance(label, str) else label.get(language(), field["field_name"])
            errors[key].append(NEEDED.render(language(), label=said))
            raise tk.StopOnError

    return validator


def satudata_name_from_title(key: Key, data: Data, _errors: Errors, context: Any) -> None:
    """The address of the page: kept once made, else made from the title and unique."""
    if _is_given(data.get(key)):
        return
    package = context.get("package")
    data[key] = package.name if package is not None else _free_name(model.Package, data, "dataset")


def satudata_group_name_from_title(key: Key, data: Data, _errors: Errors, context: Any) -> None:
    """The same for an organization."""
    if _is_given(data.get(key)):
        return
    group = context.get("group")
    data[key] = group.name if group is not None else _free_name(model.Group, data, "organisasi")


def _is_given(value: Any) -> bool:
    return value is not tk.missing and value is not None and bool(str(value).strip())


def _free_name(entity: Any, data: Data, default: str) -> str:
    title = data.get(("title",))
    slug = munge_title_to_name(str(title)) if _is_given(title) else ""
    slug = slug.strip("-_")[:80].strip("-_")
    if len(slug) < 2 or slug in _RESERVED_NAMES or slug == "_" * len(slug):
        slug = f"{default}-{slug}".strip("-_") if slug else default
    if entity.get(slug) is None and slug != default:
        return slug
    # Random, not counted: a running number would tell how many hidden datasets share the title.
    return f"{slug}-{uuid4().hex[:6]}"


def satudata_dictionary(key: Key, data: Data, errors: Errors, _context: Any) -> None:
    """A data dictionary: a list of columns, or its JSON text; kept as JSON text."""
    value = data.get(key)
    if value is tk.missing or value in (None, "", []):
        _drop(key, data)
    columns = _parsed(value) if isinstance(value, str) else value
    problems = dictionary.problems(columns)
    if problems:
        errors[key].extend(dict.fromkeys(_said(problem.reason) for problem in problems))
        raise tk.StopOnError
    data[key] = json.dumps(dictionary.tidy(columns), ensure_ascii=False)


def satudata_dictionary_whole(_key: Key, data: Data, _errors: Errors, _context: Any) -> None:
    """CKAN 2.11 takes a list of dictionaries apart and calls it junk; put each ``kamus_data`` together again."""
    junk = data.get(("__junk",))
    if not isinstance(junk, dict):
        return
    pieces = sorted(one for one in junk if len(one) > 4 and one[0] == "resources" and one[2] == "kamus_data")
    for piece in pieces:
        columns = data.setdefault(piece[:3], [])
        if columns is tk.missing:
            columns = data[piece[:3]] = []
        columns += [{} for _ in range(piece[3] + 1 - len(columns))]
        # What lies deeper has no place in a column; as a list it will be refused by its name.
        columns[piece[3]][piece[4]] = junk.pop(piece) if len(piece) == 5 else [junk.pop(piece)]
    if not junk:
        del data[("__junk",)]


def satudata_walidata(key: Key, data: Data, _errors: Errors, _context: Any) -> None:
    """The name of the Walidata, by the portal's own settings, whatever was sent."""
    title = office.title_of(office.walidata())
    if not title:
        _drop(key, data)
    data[key] = title


def satudata_coverage_in_order(_key: Key, data: Data, errors: Errors, _context: Any) -> None:
    """The end of each range of ``cakupan_waktu`` does not come before its start."""
    for index in sorted({one[1] for one in data if one[0] == "cakupan_waktu" and len(one) == 3}):
        start_key, end_key = (("cakupan_waktu", index, part) for part in ("mulai", "selesai"))
        if errors.get(start_key) or errors.get(end_key):
            continue
        start, end = (data.get(one) for one in (start_key, end_key))
        if not isinstance(start, str) or not isinstance(end, str):
            continue
        refused = values.in_order(start, end)
        if refused is not None:
            errors.setdefault(end_key, []).append(_said(refused))


def satudata_filled_from_organization(_key: Key, data: Data, _errors: Errors, context: Any) -> None:
    """Author, maintainer and tags, which harvesters expect, from the organization and the description."""
    extras = {data[one]: data.get((*one[:2], "value")) for one in data if one[0] == "extras" and one[-1] == "key"}
    described = {**extras, **{one[0]: value for one, value in data.items() if len(one) == 1}}
    described = {name: value for name, value in described.items() if isinstance(value, str)}
    contact = data.get(("kontak", 0, "surel"))
    described["surel"] = contact if isinstance(contact, str) else ""
    owner = office.organization(described.get("owner_org"))
    data.update({(name,): value for name, value in office.acknowledged(described, owner).items()})
    _fill_tags(data, described, context.get("package"))


def _fill_tags(data: Data, described: Mapping[str, str], package: Any) -> None:
    before = office.tags(office.extras_of(package)) if package is not None else []
    given: dict[int, dict[str, Any]] = {}
    for one in [one for one in data if one[0] == "tags" and len(one) == 3]:
        given.setdefault(one[1], {})[one[2]] = data.pop(one)
    # What people added stays; what followed from an older description goes with it.
    kept = [tag for _, tag in sorted(given.items()) if tag.get("vocabulary_id") or tag.get("name") not in before]
    names = {tag.get("name") for tag in kept if not tag.get("vocabulary_id")}
    kept += [{"name": name} for name in office.tags(described) if name not in names]
    data.update({("tags", index, part): value for index, tag in enumerate(kept) for part, value in tag.items()})


# Scheming hands these two their field and schema.
for _validator in (satudata_choice, satudata_word, satudata_words, satudata_needed):
    _validator.is_a_scheming_validator = True  # type: ignore[attr-defined]

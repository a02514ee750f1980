"""Is the description of a dataset complete enough to be submitted, and if not, what is missing where?

A draft may lack anything. A submission needs every field marked ``required_at_submit`` that applies, and words that
say something (:mod:`lint`). Perpres 39/2019 Pasal 4 to 9 ask for Standar Data, Metadata and reference codes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ckanext.satudata.core.metadata import lint
from ckanext.satudata.core.metadata import values as values_of
from ckanext.satudata.core.metadata.form import Field, Form
from ckanext.satudata.core.reference.codelist import CodeList
from ckanext.satudata.core.text import Reason, Text, reason

MISSING = Text(id="{label} belum diisi.", en="{label} is not filled in yet.")
ROW_MISSING = Text(
    id="{label} nomor {number}: {part} belum diisi.", en="{label} {number}: {part} is not filled in yet."
)
NOT_IN_LIST = Text(
    id="{label}: “{value}” tidak ada di daftar yang berlaku sekarang. Pilih lagi.",
    en="{label}: “{value}” is not in the present list. Choose again.",
)
UNKNOWN_UNIT = Text(
    id="Satuan “{value}” tidak ada di daftar satuan. {proposal}",
    en="The unit “{value}” is not in the list of units. {proposal}",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a field holds up the submission (or, as a hint, what would make it better)."""

    field: Field
    reason: Reason


@dataclass(frozen=True, slots=True)
class SectionState:
    """How far one page of the form is."""

    key: str
    title: Text
    filled: int
    required: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """``filled`` of ``required`` mandatory fields are filled well; ``hints`` never hold up a submission."""

    sections: tuple[SectionState, ...]
    problems: tuple[Problem, ...]
    hints: tuple[Problem, ...]

    @property
    def filled(self) -> int:
        return sum(section.filled for section in self.sections)

    @property
    def required(self) -> int:
        return sum(section.required for section in self.sections)

    @property
    def complete(self) -> bool:
        return not self.problems


def applies(field: Field, values: Mapping[str, Any]) -> bool:
    """Whether a field is asked, given the other values."""
    return all(_flat(values.get(other)) in allowed for other, allowed in field.applies_when)


def check(form: Form, values: Mapping[str, Any], lists: Mapping[str, CodeList]) -> Completeness:
    """Look at every field that applies; ``values`` as ``package_show`` gives them, ``lists`` by key."""
    problems: list[Problem] = []
    hints: list[Problem] = []
    states: list[SectionState] = []
    for section in form.sections:
        required = [field for field in section.fields if field.required and applies(field, values)]
        filled = 0
        for field in section.fields:
            found = _problems(field, values, lists) if applies(field, values) else []
            problems += found
            hints += _hints(field, values, lists)
            filled += field in required and not found
        states.append(SectionState(section.key, section.title, filled, len(required)))
    return Completeness(tuple(states), tuple(problems), tuple(hints))


def _problems(field: Field, values: Mapping[str, Any], lists: Mapping[str, CodeList]) -> list[Problem]:
    value = _parsed(values.get(field.name))
    if _is_empty(value):
        return [Problem(field, _missing(field))] if field.required else []
    found = [*_row_reasons(field, value), *_list_reasons(field, value, lists), *_lint_reasons(field, values)]
    return [Problem(field, one) for one in found]


def _missing(field: Field) -> Reason:
    return Reason("missing", MISSING, (("label", field.label),), field.name)


def _row_reasons(field: Field, value: Any) -> list[Reason]:
    if not field.rows or not isinstance(value, list):
        return []
    found: list[Reason] = []
    for number, row in enumerate(cast("Sequence[Mapping[str, Any]]", value), start=1):
        for part in field.rows:
            if part.required and _is_empty(row.get(part.name)):
                said = (("label", field.label), ("number", number), ("part", part.label))
                found.append(Reason("row_missing", ROW_MISSING, said, field.name))
    return found


def _list_reasons(field: Field, value: Any, lists: Mapping[str, CodeList]) -> list[Reason]:
    # Words (units, breakdowns) are free; only a code can be wrong.
    codes = lists.get(field.list_key or "")
    if codes is None or field.list_key in FREE_LISTS or not isinstance(value, str) or value in codes:
        return []
    return [Reason("not_in_list", NOT_IN_LIST, (("label", field.label), ("value", value)), field.name)]


def _lint_reasons(field: Field, values: Mapping[str, Any]) -> list[Reason]:
    if field.lint is None:
        return []
    words = {name: value for name, value in values.items() if isinstance(value, str)}
    return [Reason(one.code, one.text, one.parameters, field.name) for one in lint.RULES[field.lint](words)]


# Lists that propose words but do not close the question.
FREE_LISTS = frozenset({"satuan", "klasifikasi_penyajian"})


def _hints(field: Field, values: Mapping[str, Any], lists: Mapping[str, CodeList]) -> list[Problem]:
    value, units = values.get(field.name), lists.get("satuan")
    if field.list_key != "satuan" or units is None or not isinstance(value, str) or not value or units.named(value):
        return []
    proposal = values_of.did_you_mean(value, units)
    return [Problem(field, reason("unknown_unit", UNKNOWN_UNIT, field=field.name, value=value, proposal=proposal))]


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, Mapping):
        return all(_is_empty(part) for part in cast("Mapping[str, Any]", value).values())
    if isinstance(value, list):
        return all(_is_empty(part) for part in cast("list[Any]", value))
    return value is None


def _parsed(value: Any) -> Any:
    # A list may still be the JSON text it is stored as.
    if isinstance(value, str) and value[:1] == "[":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _flat(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value or "")

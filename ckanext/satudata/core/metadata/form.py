"""The form as the schema file describes it: sections, fields, what a submission must have and when.

Reads the plain mappings of a scheming file (``rulebook/schemas/dataset.yaml`` says which keys there are).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ckanext.satudata.core.metadata import lint
from ckanext.satudata.core.text import Text


class BrokenSchemaError(ValueError):
    """A schema file asks for something that is not there; the message names the field."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``applies_when``: all of these fields must have one of these values for it to be asked."""

    name: str
    label: Text
    section: str
    required: bool
    applies_when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    list_key: str | None = None
    lint: str | None = None
    rows: tuple[Field, ...] = ()

    @property
    def anchor(self) -> str:
        """Id of the field on its page."""
        return f"field-{self.name}"


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form."""

    key: str
    title: Text
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """All sections, in their order."""

    sections: tuple[Section, ...]

    def field(self, name: str) -> Field | None:
        """The field of this name."""
        return next((field for section in self.sections for field in section.fields if field.name == name), None)

    def section(self, key: str) -> Section | None:
        """The section of this key."""
        return next((section for section in self.sections if section.key == key), None)


def read_form(schema: Mapping[str, Any]) -> Form:
    """Read a scheming schema; a field without a section, of an unknown one or with an unknown rule is refused."""
    sections = cast("Sequence[Mapping[str, Any]]", schema.get("sections") or ())
    keys = [str(section["key"]) for section in sections]
    fields: dict[str, list[Field]] = {key: [] for key in keys}
    for raw in cast("Sequence[Mapping[str, Any]]", schema["dataset_fields"]):
        field = _field(raw, str(raw.get("section") or ""))
        if field.section not in fields:
            raise BrokenSchemaError(f"field '{field.name}': section '{field.section}' is not one of {keys}")
        fields[field.section].append(field)
    form = Form(
        tuple(
            Section(str(section["key"]), _text(section["title"]), tuple(fields[str(section["key"])]))
            for section in sections
        )
    )
    _conditions_are_known(form)
    return form


def _conditions_are_known(form: Form) -> None:
    for field in (field for section in form.sections for field in section.fields):
        for other, _ in field.applies_when:
            if form.field(other) is None:
                raise BrokenSchemaError(f"field '{field.name}': applies_when names '{other}', which is no field")


def _field(raw: Mapping[str, Any], section: str) -> Field:
    name = str(raw["field_name"])
    rule = raw.get("lint")
    if rule is not None and rule not in lint.RULES:
        raise BrokenSchemaError(f"field '{name}': lint rule '{rule}' is not one of {sorted(lint.RULES)}")
    conditions = cast("Mapping[str, Sequence[Any]]", raw.get("applies_when") or {})
    rows = cast("Sequence[Mapping[str, Any]]", raw.get("repeating_subfields") or ())
    return Field(
        name=name,
        label=_text(raw.get("label") or name),
        section=section,
        required=bool(raw.get("required_at_submit")),
        applies_when=tuple((other, tuple(_flat(value) for value in values)) for other, values in conditions.items()),
        list_key=raw.get("list"),
        lint=rule,
        rows=tuple(_field(row, section) for row in rows),
    )


def _flat(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _text(value: Any) -> Text:
    if isinstance(value, str):
        return Text(value, value)
    words = cast("Mapping[str, str]", value)
    first = next(iter(words.values()))
    return Text(str(words.get("id", first)), str(words.get("en", first)))

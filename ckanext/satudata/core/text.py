"""Words in the two languages of the program.

The core has no translation machinery: a check, a guard or a YAML definition carries its own words, and whoever shows
them (terminal, page, mail) picks the language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Language = Literal["id", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence with ``{named}`` parameters, in Indonesian and English."""

    id: str
    en: str

    def render(self, language: str = "id", **parameters: Any) -> str:
        """The sentence in ``language`` (anything but ``en`` means Indonesian), with ``parameters`` filled in.

        A parameter may itself be a :class:`Text`, such as the label of a field.
        """
        template = self.en if language == "en" else self.id
        return template.format(**{name: spoken(value, language) for name, value in parameters.items()})

    def to_dict(self) -> dict[str, str]:
        return {"id": self.id, "en": self.en}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is refused: a stable code, its parameters, its words, and where it is mended.

    ``field`` names the metadata field, ``resource_id`` the file, that the reader has to go to; both may be ``None``.
    """

    code: str
    text: Text
    parameters: tuple[tuple[str, Any], ...] = ()
    field: str | None = None
    resource_id: str | None = None

    def render(self, language: str = "id") -> str:
        return self.text.render(language, **dict(self.parameters))

    def to_dict(self, language: str = "id") -> dict[str, Any]:
        return {
            "code": self.code,
            "text": self.render(language),
            "parameters": {name: spoken(value, language) for name, value in self.parameters},
            "field": self.field,
            "resource_id": self.resource_id,
        }


def reason(
    code: str,
    text: Text,
    *,
    field: str | None = None,
    resource_id: str | None = None,
    **parameters: Any,
) -> Reason:
    """Shorthand for a :class:`Reason` with keyword parameters."""
    return Reason(code, text, tuple(sorted(parameters.items())), field, resource_id)


def spoken(value: Any, language: str) -> Any:
    """A parameter in ``language``; what is not a :class:`Text` stays as it is."""
    return value.render(language) if isinstance(value, Text) else value

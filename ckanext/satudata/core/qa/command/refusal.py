"""Why a command is refused before anything is judged, in plain words."""

from __future__ import annotations

from ckanext.satudata.core.text import Text


class Refusal(ValueError):  # noqa: N818 - an answer to a command
    """The command cannot be done as it was asked for; its sentence says why and what to write instead."""

    def __init__(self, text: Text, **parameters: object) -> None:
        # Names of files may hold braces: they are filled in once and never read as a template again.
        self._said = {"id": text.id.format(**parameters), "en": text.en.format(**parameters)}
        super().__init__(self._said["en"])

    def sentence(self, language: str = "id") -> str:
        return self._said["en" if language == "en" else "id"]

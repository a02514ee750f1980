"""What a check says: what is wrong, why it matters, how it is mended, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ckanext.satudata.core.text import Text

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
# How many names or ids of what is concerned are told; the number is told in the sentence.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to see to. ``items``: ids or names of what is concerned; ``command``: one that mends it, if there is.

    Severities: ``error`` (data may leak, or work stands still), ``warning`` (will hurt one day), ``info``.
    """

    id: str
    severity: Severity
    what: Text
    why: Text
    remedy: Text
    command: str | None = None
    items: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def to_dict(self, language: str) -> dict[str, Any]:
        """As JSON, the sentences in one language."""
        return {
            "id": self.id,
            "severity": self.severity,
            "what": self.what.render(language, **self.parameters),
            "why": self.why.render(language, **self.parameters),
            "remedy": self.remedy.render(language, **self.parameters),
            "command": self.command,
            "items": list(self.items[:SHOWN]),
            "count": len(self.items),
        }


def finding(
    name: str,
    severity: Severity,
    /,
    *,
    what: Text,
    why: Text,
    remedy: Text,
    command: str | None = None,
    items: Sequence[str] = (),
    **parameters: Any,
) -> Finding:
    """Shorthand with keyword parameters for the sentences."""
    return Finding(name, severity, what, why, remedy, command, tuple(items), parameters)

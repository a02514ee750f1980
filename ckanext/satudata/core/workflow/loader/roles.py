"""A role of a definition: what it is called, and what its holders read of what is not public."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.definition import READS, Reads
from ckanext.satudata.core.workflow.loader.values import Values

PRODUCER = "produsen_data"


class Role(NamedTuple):
    """``reads`` is ``None`` when nothing is said."""

    words: Text
    reads: Reads | None


def read_role(values: Values, name: str, body: Any, path: str) -> Role:
    """``{id: …, en: …, reads: stage | submitted | office}``."""
    if not isinstance(body, dict) or "reads" not in body:
        return Role(values.words(body, path), None)
    entry = dict(cast("dict[str, Any]", body))
    said, at = entry.pop("reads"), f"{path}.reads"
    if name == PRODUCER:
        values.wrong(
            at,
            "Produsen Data membaca sebagai anggota organisasinya. Hapus `reads`.",
            "A Produsen Data reads as a member of the organization. Remove `reads`.",
        )
    return Role(values.words(entry, path), cast("Reads", values.one_of(said, READS, at)))

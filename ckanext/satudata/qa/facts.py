"""What the description of a dataset says about its tables, and what was uploaded before: told beside the file.

A check is made under the rules *and* under these facts: when one of them changes, the file is checked again. Other
edits of the description ask for nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.bridge import terms, unchanged
from ckanext.satudata.bridge.access import extra
from ckanext.satudata.core.stored import parsed

QUERY = sa.text(
    f"""select p.title, {extra("kode_wilayah")} as region, {extra("cakupan_waktu")} as covered,
               {extra("sds_satuan")} as unit
          from package p where p.id = :id"""
)


@dataclass(frozen=True)
class Facts:
    """Of one dataset, as ``core/qa/about.py`` has them; empty means not stated."""

    title: str = ""
    region: str = ""
    first_period: str = ""
    last_period: str = ""
    unit: str = ""

    @property
    def key(self) -> str:
        """Another one as soon as a fact is another one."""
        return digest(asdict(self))


def of_dataset(package_id: str) -> Facts:
    """The facts as the caller's transaction sees them; nothing is stated of a dataset that is not there."""
    return unchanged.known(("qa_facts", package_id), lambda: _asked(package_id))


def about(facts: Facts, header_before: Iterable[str]) -> dict[str, Any]:
    """What the judging process is told: the facts, the header of the file before, the day on the region's calendar."""
    told = {**asdict(facts), "header_before": list(header_before), "today": terms.today().isoformat()}
    return {key: value for key, value in told.items() if value}


def digest(value: Mapping[str, Any]) -> str:
    """Sixteen characters for a mapping of plain values."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _asked(package_id: str) -> Facts:
    row = model.Session.execute(QUERY, {"id": package_id}).mappings().first()
    if row is None:
        return Facts()
    ranges = [one for one in _list(row["covered"]) if isinstance(one, Mapping)]
    return Facts(
        title=str(row["title"] or ""),
        region=", ".join(str(code) for code in _list(row["region"])),
        first_period=min((str(one["mulai"]) for one in ranges if one.get("mulai")), default=""),
        last_period=max((str(one["selesai"]) for one in ranges if one.get("selesai")), default=""),
        unit=str(row["unit"] or ""),
    )


def _list(stored: Any) -> list[Any]:
    value = parsed(stored)
    if isinstance(value, list):
        return value
    return [value] if value else []

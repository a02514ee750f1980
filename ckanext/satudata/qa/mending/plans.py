"""What could be mended in the present file, from what its check left behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from dateutil import parser

from ckanext.satudata.bridge.columns import now
from ckanext.satudata.core.qa.mending.changes import Change, chosen, read_changes
from ckanext.satudata.core.qa.mending.kinds import FILE, KINDS
from ckanext.satudata.core.qa.mending.refusing import why
from ckanext.satudata.core.text import Text
from ckanext.satudata.qa import content, judged, process, standing
from ckanext.satudata.qa.mending import kept

NOT_CHECKED = Text(
    "File ini belum selesai diperiksa. Buka laporannya dahulu.",
    "The check of this file has not ended yet. Open its report first.",
)
UNKNOWN = Text(
    "File ini diperiksa sebelum perbaikan otomatis tersedia. Buka laporannya dan tekan Periksa ulang.",
    "This file was checked before it could be mended here. Open its report and press Check again.",
)
WAITING = Text(
    "File sedang diperbaiki. Tunggu sebentar, lalu muat ulang.",
    "The file is being mended. Wait a moment and reload.",
)
# What a fact of the file is called on the page.
FACTS = {
    "encoding": Text("Pengodean huruf", "Encoding"),
    "bom": Text("Tanda di awal file", "Mark at the beginning"),
    "sep_line": Text("Baris sep=", "Line sep="),
    "delimiter": Text("Pemisah sel", "Separator"),
    "line_ends": Text("Akhir baris", "Line ends"),
    "final_newline": Text("Akhir baris terakhir", "End of the last line"),
}
_SIGNS = {"\t": Text("tab", "tab"), "mixed": Text("campuran", "mixed"), "-": Text("tidak ada", "none")}


@dataclass(frozen=True)
class Plan:
    """The plan of one file. ``state``: ``ready``, ``nothing``, ``waiting`` (a job works on it), ``refused``, ``none``
    (no check of the present file); ``told`` is what the check kept, ``changes`` the complete list."""

    resource_id: str
    state: str
    found: content.Content | None = None
    sha256: str = ""
    told: Mapping[str, Any] | None = None
    changes: Path | None = None
    words: Text | None = None

    @property
    def kinds(self) -> dict[str, Mapping[str, Any]]:
        return {str(kind["id"]): kind for kind in (self.told or {}).get("kinds", ()) if kind["id"] in KINDS}

    def listed(self, kinds: Collection[str]) -> Iterator[Change]:
        """The changes that are made when these kinds are accepted."""
        return chosen(read_changes(self.changes), kinds) if self.changes is not None else iter(())


def of(resource: Mapping[str, Any]) -> Plan:
    """The plan of the present file of a resource."""
    found = content.present(resource)
    there = standing.of_resource(resource, whole=True)
    resource_id = str(resource["id"])
    if found is None or there.state != "done" or there.report is None or there.run is None:
        return Plan(resource_id, "none", words=NOT_CHECKED)
    told = (there.report["report"].get("outputs") or {}).get("mending")
    changes = judged.path(there.report["content_hash"], there.report["rule_version"], "changes")
    if there.report["readable"] and (told is None or changes is None):
        return Plan(resource_id, "none", words=UNKNOWN)
    if told is None or changes is None:
        return Plan(resource_id, "nothing")
    known = Plan(resource_id, "ready", found, str(there.run["sha256"]), told, changes)
    return _with_state(known)


def _with_state(plan: Plan) -> Plan:
    assert plan.told is not None
    if plan.told.get("refused"):
        code = str(plan.told["refused"])
        return replace(plan, state="refused", words=Text(why(code, "id"), why(code, "en")))
    if is_waiting(plan):
        return replace(plan, state="waiting", words=WAITING)
    return plan if plan.kinds else replace(plan, state="nothing")


def is_waiting(plan: Plan) -> bool:
    """Whether a job works on this very file; one that gave no sign for twice its time is lost."""
    order = kept.order(plan.resource_id)
    if order.get("state") != "waiting" or plan.found is None or order.get("file_key") != plan.found.file_key:
        return False
    return now() - parser.isoparse(order["at"]) < timedelta(seconds=2 * process.seconds() + 60)


def failure(plan: Plan) -> list[str]:
    """Why the last order on this very file was not carried out, in sentences."""
    order = kept.order(plan.resource_id)
    if order.get("state") == "failed" and plan.found is not None and order.get("file_key") == plan.found.file_key:
        return [str(sentence) for sentence in order.get("why", ())]
    return []


def shown(plan: Plan, language: str) -> list[dict[str, Any]]:
    """The kinds of a plan in words, in the order in which they are offered."""
    return [
        {
            "id": name,
            "title": KINDS[name].title.render(language),
            "meaning": KINDS[name].meaning.render(language),
            "sure": KINDS[name].sure,
            "count": kind["count"],
            "only_csv": kind["only_csv"],
            "columns": [dict(column) for column in kind["columns"]] if KINDS[name].what != FILE else [],
            "examples": [_in_words(name, dict(example), language) for example in kind["examples"]],
        }
        for name, kind in plan.kinds.items()
    ]


def lines(
    changes: Iterable[Change], language: str, offset: int = 0, limit: int | None = None
) -> Iterator[dict[str, Any]]:
    """Changes as the actions answer them."""
    for change in islice(changes, offset, None if limit is None else offset + limit):
        title = KINDS[change.kind].title.render(language)
        yield _in_words(change.kind, {**change._asdict(), "title": title}, language)


def _in_words(kind: str, change: dict[str, Any], language: str) -> dict[str, Any]:
    """``gone``: the line goes. Facts of the file are named in words."""
    change["gone"] = KINDS[kind].what == "lines"
    if KINDS[kind].what == FILE:
        change["column"] = FACTS[change["column"]].render(language) if change["column"] in FACTS else change["column"]
        for side in ("before", "after"):
            change[side] = _SIGNS[change[side]].render(language) if change[side] in _SIGNS else change[side]
    return change

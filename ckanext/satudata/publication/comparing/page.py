"""What the page of a comparison shows, in the order in which a reviewer needs it: verdict, figures, rows, fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
from babel.numbers import format_decimal
from ckan import model
from ckan.common import _, ungettext

from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.compare.columns import same_name
from ckanext.satudata.core.compare.tables import KINDS
from ckanext.satudata.core.compare.words import Run, runs
from ckanext.satudata.publication.comparing import judged, signs, telling
from ckanext.satudata.publication.comparing.sides import PUBLIC, Sides

ROWS_SHOWN = 20
PERIODS_SHOWN = 12
COLUMNS_SHOWN = 12
# Text that stays is cut to this many letters on each side of a change.
AROUND = 80
# In the address: where each listing starts.
OFFSETS = {"changed": "ubah", "added": "baru", "removed": "hapus"}


def shown(found: Sides, asked: Mapping[str, str]) -> dict[str, Any]:
    """Everything the template reads; ``asked`` is the query of the address."""
    told = telling.overview(found)
    chosen = asked.get("berkas") or _first_table(told["resources"]["changed"])
    offsets = {kind: _offset(asked.get(name)) for kind, name in OFFSETS.items()}
    table, diffs = None, []
    if chosen:
        pages = [{"kind": kind, "offset": offsets[kind], "limit": ROWS_SHOWN} for kind in KINDS]
        table, diffs = telling.of_table(found, chosen, pages)
    diff = diffs[0] if diffs else None
    words = Words(found, table)
    return {
        "told": told,
        "title": found.new["fields"].get("title") or found.new["fields"].get("name"),
        "office": _office(found.new["fields"].get("owner_org")),
        "is_public": found.against == PUBLIC,
        "verdict": verdict(told, diff, words.period()),
        "table": table,
        "diff": diff,
        "signs": signs.of(told, diff, table, words.label),
        "figures": figures(diff, words) if diff else [],
        "listings": [_listing(one, kind, words) for one, kind in zip(diffs, KINDS, strict=True)] if diffs else [],
        "offsets": OFFSETS,
        "fields": [_field(change) for change in told["fields"]],
        "files": [_file(change) for change in told["resources"]["changed"]],
        "counts": counts(told, diff),
    }


class Words:
    """What the columns of a table are called, by its data dictionary in the new version, else in the old one."""

    def __init__(self, found: Sides, table: Mapping[str, Any] | None) -> None:
        described: dict[str, Mapping[str, Any]] = {}
        for side, key in ((found.old, "before_id"), (found.new, "resource_id")):
            for resource in side.get("resources", ()):
                if table is not None and resource["id"] == table[key]:
                    described |= {same_name(str(one.get("kolom") or "")): one for one in judged.dictionary(resource)}
        self._described = described

    def label(self, name: str) -> str:
        """The label of a column."""
        return str(self._described.get(same_name(name), {}).get("label") or name)

    def is_amount(self, name: str) -> bool:
        """Whether the column holds figures; a year is none."""
        return self._described.get(same_name(name), {}).get("tipe") in judged.NUMBERS

    def period(self) -> str:
        """What the column of years or periods is called, or nothing."""
        found = [one for one in self._described.values() if one.get("tipe") in judged.PERIODS]
        return str(found[0].get("label") or found[0]["kolom"]) if len(found) == 1 else ""

    def unit(self, name: str) -> str:
        """The unit of a column, or nothing."""
        return str(self._described.get(same_name(name), {}).get("satuan") or "")


def _first_table(changed: Sequence[Mapping[str, Any]]) -> str | None:
    with_rows = [one for one in changed if one["content"]] or list(changed)
    return str(with_rows[0]["id"]) if with_rows else None


def _offset(asked: str | None) -> int:
    return int(asked) if asked and asked.isascii() and asked.isdecimal() and len(asked) < 10 else 0


def _office(organization_id: str | None) -> str:
    group = model.Group.get(organization_id) if organization_id else None
    return str(group.display_name) if group is not None else ""


# -- the sentence on top -----------------------------------------------------------------------------------------------


def verdict(told: Mapping[str, Any], diff: Mapping[str, Any] | None, period: str = "") -> dict[str, str]:
    """``{"kind", "icon", "title"}``: what changes for the public, and whether something was lost.

    ``period``: what the column of periods is called ("Tahun").
    """
    files = told["resources"]
    lost = len(files["removed"]) + (diff["removed"] if diff else 0)
    kind, icon = ("warn", "warn") if lost else ("go", "swap")
    if diff is not None and not _is_empty(diff):
        return {"kind": kind, "icon": icon, "title": " ".join(_of_rows(diff, period))}
    changed = len(told["fields"]) + sum(
        bool(told[what]["added"] or told[what]["removed"]) for what in ("tags", "groups")
    )
    touched = len(files["added"]) + len(files["removed"]) + len(files["changed"])
    if not changed and not touched and not files["moved"]:
        return {"kind": "", "icon": "checkc", "title": _("Nothing differs.")}
    parts = [
        ungettext("{n} field differs.", "{n} fields differ.", changed) if changed else _("The fields are the same."),
        ungettext("{n} file differs.", "{n} files differ.", touched) if touched else _("The files are the same."),
    ]
    title = " ".join(part.format(n=many) for part, many in zip(parts, (changed, touched), strict=True))
    return {"kind": kind, "icon": icon, "title": title}


def _is_empty(diff: Mapping[str, Any]) -> bool:
    return not any(diff[what] for what in ("added", "removed", "changed", "columns_added", "columns_removed"))


def _of_rows(diff: Mapping[str, Any], period: str) -> Iterable[str]:
    fresh = list(dict.fromkeys(one["period"] for one in diff["periods"] if one["before"] is None))
    if diff["added"] and fresh and len(fresh) <= 3:
        sentence = ungettext("{periods} was added, {n} row.", "{periods} was added, {n} rows.", diff["added"])
        yield sentence.format(periods=f"{period} {', '.join(fresh)}".strip(), n=number(diff["added"]))
    elif diff["added"]:
        yield ungettext("{n} row was added.", "{n} rows were added.", diff["added"]).format(n=number(diff["added"]))
    cells = sum(diff["cells"].values())
    if cells:
        sentence = ungettext("{n} earlier cell was changed.", "{n} earlier cells were changed.", cells)
        yield sentence.format(n=number(cells))
    elif diff["by"] == "key":
        yield _("No earlier cell was changed.")
    if diff["removed"]:
        sentence = ungettext("{n} row is gone.", "{n} rows are gone.", diff["removed"])
        yield sentence.format(n=number(diff["removed"]))
    else:
        yield _("No row was lost.")


def counts(told: Mapping[str, Any], diff: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The strip of figures: ``[{"label", "icon", "text"}]``."""
    found: list[dict[str, Any]] = []
    if diff is not None:
        cells = sum(diff["cells"].values())
        columns = len(diff["columns_added"]) + len(diff["columns_removed"])
        found += [
            {"label": _("Rows added"), "icon": "plus" if diff["added"] else "", "text": number(diff["added"])},
            {"label": _("Cells changed"), "icon": "swap" if cells else "", "text": number(cells)},
            {"label": _("Rows gone"), "icon": "minus" if diff["removed"] else "", "text": number(diff["removed"])},
            {
                "label": _("Columns"),
                "icon": "swap" if columns else "",
                "text": _("{n} differ").format(n=columns) if columns else _("the same"),
            },
        ]
    changed = len(told["fields"])
    words = _("{n} changed").format(n=changed) if changed else _("the same")
    found.append({"label": _("Metadata"), "icon": "swap" if changed else "", "text": words})
    files = told["resources"]
    touched = len(files["added"]) + len(files["removed"]) + len(files["changed"])
    words = _("{n} changed").format(n=touched) if touched else _("the same")
    found.append({"label": _("Files"), "icon": "swap" if touched else "", "text": words})
    return found


# -- figures -----------------------------------------------------------------------------------------------------------


def figures(diff: Mapping[str, Any], words: Words) -> list[dict[str, Any]]:
    """One table of totals for each column of amounts, by period where there is one.

    ``[{"title", "unit", "of": heading of the first column, "rows": [{"name", "before", "after", "difference"}],
    "left_out": earlier periods}]``
    """
    found: list[dict[str, Any]] = []
    for total in diff["totals"]:
        name = total["column"]
        periods = [one for one in diff["periods"] if one["column"] == name]
        rows = [_figure(one["period"], one) for one in periods[-PERIODS_SHOWN:]]
        if total["before"] is not None:
            rows.append({**_figure(_("All together"), total), "total": True})
        if rows:
            left_out = max(0, len(periods) - PERIODS_SHOWN)
            label = words.label(name)
            found.append({"title": label, "unit": words.unit(name), "rows": rows, "left_out": left_out})
    return found


def _figure(name: str, one: Mapping[str, Any]) -> dict[str, Any]:
    before, after, difference = one["before"], one["after"], one["difference"]
    if before is None:
        told = _("new")
    elif after is None:
        told = _("gone")
    else:
        told = signed(difference)
    return {
        "name": name,
        "before": number(before) if before is not None else _("none"),
        "after": number(after) if after is not None else _("none"),
        "difference": told,
        "differs": difference != "0",
        "total": False,
    }


def signed(difference: str) -> str:
    """ "+54", "−3" or "the same"."""
    if difference == "0":
        return _("the same")
    return number(difference).replace("-", "−") if difference.startswith("-") else f"+{number(difference)}"


def number(value: Any) -> str:
    """16.009 in Indonesian; decimal texts keep every digit."""
    return str(format_decimal(Decimal(str(value)), locale=language(), decimal_quantization=False))


# -- rows --------------------------------------------------------------------------------------------------------------


def _listing(diff: Mapping[str, Any], kind: str, words: Words) -> dict[str, Any]:
    """One of the three listings, with the places of the pages before and after it."""
    first = diff["rows"][0]["values"] if diff["rows"] else {}
    key = list(diff["key"])
    names = [*key, *(name for name in first if name not in key)][:COLUMNS_SHOWN]
    end = diff["offset"] + len(diff["rows"])
    return {
        "kind": kind,
        "total": diff["listed"],
        "rows": diff["rows"],
        "key_label": ", ".join(words.label(name) for name in key),
        "columns": [_column(name, words) for name in names],
        "left_out": max(0, len(first) - COLUMNS_SHOWN),
        "label": words.label,
        "numbered": any(row["row"] or row["row_before"] for row in diff["rows"]),
        "first": diff["offset"] + 1,
        "last": end,
        "earlier": max(0, diff["offset"] - ROWS_SHOWN) if diff["offset"] else None,
        "later": end if end < diff["listed"] else None,
        "columns_changed": ", ".join(
            _("{n} in {column}").format(n=number(many), column=words.label(name))
            for name, many in diff["cells"].items()
        ),
    }


def _column(name: str, words: Words) -> dict[str, Any]:
    unit = words.unit(name)
    label = f"{words.label(name)} ({unit})" if unit else words.label(name)
    return {"name": name, "label": label, "is_amount": words.is_amount(name)}


# -- fields and files --------------------------------------------------------------------------------------------------


def _field(change: Mapping[str, Any]) -> dict[str, Any]:
    """``{"label", "runs", "removed", "added", "moved"}``: either the text in runs, or the items of a list."""
    name = change["field"]
    items = {key: [_words(name, [item]) for item in change[key]] for key in ("removed", "added")}
    is_list = bool(change["added"] or change["removed"] or change["moved"])
    before, after = _words(name, change["before"]), _words(name, change["after"])
    return {
        "label": tk.h.sd_field_label(name),
        "runs": [] if is_list and not _is_one(change) else shortened(runs(before, after)),
        **items,
        "moved": change["moved"],
    }


def _is_one(change: Mapping[str, Any]) -> bool:
    """A list of one, before and after, reads better word by word (the span of years)."""
    return all(isinstance(change[side], list) and len(change[side]) == 1 for side in ("before", "after"))


def _words(name: str, value: Any) -> str:
    if name == "owner_org" and value:
        return _office(str(value))
    return str(tk.h.sd_field_text(name, value) or "") if value is not None else ""


def shortened(found: Sequence[Run]) -> list[dict[str, str]]:
    """The runs with long stretches that stayed cut to what stands around the changes."""
    ready: list[dict[str, str]] = []
    for place, run in enumerate(found):
        text = run.text
        if run.kind == "kept" and len(found) > 1 and len(text) > 2 * AROUND + 20:
            head = "" if place == 0 else text[:AROUND].rsplit(" ", 1)[0]
            tail = "" if place == len(found) - 1 else text[-AROUND:].split(" ", 1)[-1]
            text = f"{head} … {tail}" if head and tail else f"{head} …" if head else f"… {tail}"
        ready.append({"kind": run.kind, "text": text})
    return ready


def _file(change: Mapping[str, Any]) -> dict[str, Any]:
    """A file that differs, with its fields and its columns in words."""
    columns = change["columns"]
    return {
        **change,
        "fields": [_field(one) for one in change["fields"]],
        "columns": {
            **columns,
            "changed": [
                {
                    "column": one["column"],
                    "changes": [
                        {
                            "label": signs.attribute(detail["field"]),
                            "before": _detail(detail["before"]),
                            "after": _detail(detail["after"]),
                        }
                        for detail in one["changes"]
                    ],
                }
                for one in columns["changed"]
            ],
        },
    }


def _detail(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else ""
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value) if value is not None else ""

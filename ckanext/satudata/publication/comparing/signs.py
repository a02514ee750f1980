"""What a reviewer should look at twice: another unit, another scale, codes that vanished, keys that are not unique."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ckan.common import _, ungettext

SHOWN = 8  # codes and keys that are named
ATTRIBUTES = ("tipe", "satuan", "daftar", "edisi", "kunci", "nilai")


def attribute(name: str) -> str:
    """What is said of a column, in words."""
    words = {
        "label": _("Label"),
        "tipe": _("Type"),
        "satuan": _("Unit"),
        "daftar": _("Reference list"),
        "edisi": _("Edition of the list"),
        "wajib": _("always filled"),
        "kunci": _("key"),
        "definisi": _("Definition"),
        "nilai": _("Allowed values"),
    }
    return words.get(name, name)


def of(
    told: Mapping[str, Any],
    diff: Mapping[str, Any] | None,
    table: Mapping[str, Any] | None,
    label: Callable[[str], str],
) -> list[dict[str, str]]:
    """``[{"icon", "look", "text"}]``, the weightiest first."""
    found: list[dict[str, str]] = []
    if diff is not None:
        found += [_sign("warn", text) for text in _of_table(diff, label)]
    for file in told["resources"]["changed"]:
        if table is not None and file["id"] == table["resource_id"]:
            found += [_sign("ask", text) for text in _of_columns(file["columns"], label)]
    if diff is not None:
        found += [_sign("ask", text) for text in _of_codes(diff, label)]
        found += [_sign("ask", text) for text in _of_keys(diff, label)]
    return found


def _sign(look: str, text: str) -> dict[str, str]:
    return {"icon": look, "look": look, "text": text}


def _of_table(diff: Mapping[str, Any], label: Callable[[str], str]) -> Iterator[str]:
    for one in diff["scales"]:
        sentence = _("{column}: {n} of {of} changed numbers are {factor} times the earlier ones. Another unit?")
        factor = f"{one['factor']:g}"
        yield sentence.format(column=label(one["column"]), n=one["cells"], of=one["of"], factor=factor)
    for name in diff["columns_removed"]:
        yield _("The column {column} is gone.").format(column=name)


def _of_columns(columns: Mapping[str, Any], label: Callable[[str], str]) -> Iterator[str]:
    for one in columns["changed"]:
        for change in one["changes"]:
            if change["field"] in ("tipe", "satuan", "daftar", "edisi"):
                yield _("{column}: {what} was {before}, now {after}.").format(
                    column=label(one["column"]),
                    what=attribute(change["field"]).lower(),
                    before=change["before"] or _("(empty)"),
                    after=change["after"] or _("(empty)"),
                )
    for pair in columns["renamed"]:
        yield _("{before} seems to be called {after} now; the two are compared with each other.").format(**pair)


def _of_codes(diff: Mapping[str, Any], label: Callable[[str], str]) -> Iterator[str]:
    for one in diff["codes"]:
        if one["removed_count"]:
            sentence = ungettext(
                "{column}: {n} value is gone ({some}).", "{column}: {n} values are gone ({some}).", one["removed_count"]
            )
            yield _codes(sentence, label(one["column"]), one["removed_count"], one["removed"])
        if one["added_count"]:
            sentence = ungettext(
                "{column}: {n} value is new ({some}).", "{column}: {n} values are new ({some}).", one["added_count"]
            )
            yield _codes(sentence, label(one["column"]), one["added_count"], one["added"])


def _codes(sentence: str, column: str, many: int, named: list[str]) -> str:
    some = ", ".join(named[:SHOWN]) + (", …" if many > SHOWN else "")
    return sentence.format(column=column, n=many, some=some)


def _of_keys(diff: Mapping[str, Any], label: Callable[[str], str]) -> Iterator[str]:
    key = ", ".join(label(name) for name in diff["key"])
    for side, words in (
        ("repeated_after", _("In the working copy {n} rows share their key ({key}): {some}.")),
        ("repeated_before", _("In the earlier version {n} rows share their key ({key}): {some}.")),
    ):
        if diff[side]["rows"]:
            some = "; ".join(", ".join(one) for one in diff[side]["keys"])
            yield words.format(n=diff[side]["rows"], key=key, some=some)
    if diff["key_missing"]:
        sentence = _("One of the versions has no column {key}, which names the rows; whole rows are compared.")
        yield sentence.format(key=", ".join(diff["key_missing"]))
    elif diff["by"] == "row":
        yield _("The data dictionary names no key; whole rows are compared. A mended row is told as gone and new.")

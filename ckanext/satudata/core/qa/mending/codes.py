"""Codes in one form, with the zeros they lost, as far as the list proves which code is meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ckanext.satudata.core.qa import cells
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.mending.offered import Mended, cells_changed
from ckanext.satudata.core.qa.mending.proposing import known_list
from ckanext.satudata.core.qa.table.model import ROW, TableColumn
from ckanext.satudata.core.reference.codelist import CodeList, bare_code


def codes(mended: Mended) -> Iterator[pl.DataFrame]:
    """Frames of changes: region codes in mixed forms, codes of other lists without their zeros, zeros by format."""
    if "KR-11" in mended.items:
        for _, there in mended.bound.shape.codes:
            known = known_list(mended, there.id)
            if known is not None:
                yield _replaced(mended, there, _other_forms(_distinct(mended, there), known))
    if "IS-03" in mended.items:
        for column, there in mended.bound.pairs:
            if (column.list or "").startswith("wilayah") or not (column.values or column.list):
                continue
            known = known_list(mended, there.id)
            listed = list(column.values) or ([entry.code for entry in known] if known is not None else [])
            yield _replaced(mended, there, _without_zeros(_distinct(mended, there), listed))
    if "BT-11" in mended.items and mended.kind == "xlsx":
        yield from _by_format(mended)


def _distinct(mended: Mended, there: TableColumn) -> dict[str, int]:
    """The different codes of a column and how often each stands there."""
    cell = mended.table.rows.filter(~cells.is_missing(there.id)).select(cell=cells.plain(there.id))
    return dict(cell.group_by("cell", maintain_order=True).len().rows())


def _replaced(mended: Mended, there: TableColumn, codes: dict[str, str]) -> pl.DataFrame:
    cell = cells.plain(there.id)
    mask = cell.is_in(pl.Series(list(codes), dtype=pl.String).implode())
    after = cell.replace_strict(codes, default=None, return_dtype=pl.String) if codes else pl.lit(None, pl.String)
    return cells_changed("codes", mended, there, mask, after)


def _other_forms(counted: dict[str, int], known: CodeList) -> dict[str, str]:
    """Codes in another form than most, in the usual one: with dots as the list has them, or digits only."""
    forms = Counter[str]()
    for code, times in counted.items():
        if len(code) > 2:  # a province has no dots to write
            forms[_form(code)] += times
    if len(forms) < 2:
        return {}
    usual = "bare" if forms["bare"] > forms["dotted"] else "dotted"
    found: dict[str, str] = {}
    for code in counted:
        if len(code) <= 2 or _form(code) == usual:
            continue
        bare = bare_code(code.removesuffix(".0") if _form(code) == "float" else code)
        entry = known.find(bare)
        if entry is not None and bare_code(entry.code) == bare:
            found[code] = bare if usual == "bare" else entry.code
    return found


def _form(code: str) -> str:
    if " " in code or "\u00a0" in code:
        return "blank"
    whole, dot, rest = code.partition(".")
    if dot and rest == "0" and len(whole) >= 3:
        return "float"
    return "dotted" if dot else "bare"


def _without_zeros(counted: dict[str, int], listed: list[str]) -> dict[str, str]:
    """``1`` for ``01``, where all codes of the list have as many digits."""
    allowed = set(listed)
    lengths = {len(code) for code in allowed}
    if len(lengths) != 1 or not all(code.isdecimal() for code in allowed):
        return {}
    width = lengths.pop()
    padded = {code: code.zfill(width) for code in counted if code.isdecimal() and code not in allowed}
    return {code: full for code, full in padded.items() if full in allowed}


def _by_format(mended: Mended) -> Iterator[pl.DataFrame]:
    """Numbers that only look like codes: the text that is shown becomes the text that is stored."""
    table = mended.table
    columns = {column.position: column for column in table.columns}
    for position, _, first in table.sheet.codes if table.sheet is not None else ():
        there = columns[position]
        shown = pl.col(there.id)
        changes = cells_changed("codes", mended, there, (pl.col(ROW) >= first) & shown.str.contains(r"^0\d"), shown)
        yield changes.with_columns(before=pl.col("before").str.strip_chars_start("0"))

"""Changes that are the proposals of checks: blanks, whole numbers, codes, names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ckanext.satudata.core.qa.findings import Found, NotApplicable
from ckanext.satudata.core.qa.lazy import pl
from ckanext.satudata.core.qa.mending.offered import Mended
from ckanext.satudata.core.reference.codelist import CodeList

# check, variant → kind
PROPOSED = {
    ("IS-05", "ends"): "blanks",
    ("IS-05", "inside"): "blanks",
    ("IS-07", ""): "whole",
    ("KR-01", ""): "codes",
    ("KR-04", ""): "codes",
    ("IS-03", "spelling"): "names",
    ("KR-02", "spelling"): "names",
    ("KR-07", "variant"): "spelling",
    ("KR-07", "spelling"): "spelling",
    ("IS-08", ""): "spelling",
}


def proposed(mended: Mended) -> Iterator[pl.DataFrame]:
    """What the checks propose, for every cell."""
    for check in dict.fromkeys(check for check, _ in PROPOSED):
        item = mended.items.get(check)
        if item is None:
            continue
        answer: Iterable[Found] | NotApplicable = item.check.run(mended.asked(item))
        if isinstance(answer, NotApplicable):
            continue
        for found in answer:
            kind = PROPOSED.get((check, found.variant))
            if kind is not None and found.proposals is not None:
                yield _proven(mended, kind, found.proposals.with_columns(kind=pl.lit(kind)))


def _proven(mended: Mended, kind: str, changes: pl.DataFrame) -> pl.DataFrame:
    column = changes["column"][0] if changes.height else None
    if kind == "whole":
        there = next((there for there in mended.table.columns if there.id == column), None)
        how = mended.bound.notation(there) if there is not None else None
        # Where the mark groups thousands, 1.0 is no whole number.
        grouped = how is not None and {how.dot, how.comma} & {"thousands", "mixed", "ambiguous"}
        return changes.clear() if grouped else changes
    known = known_list(mended, column) if kind == "codes" else None
    if known is None:
        return changes
    # A code that the list does not have either is not proven by taking its blanks out.
    after = changes["after"].drop_nulls().unique()
    there = [code for code in after.to_list() if known.find(code) is not None]
    return changes.filter(pl.col("after").is_in(pl.Series(there, dtype=pl.String).implode()))


def known_list(mended: Mended, column: str | None) -> CodeList | None:
    """The reference list of a column (its id), where it has one that is installed."""
    for declared, there in mended.bound.pairs:
        if there.id == column and declared.list:
            return mended.lists.get(declared.list, declared.edition) or mended.lists.get(declared.list)
    return None

"""Which row of the new table is which of the old one.

Rows (or their keys) are held against each other as 128 bits: two hashes (columns ``a`` and ``b``, beside the position
``o`` in the old or ``n`` in the new table) with seeds of this very run. So nobody can make two rows meet on purpose,
and by chance it happens once in 10²⁵ comparisons of a million rows. Cells that differ are always compared as text.
"""

from __future__ import annotations

import secrets

from ckanext.satudata.core.compare import sums
from ckanext.satudata.core.compare.told import Repeated
from ckanext.satudata.core.qa.lazy import pl

MOST_KEYS = 5  # repeated keys that are named


def plain_numbers(frame: pl.DataFrame, numbers: list[str]) -> pl.DataFrame:
    """Numbers in one spelling; nearly all are already, so only the others are rewritten."""
    return frame.with_columns(sums.plain_numbers(frame[name]) for name in numbers) if numbers else frame


def nowhere(height: int) -> pl.Series:
    return pl.Series("hit", [False], dtype=pl.Boolean).new_from_index(0, height)


def counts_up(series: pl.Series) -> bool:
    """Whether it is 0, 1, 2 …"""
    height = series.len()
    return height == 0 or bool((series == upto(height)).all())


def without(height: int, taken: pl.Series) -> pl.Series:
    """The positions below ``height`` that are not ``taken``."""
    return (~nowhere(height).scatter(taken, True)).arg_true()


def repeated(frame: pl.DataFrame, marks: pl.DataFrame) -> Repeated:
    """The rows of ``frame`` whose key is not theirs alone; ``marks`` are the hashes of its keys."""
    names = frame.columns
    suspects = frame.filter(marks["a"].is_duplicated())
    counted = suspects.group_by(names, maintain_order=True).agg(rows=pl.len()).filter(pl.col("rows") > 1)
    keys = counted.head(MOST_KEYS).select(names).rows()
    return Repeated(int(counted["rows"].sum()), tuple(tuple(key) for key in keys))


def by_marks(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Pair rows by the hashes of keys that are unique on both sides."""
    most = min(before.height, after.height)
    if before.select("a", "b").head(most).equals(after.select("a", "b").head(most)):
        # The usual case, a table that was mended in place or went on at its end, needs no join.
        return pl.DataFrame({"o": before["o"].head(most), "n": after["n"].head(most)})
    both = before.join(after, on="a", how="inner")
    return both.filter(pl.col("b") == pl.col("b_right")).select("o", "n").sort("n")


_SEEDS = secrets.randbits(63), secrets.randbits(63)


def hashes(frame: pl.DataFrame) -> pl.DataFrame:
    """Two hashes of each row."""
    return pl.DataFrame({name: frame.hash_rows(seed) for name, seed in zip("ab", _SEEDS, strict=True)})


def upto(height: int) -> pl.Series:
    return pl.int_range(height, dtype=pl.UInt32, eager=True)


def twice(before: pl.DataFrame, after: pl.DataFrame) -> pl.Series:
    """The hashes ``a`` that more than one row of either table has."""
    return pl.concat([marks["a"].filter(marks["a"].is_duplicated()) for marks in (before, after)]).unique()


def parted(
    marks: tuple[pl.DataFrame, pl.DataFrame], found: pl.Series
) -> tuple[tuple[pl.DataFrame, pl.DataFrame], tuple[pl.DataFrame, pl.DataFrame]]:
    """The rows of both tables whose hash is not among ``found``, and those whose hash is."""
    before, after = (one["a"].is_in(found.implode()) for one in marks)
    return (marks[0].filter(~before), marks[1].filter(~after)), (marks[0].filter(before), marks[1].filter(after))


def by_occurrence(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Pair equal hashes; of several equal ones the first with the first, the second with the second."""
    found = twice(before, after)
    if found.is_empty():
        return by_marks(before, after)
    once, many = parted((before, after), found)
    nth = pl.int_range(pl.len(), dtype=pl.UInt32).over("a", "b")
    counted = many[0].with_columns(nth=nth), many[1].with_columns(nth=nth)
    rest = counted[0].join(counted[1], on=["a", "b", "nth"], how="inner").select("o", "n")
    return pl.concat([by_marks(*once), rest]).sort("n")

"""Which row of the new table is which of the old one."""

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
    """Pair rows by the hashes of keys that are unique on both sides (``a``, ``b``, beside ``o`` or ``n``).

    Keys are held against each other as 128 bits of two hashes with seeds of this very run: nobody can make two keys
    meet, and by chance it happens once in 10²⁵ comparisons of a million rows.
    """
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


def by_occurrence(before: pl.DataFrame, after: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """Pair equal rows; of several equal ones the first with the first, the second with the second."""
    counted = [frame.with_columns(nth=pl.int_range(pl.len(), dtype=pl.UInt32).over(names)) for frame in (before, after)]
    return counted[0].join(counted[1], on=[*names, "nth"], how="inner").select("o", "n").sort("n")

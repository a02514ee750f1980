"""Two tables row by row: what came, what went, what changed, told by a key; totals; codes.

The tables are the judged rows that the check keeps beside its report (``rows.csv``: typed, plain numbers, ISO dates).
Cells are compared as text; where both versions call a column a number, as numbers (``63.40`` is ``63.4``).

**Memory** is bounded by cells, not by the file: the key columns of both tables are held, other columns are read and
compared in groups of at most ``CELLS_AT_ONCE`` cells a table and let go. Two tables of 1,000,000 rows × 10 columns
(90 MB each) take about 0.8 GB; what does not fit into the limit of the process ends with its refusal, never with a
half answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from ckanext.satudata.core.compare import pairing, reading, sums
from ckanext.satudata.core.compare.columns import same_name
from ckanext.satudata.core.compare.told import (
    KINDS,
    Cell,
    Column,
    Kind,
    Repeated,
    Row,
    Side,
    TableDiff,
    TableError,
    distinct,
)
from ckanext.satudata.core.qa.lazy import pl

__all__ = [
    "KINDS",
    "Cell",
    "Column",
    "Comparison",
    "Kind",
    "Row",
    "Side",
    "TableDiff",
    "TableError",
    "distinct",
    "tables",
]

NUMBERS = ("integer", "number")
MOST_ROWS = 1_000  # of one page of the listing
MOST_CODES = 50  # new and vanished codes that are named


def tables(
    old: Side,
    new: Side,
    key: Sequence[str] = (),
    *,
    renamed: Mapping[str, str] | None = None,
    period: str | None = None,
    kind: Kind | None = None,
    offset: int = 0,
    limit: int = 50,
) -> TableDiff:
    """Compare two tables.

    ``key``: the columns that name a row, as the new version calls them. ``renamed``: name in the new version → name in
    the old one. ``period``: the column by whose values the totals are told too. ``kind``: list only such rows.
    The listing has changed and added rows in the order of the new table, then the removed ones in that of the old one;
    of it ``limit`` rows (at most 1,000) from ``offset`` on are given.

    Rows whose key is repeated are paired first with a row that is wholly the same, then in their order.
    """
    return Comparison(old, new, key, renamed=renamed or {}).answer(period=period, kind=kind, offset=offset, limit=limit)


if TYPE_CHECKING:
    _Both = tuple[pl.DataFrame, pl.DataFrame]  # of the old and the new table


@dataclass(frozen=True)
class _Shared:
    """A column of both versions: its positions, its name in the new one, and whether it is a number in both."""

    old: int
    new: int
    name: str
    number: bool


class Comparison:
    """Two tables, paired once; :meth:`answer` may be asked for several pages."""

    def __init__(self, old: Side, new: Side, key: Sequence[str], *, renamed: Mapping[str, str]) -> None:
        self.old, self.new = old, new
        self._old, self._new = reading.Reader(old), reading.Reader(new)
        self.shared = _shared(old, new, renamed)
        self.key_missing = tuple(name for name in key if self._place(name) is None)
        places = [self._place(name) for name in key]
        self.key = [place for place in places if place is not None] if not self.key_missing else []
        self.by: Literal["key", "row"] = "key" if self.key else "row"
        self._pair()

    def _place(self, name: str) -> int | None:
        wanted = same_name(name)
        return next((place for place, one in enumerate(self.shared) if same_name(one.name) == wanted), None)

    def _sides(self, places: Sequence[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """These shared columns of both tables under the same names (their place among the shared ones)."""
        chosen = [self.shared[place] for place in places]
        before = self._old.read([one.old for one in chosen])
        after = self._new.read([one.new for one in chosen])
        names = [str(place) for place in places]
        numbers = [name for name, one in zip(names, chosen, strict=True) if one.number]
        return tuple(
            pairing.plain_numbers(frame.rename(dict(zip(frame.columns, names, strict=True))), numbers)
            for frame in (before, after)
        )  # pyright: ignore[reportReturnType]

    # -- pairing -----------------------------------------------------------------------------------------------------

    def _pair(self) -> None:
        """Fill ``pairs`` (``o``, ``n``: positions) and the positions that have no partner."""
        places = self.key or list(range(len(self.shared)))
        before, after = self._sides(places)
        self.repeated: tuple[Repeated, Repeated] = Repeated(), Repeated()
        marks = pairing.hashes(before).with_row_index("o"), pairing.hashes(after).with_row_index("n")
        if self.by == "row":
            self.pairs = pairing.by_occurrence(*marks)
        else:
            self.pairs = self._by_key((before, after), marks)
        self.gone = pairing.without(before.height, self.pairs["o"])
        self.come = pairing.without(after.height, self.pairs["n"])
        self.heights = before.height, after.height
        self._compare_cells()

    def _by_key(self, keys: _Both, marks: _Both) -> pl.DataFrame:
        twice = pairing.twice(*marks)
        if twice.is_empty():
            return pairing.by_marks(*marks)
        self.repeated = pairing.repeated(keys[0], marks[0]), pairing.repeated(keys[1], marks[1])
        once, many = pairing.parted(marks, twice)
        return pl.concat([pairing.by_marks(*once), self._many(many)]).sort("n")

    def _many(self, marks: _Both) -> pl.DataFrame:
        """Rows with a repeated key: first those that are wholly the same, the rest in their order."""
        before, after = self._sides(range(len(self.shared)))
        whole = pairing.hashes(before)[marks[0]["o"]], pairing.hashes(after)[marks[1]["n"]]
        same = pairing.by_occurrence(whole[0].with_columns(marks[0]["o"]), whole[1].with_columns(marks[1]["n"]))
        left = marks[0].join(same, on="o", how="anti"), marks[1].join(same, on="n", how="anti")
        return pl.concat([same, pairing.by_occurrence(*left)])

    def _compare_cells(self) -> None:
        """Look at the columns that are no key, a group at a time; ``differ`` holds the places in ``pairs``."""
        self.differ: dict[int, pl.Series] = {}
        rest = [place for place in range(len(self.shared)) if place not in self.key]
        group = max(1, reading.CELLS_AT_ONCE // max(1, *self.heights))
        for start in range(0, len(rest) if self.by == "key" else 0, group):
            self._compare_group(rest[start : start + group])
        hit = pairing.nowhere(self.pairs.height)
        for places in self.differ.values():
            hit = hit.scatter(places, True)
        self.hit = hit

    def _compare_group(self, places: Sequence[int]) -> None:
        before, after = self._sides(places)
        o, n = self.pairs["o"], self.pairs["n"]
        if pairing.counts_up(o) and pairing.counts_up(n):
            suspects = pairing.upto(o.len())
            before, after = before.head(o.len()), after.head(n.len())
        else:
            # Rows stand elsewhere: their hashes are moved, not their texts.
            marks = pairing.hashes(before)[o], pairing.hashes(after)[n]
            suspects = ((marks[0]["a"] != marks[1]["a"]) | (marks[0]["b"] != marks[1]["b"])).arg_true()
            before, after = before[o.gather(suspects)], after[n.gather(suspects)]
        for place in places:
            found = (before[str(place)] != after[str(place)]).arg_true()
            if found.len():
                self.differ[place] = suspects.gather(found)

    # -- telling -----------------------------------------------------------------------------------------------------

    def answer(self, *, period: str | None, kind: Kind | None, offset: int, limit: int) -> TableDiff:
        """The answer with one page of the listing; what is counted is worked out once."""
        listing = self.listing if kind is None else self.listing.filter(pl.col("kind") == KINDS.index(kind))
        offset, limit = max(offset, 0), min(max(limit, 0), MOST_ROWS)
        told = self._told(period)
        return TableDiff(
            by=self.by,
            key=tuple(self.shared[place].name for place in self.key),
            key_missing=self.key_missing,
            rows_before=self.heights[0],
            rows_after=self.heights[1],
            added=self.come.len(),
            removed=self.gone.len(),
            changed=int(self.hit.sum() or 0),
            cells={self.shared[place].name: found.len() for place, found in sorted(self.differ.items())},
            columns_added=self._only(self.new, {one.new for one in self.shared}),
            columns_removed=self._only(self.old, {one.old for one in self.shared}),
            repeated_before=self.repeated[0],
            repeated_after=self.repeated[1],
            listed=listing.height,
            offset=offset,
            rows=self._rows(listing.slice(offset, limit)),
            **told,
        )

    @staticmethod
    def _only(side: Side, shared: set[int]) -> tuple[str, ...]:
        return tuple(column.name for place, column in enumerate(side.columns) if place not in shared)

    @cached_property
    def listing(self) -> pl.DataFrame:
        """``kind`` (place in :data:`KINDS`), ``o``, ``n`` of every row that differs, in the order of the listing."""
        index = pl.UInt32
        changed = self.pairs.filter(self.hit).select(kind=pl.lit(0, pl.UInt8), o=pl.col("o"), n=pl.col("n"))
        added = pl.DataFrame({"n": self.come}).select(
            kind=pl.lit(1, pl.UInt8), o=pl.lit(None, index), n=pl.col("n").cast(index)
        )
        removed = pl.DataFrame({"o": self.gone}).select(
            kind=pl.lit(2, pl.UInt8), o=pl.col("o").cast(index), n=pl.lit(None, index)
        )
        return pl.concat([pl.concat([changed, added]).sort("n"), removed.sort("o")])

    def _told(self, period: str | None) -> dict[str, Any]:
        if not hasattr(self, "_known"):
            self._known: dict[str | None, dict[str, Any]] = {}
        if period not in self._known:
            self._known[period] = self._work_out(period)
        return self._known[period]

    def _work_out(self, period: str | None) -> dict[str, Any]:
        when = self._place(period) if period else None
        totals: list[sums.Total] = []
        periods: list[sums.Period] = []
        codes: list[sums.Codes] = []
        scales: list[sums.Scale] = []
        for place, one in enumerate(self.shared):
            was, is_now = self.old.columns[one.old], self.new.columns[one.new]
            coded, amount = was.coded or is_now.coded, one.number and was.amount and is_now.amount
            if not (coded or amount):
                continue
            before, after = self._sides([place] if when is None or when == place else [place, when])
            name = str(place)
            if coded:
                codes += sums.codes(one.name, before[name], after[name], MOST_CODES)
            if amount:
                totals += sums.totals(one.name, before[name], after[name])
                scales += sums.scales(one.name, self._changed(place, before[name], after[name]))
                if when is not None and when != place:
                    periods += sums.periods(one.name, *(frame.select(p=str(when), v=name) for frame in (before, after)))
        return {"totals": tuple(totals), "periods": tuple(periods), "codes": tuple(codes), "scales": tuple(scales)}

    def _changed(self, place: int, before: pl.Series, after: pl.Series) -> pl.DataFrame:
        if place not in self.differ:
            return pl.DataFrame({"was": [], "now": []}, schema={"was": pl.String, "now": pl.String})
        pairs = self.pairs[self.differ[place].head(sums.LOOKED_AT)]
        return pl.DataFrame({"was": before.gather(pairs["o"]), "now": after.gather(pairs["n"])})

    def _rows(self, page: pl.DataFrame) -> tuple[Row, ...]:
        before, after = self._old.rows(page["o"]), self._new.rows(page["n"])
        number_before, number_after = self._old.file_rows(page["o"]), self._new.file_rows(page["n"])
        found: list[Row] = []
        triples: list[tuple[int, int | None, int | None]] = page.rows()  # pyright: ignore[reportAssignmentType]
        for kind, o, n in triples:
            was, row_before = (before[o], number_before.get(o)) if o is not None else (None, None)
            is_now, row = (after[n], number_after.get(n)) if n is not None else (None, None)
            found.append(self._row(KINDS[kind], was, is_now, row_before, row))
        return tuple(found)

    def _row(
        self, kind: Kind, was: Sequence[str] | None, is_now: Sequence[str] | None, before: int | None, row: int | None
    ) -> Row:
        cells: list[Cell] = []
        if was is not None and is_now is not None:
            cells = [
                Cell(self.shared[place].name, was[self.shared[place].old], is_now[self.shared[place].new])
                for place in sorted(self.differ)
                if self._cell_differs(place, was[self.shared[place].old], is_now[self.shared[place].new])
            ]
        if is_now is not None:
            key = tuple(is_now[self.shared[place].new] for place in self.key)
            values = {column.name: cell for column, cell in zip(self.new.columns, is_now, strict=True)}
        else:
            assert was is not None
            key = tuple(was[self.shared[place].old] for place in self.key)
            values = {column.name: cell for column, cell in zip(self.old.columns, was, strict=True)}
        return Row(kind, row, before, key, values, tuple(cells))

    def _cell_differs(self, place: int, was: str, is_now: str) -> bool:
        if was == is_now:
            return False
        return not self.shared[place].number or sums.plain_number(was) != sums.plain_number(is_now)


def _shared(old: Side, new: Side, renamed: Mapping[str, str]) -> list[_Shared]:
    before = {same_name(now): was for now, was in renamed.items()}
    found: list[_Shared] = []
    taken: set[int] = set()
    for place, column in enumerate(new.columns):
        there = old.find(before.get(same_name(column.name), column.name))
        if there is None or there in taken:
            continue
        taken.add(there)
        both = column.type in NUMBERS and old.columns[there].type in NUMBERS
        found.append(_Shared(there, place, column.name, both))
    return found

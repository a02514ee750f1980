"""Read columns and rows of judged tables as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ckanext.satudata.core.compare.told import Side, TableError
from ckanext.satudata.core.qa.lazy import pl

# Of one table; beyond it a table is read a few columns at a time.
CELLS_AT_ONCE = 12_000_000


@dataclass
class Reader:
    """Reads columns of a CSV as text; keeps the whole table when it is small enough."""

    side: Side
    _kept: pl.DataFrame | None = field(default=None, init=False)
    _height: int | None = field(default=None, init=False)
    _numbers: pl.Series | None = field(default=None, init=False)

    def read(self, places: Sequence[int]) -> pl.DataFrame:
        names = [str(place) for place in places]
        if self._kept is not None:
            return self._kept.select(names)
        if self._is_small():
            self._kept = self._scan().collect(engine="streaming")
            return self._kept.select(names)
        return self._scan().select(names).collect(engine="streaming")

    def rows(self, wanted: pl.Series) -> dict[int, tuple[str, ...]]:
        """Whole rows by position."""
        places = wanted.drop_nulls()
        if places.is_empty():
            return {}
        if self._kept is not None:
            found = self._kept[places]
        else:
            chosen = pl.col("place").is_in(places.implode())
            scan = self._scan().with_row_index("place").filter(chosen)
            found = scan.collect(engine="streaming").join(pl.DataFrame({"place": places.cast(pl.UInt32)}), on="place")
            return {row[0]: row[1:] for row in found.iter_rows()}
        return dict(zip(places.to_list(), found.iter_rows(), strict=True))

    def file_rows(self, wanted: pl.Series) -> dict[int, int]:
        """Position → row of the file; nothing where that is not known."""
        places = wanted.drop_nulls()
        if self.side.places is None or places.is_empty():
            return {}
        if self._numbers is None:
            schema = {str(place): pl.String for place in range(len(self.side.columns) + 1)}
            scan = pl.scan_csv(self.side.places, has_header=False, schema=schema, glob=False)
            self._numbers = scan.select(pl.col("0").cast(pl.Int64)).collect(engine="streaming")["0"]
        if self._numbers.len() <= max(places.to_list()):
            raise TableError(f"{self.side.places.name} has {self._numbers.len()} rows only")
        return dict(zip(places.to_list(), self._numbers.gather(places).to_list(), strict=True))

    def _scan(self) -> pl.LazyFrame:
        # Without the header: its names may be there twice, or hold line breaks.
        schema = {str(place): pl.String for place in range(len(self.side.columns))}
        scan = pl.scan_csv(self.side.rows, has_header=False, schema=schema, empty_string_is_null=False, glob=False)
        return scan.slice(1)

    def _is_small(self) -> bool:
        if self._height is None:
            self._height = self._scan().select(pl.len()).collect(engine="streaming").item()
        assert self._height is not None
        return self._height * len(self.side.columns) <= CELLS_AT_ONCE

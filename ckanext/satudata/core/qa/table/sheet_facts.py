"""What a spreadsheet's program shows of a table, hides or merges, beside its cells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MergedData:
    """A merged cell among the data: its column's position, its rows, its text, and whether the text was repeated."""

    position: int
    first: int
    last: int
    text: str
    repeated: bool


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """Facts about one table of a sheet. Rows are physical, positions of columns count from 1 as on the sheet.

    ``seen``: whether hidden rows and zeros by format can be seen in this kind of file; without it both are unknown.
    """

    sheet: str
    area: str  # header and data, as A5:F30
    tables: int  # on this sheet
    seen: bool
    hidden_rows: tuple[tuple[int, int], ...] = ()  # ranges, within the data
    hidden_columns: tuple[int, ...] = ()  # positions
    without_result: tuple[tuple[int, int], ...] = ()  # (row, position) of formulas that were never worked out
    codes: tuple[tuple[int, str, int], ...] = ()  # (position, format, first row) where only a format shows zeros
    merged_data: tuple[MergedData, ...] = ()

"""Several tables on one sheet: side by side (parted by empty columns) or below each other (parted by lines that are no
data, then a header of their own).

A sheet is only taken apart where each part is a table by itself. Blank rows, group names and a spacer column inside
one table do not part it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ckanext.satudata.core.qa.table.area import Row, find_head, is_figure, is_note, looks_like_data

# The first header cells that name rows: a part that begins with one stands for itself.
_ROW_NAMES = re.compile(
    r"(?:no|nomor|no\s*urut|kode|kd|nama|tahun|bulan|periode|wilayah|provinsi|kabupaten|kab(?:upaten)?\s*/?\s*kota"
    r"|kecamatan|kelurahan|desa|uraian|jenis|kategori|indikator|opd)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_CONTINUED = re.compile(r"lanjutan|continued|sambungan", re.IGNORECASE)
_HEAD = 60  # rows looked at for a part's header
_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Region:
    """Part of a sheet: indices of rows and columns, the ends not included."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def size(self) -> tuple[int, int]:
        return self.bottom - self.top, self.right - self.left


@dataclass(frozen=True)
class Split:
    """The tables of a sheet, parts that stand beside them and are none, and rows that repeat a header (and the title
    above it).
    """

    tables: tuple[Region, ...]
    beside: tuple[Region, ...] = ()
    repeated: tuple[int, ...] = ()


class Cells:
    """The cells of a sheet, looked at row by row. ``counts``: filled cells of each row."""

    def __init__(self, rows: Sequence[Sequence[str]], counts: Sequence[int] | None = None) -> None:
        self._rows = rows
        self.width = len(rows[0]) if rows else 0
        self.counts = counts if counts is not None else [sum(1 for cell in row if cell.strip()) for row in rows]

    def row(self, index: int, region: Region, *, strip: bool = True) -> list[str]:
        row = self._rows[index][region.left : region.right]
        return [cell.strip() for cell in row] if strip else list(row)

    def rows(self, region: Region, limit: int) -> list[Row]:
        """The first rows of a region that hold anything, numbered by their index."""
        bottom = min(region.bottom, region.top + limit)
        numbered = ((index, self.row(index, region)) for index in range(region.top, bottom))
        return [(index, row) for index, row in numbered if any(row)]

    def cell(self, index: int, column: int) -> str:
        return self._rows[index][column].strip()

    def filled(self, index: int, region: Region) -> int:
        count = self.counts[index]
        if not count or (region.left == 0 and region.right == self.width):
            return count
        return sum(1 for cell in self._rows[index][region.left : region.right] if cell.strip())

    def columns(self, region: Region) -> list[bool]:
        """Which columns of a region hold anything."""
        left = set(range(region.left, region.right))
        for index in range(region.top, region.bottom):
            if self.counts[index]:
                row = self._rows[index]
                left -= {column for column in left if row[column].strip()}
                if not left:
                    break
        return [column not in left for column in range(region.left, region.right)]

    def trimmed(self, region: Region) -> Region | None:
        """The smallest region that holds the same; ``None`` if there is nothing."""
        rows = [index for index in range(region.top, region.bottom) if self.filled(index, region)]
        if not rows:
            return None
        used = [column for column, is_used in enumerate(self.columns(region)) if is_used]
        return Region(rows[0], rows[-1] + 1, region.left + used[0], region.left + used[-1] + 1)


def split(cells: Cells, whole: Region) -> Split:
    """Take a sheet apart into its tables."""
    return _split(cells, whole, _DEPTH)


def _split(cells: Cells, region: Region, depth: int) -> Split:
    trimmed = cells.trimmed(region)
    if trimmed is None:
        return Split(())
    if depth == 0:
        return Split((trimmed,))
    parts, beside = _side_by_side(cells, trimmed)
    if len(parts) > 1:
        return _joined([_split(cells, part, depth - 1) for part in parts], beside)
    only = parts[0]
    stacked, repeated = _stacked(cells, only)
    if len(stacked) > 1:
        return _joined([_split(cells, part, depth - 1) for part in stacked], beside, repeated)
    return Split((only,), tuple(beside), tuple(repeated))


def _joined(splits: Sequence[Split], beside: Sequence[Region], repeated: Sequence[int] = ()) -> Split:
    return Split(
        tuple(table for part in splits for table in part.tables),
        (*beside, *(region for part in splits for region in part.beside)),
        (*repeated, *(row for part in splits for row in part.repeated)),
    )


@dataclass(frozen=True)
class _Part:
    region: Region
    header: int | None  # row of its last header line
    names: frozenset[str]
    first: str  # the first column's name
    height: int


def _side_by_side(cells: Cells, region: Region) -> tuple[list[Region], list[Region]]:
    """Parts between empty columns that are tables of their own, and those that are no table at all."""
    runs = _runs(cells.columns(region))
    if len(runs) < 2 or len(runs) > 50:
        return [region], []
    parts = [_part(cells, replace(region, left=region.left + first, right=region.left + end)) for first, end in runs]
    groups: list[_Part] = [parts[0]]
    beside: list[Region] = []
    for part in parts[1:]:
        if _stands_alone(groups[-1], part):
            groups.append(part)
        elif _is_remark(cells, groups[-1], part):
            beside.append(cells.trimmed(part.region) or part.region)
        else:
            groups[-1] = _part(cells, replace(groups[-1].region, right=part.region.right))
    return [group.region for group in groups], beside


def _runs(used: Sequence[bool]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for index, is_used in enumerate(used):
        if is_used and runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        elif is_used:
            runs.append((index, index + 1))
    return runs


def _part(cells: Cells, region: Region) -> _Part:
    rows = cells.rows(region, _HEAD)
    head = find_head(rows)
    names = [" ".join(level[-1].split()).casefold() for level in head.levels if level]
    data = [index for index in range(region.top, region.bottom) if cells.filled(index, region) > 1]
    return _Part(
        region,
        head.header_rows[1] if head.header_rows is not None and head.data_from < len(rows) else None,
        frozenset(name for name in names if name),
        names[0] if names else "",
        len(data) - 1,
    )


def _stands_alone(left: _Part, right: _Part) -> bool:
    if right.header is None or left.header is None or right.height < 2 or left.height < 2:
        return False
    if len(right.names) < 2 or len(left.names) < 2:
        return False
    if left.names & right.names:
        return True
    return _ROW_NAMES.match(right.first) is not None and (
        right.header != left.header or abs(right.height - left.height) > 1
    )


def _is_remark(cells: Cells, table: _Part, part: _Part) -> bool:
    """Words beside a table: nothing stands in the line of its header, and no row of the part is a row of figures."""
    if table.header is None:
        return False
    if cells.filled(table.header, part.region):
        return False
    return not any(
        looks_like_data(cells.row(index, part.region))
        for index in range(max(table.header, part.region.top), part.region.bottom)
        if cells.filled(index, part.region)
    )


def _stacked(cells: Cells, region: Region) -> tuple[list[Region], list[int]]:
    """Parts below each other, each from its titles on, and rows that only repeat the header of their table."""
    tops: list[int] = [region.top]
    repeated: list[int] = []
    header: _Header | None = _header(cells, region)
    while header is not None and (found := _next_header(cells, region, header)) is not None:
        title = _titles_above(cells, region, found)
        if cells.row(found, region) == header.names and (title is None or _is_continued(cells, region, title, found)):
            first = found if title is None else title
            repeated += [row for row in range(first, found + 1) if cells.filled(row, region)]
            header = replace(header, row=found)
            continue
        tops.append(title if title is not None else found)
        header = _header(cells, replace(region, top=tops[-1]))
    ends = [*tops[1:], region.bottom]
    return [replace(region, top=top, bottom=end) for top, end in zip(tops, ends, strict=True)], repeated


@dataclass(frozen=True)
class _Header:
    """Last header line of a part, its cells, and the columns below it that hold figures."""

    row: int
    names: list[str]
    figures: frozenset[int]

    def candidates(self, cells: Cells, region: Region) -> Iterator[int]:
        """Rows below that may be a header: behind a line of one cell or none, or beginning as this header does."""
        name = self.names[0]
        before = 2
        for index in range(self.row + 1, region.bottom):
            count = cells.filled(index, region)
            if count > 1 and (before < 2 or (name and cells.cell(index, region.left) == name)):
                yield index
            before = count


def _next_header(cells: Cells, region: Region, header: _Header) -> int | None:
    return next((row for row in header.candidates(cells, region) if _begins(cells, region, row, header)), None)


def _begins(cells: Cells, region: Region, index: int, header: _Header) -> bool:
    if cells.row(index, region) == header.names:
        return True
    return cells.filled(index - 1, region) < 2 and _is_header(cells, region, index, header)


def _header(cells: Cells, region: Region) -> _Header | None:
    rows = cells.rows(region, _HEAD)
    head = find_head(rows)
    if head.header_rows is None:
        return None
    last = head.header_rows[1]
    data = [row for _, row in rows[head.data_from :] if looks_like_data(row)]
    figures = [
        column
        for column in range(region.right - region.left)
        if 2 * sum(1 for row in data if is_figure(row[column])) > sum(1 for row in data if row[column])
    ]
    return _Header(last, cells.row(last, region), frozenset(figures))


def _is_header(cells: Cells, region: Region, index: int, above: _Header) -> bool:
    """Words behind a blank line or a title where the table above has figures, and figures below: another header."""
    names = cells.row(index, region)
    if not above.figures or looks_like_data(names) or is_note(names):
        return False
    words = [names[column] for column in sorted(above.figures) if names[column]]
    if not words or _are_values(words):
        return False
    # A group's name and number are few words; a title of its own behind a blank line makes few words a header.
    title = _titles_above(cells, region, index)
    titled = title is not None and not cells.filled(title - 1, region)
    if 2 * len(words) < len(above.figures) and not titled:
        return False
    following = (cells.row(below, region) for below in range(index + 1, min(index + 6, region.bottom)))
    return any(looks_like_data(row) for row in following)


def _are_values(words: Sequence[str]) -> bool:
    """Figures that look like years; a header counts them up."""
    if not all(word.isdigit() for word in words):
        return False
    years = [int(word) for word in words]
    return len(years) < 2 or any(after - year != 1 for year, after in pairwise(years))


def _titles_above(cells: Cells, region: Region, header: int) -> int | None:
    """The first of the title lines that belong to the header at ``header``; ``None`` if there is none."""
    index = header
    while index - 1 > region.top and not cells.filled(index - 1, region):
        index -= 1
    first = index
    while first - 1 > region.top and cells.filled(first - 1, region) == 1 and not is_note(cells.row(first - 1, region)):
        first -= 1
    return first if first < index else None


def _is_continued(cells: Cells, region: Region, title: int, header: int) -> bool:
    return any(_CONTINUED.search(" ".join(cells.row(index, region))) for index in range(title, header))

"""Two tables row by row."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata.core.compare import reading
from ckanext.satudata.core.compare import tables as compared
from ckanext.satudata.core.compare.tables import Cell, Column, Side, TableDiff, TableError, distinct, tables
from tests.core.examples import examples

HEADER = (Column("Kecamatan", coded=True), Column("Tahun", "integer"), Column("Jumlah", "integer", amount=True))
KEY = ("Kecamatan", "Tahun")
OLD = [["Arjasari", "2022", "17"], ["Banjaran", "2022", "438"], ["Arjasari", "2023", "20"]]

Write = Callable[..., Side]


def _side(
    folder: Path, name: str, rows: Sequence[Sequence[str]], columns: Sequence[Column] = HEADER, first: int | None = None
) -> Side:
    """The judged rows as the check writes them; ``first``: the row of the file the table starts at."""
    import polars as pl

    names = [str(place) for place in range(len(columns))]
    frame = pl.DataFrame([list(row) for row in rows], schema=dict.fromkeys(names, pl.String), orient="row")
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow([column.name for column in columns])
    with path.open("ab") as file:
        frame.write_csv(file, include_header=False)
    places = None
    if first is not None:
        places = folder / f"{name}-cells.csv"
        frame.with_row_index("row", first).write_csv(places, include_header=False)
    return Side(path, tuple(columns), places)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    names = iter("abcdef")

    def written(rows: Sequence[Sequence[str]], columns: Sequence[Column] = HEADER, first: int | None = None) -> Side:
        return _side(tmp_path, next(names), rows, columns, first)

    return written


# -- what holds for all tables -----------------------------------------------------------------------------------------

CELL = st.sampled_from(["", "a", "b", "1", "2", "01", "1.50", "1.5", 'x"y', "x,y", "x\ny"])
ROWS = st.lists(st.tuples(CELL, CELL, CELL).map(list), max_size=12)
ANY = (Column("k"), Column("l"), Column("v"))
KEYS = st.sampled_from([(), ("k",), ("k", "l"), ("k", "l", "v")])


def _told(old: list[list[str]], new: list[list[str]], key: Sequence[str], columns: Sequence[Column] = ANY) -> TableDiff:
    with TemporaryDirectory() as folder:
        sides = [_side(Path(folder), name, rows, columns, 2) for name, rows in (("old", old), ("new", new))]
        return tables(sides[0], sides[1], key, limit=compared.MOST_ROWS)


def _applied(old: list[list[str]], diff: TableDiff) -> Counter[tuple[str, ...]]:
    """The old rows with the listing carried out."""
    found = Counter(tuple(row) for row in old)
    names = [column.name for column in ANY]
    for row in diff.rows:
        values = tuple(row.values[name] for name in names)
        if row.kind == "removed":
            assert old[(row.row_before or 0) - 2] == list(values)
            found[values] -= 1
        elif row.kind == "added":
            found[values] += 1
        else:
            before = dict(zip(names, old[(row.row_before or 0) - 2], strict=True))
            found[tuple(before.values())] -= 1
            for cell in row.cells:
                assert before[cell.column] == cell.before
                before[cell.column] = cell.after
            found[tuple(before.values())] += 1
    return +found


@settings(deadline=None, max_examples=examples(30))
@given(ROWS, ROWS, KEYS)
def test_the_listing_carried_out_on_the_old_rows_gives_the_new(
    old: list[list[str]], new: list[list[str]], key: Sequence[str]
) -> None:
    assert _applied(old, _told(old, new, key)) == Counter(map(tuple, new))


@settings(deadline=None, max_examples=examples(30))
@given(ROWS, KEYS)
def test_a_table_does_not_differ_from_itself(rows: list[list[str]], key: Sequence[str]) -> None:
    diff = _told(rows, rows, key)
    assert diff.is_empty
    assert (diff.rows, diff.listed, diff.same, dict(diff.cells)) == ((), 0, len(rows), {})


@settings(deadline=None, max_examples=examples(30))
@given(ROWS, ROWS, KEYS)
def test_swapped_sides_swap_added_and_removed(old: list[list[str]], new: list[list[str]], key: Sequence[str]) -> None:
    there, back = _told(old, new, key), _told(new, old, key)
    assert (there.added, there.removed, there.changed) == (back.removed, back.added, back.changed)
    assert (there.same, there.cells) == (back.same, back.cells)
    cells = Counter(cell for row in there.rows for cell in row.cells)
    assert cells == Counter(Cell(c.column, c.after, c.before) for row in back.rows for c in row.cells)


@settings(deadline=None, max_examples=examples(30))
@given(ROWS, ROWS, KEYS)
def test_every_row_is_counted_once(old: list[list[str]], new: list[list[str]], key: Sequence[str]) -> None:
    diff = _told(old, new, key)
    assert diff.rows_before == len(old) == diff.same + diff.changed + diff.removed
    assert diff.rows_after == len(new) == diff.same + diff.changed + diff.added
    assert diff.listed == diff.changed + diff.added + diff.removed == len(diff.rows)


@settings(deadline=None, max_examples=examples(30))
@given(ROWS, ROWS, KEYS)
def test_a_table_that_does_not_fit_into_memory_at_once_gives_the_same_answer(
    old: list[list[str]], new: list[list[str]], key: Sequence[str]
) -> None:
    whole = _told(old, new, key)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "CELLS_AT_ONCE", 1)
        assert _told(old, new, key) == whole


NUMBERS = st.decimals(-1000, 1000, places=2, allow_nan=False).map(str) | st.just("") | st.integers(-99, 99).map(str)


@settings(deadline=None, max_examples=examples(30))
@given(st.lists(NUMBERS, max_size=8), st.lists(NUMBERS, max_size=8))
def test_totals_are_exact(old: list[str], new: list[str]) -> None:
    columns = (Column("nama"), Column("Luas", "number", amount=True))
    sides = [[[str(place), value] for place, value in enumerate(values)] for values in (old, new)]
    (total,) = _told(sides[0], sides[1], ["nama"], columns).totals
    before, after = (sum((Decimal(value) for value in values if value), Decimal(0)) for values in (old, new))
    assert (Decimal(total.before or ""), Decimal(total.after or "")) == (before, after)
    assert Decimal(total.difference or "") == after - before
    assert (total.filled_before, total.filled_after) == tuple(sum(map(bool, values)) for values in (old, new))


# -- rows --------------------------------------------------------------------------------------------------------------


def test_a_changed_cell_is_told_with_its_key_and_its_row_in_both_files(write: Write) -> None:
    new = [*OLD[:1], ["Banjaran", "2022", "483"], *OLD[2:]]
    diff = tables(write(OLD, first=2), write(new, first=5), KEY)
    (row,) = diff.rows
    assert (row.kind, row.row, row.row_before, row.key) == ("changed", 6, 3, ("Banjaran", "2022"))
    assert row.cells == (Cell("Jumlah", "438", "483"),)
    assert dict(diff.cells) == {"Jumlah": 1}


def test_a_row_that_came_is_told_whole(write: Write) -> None:
    diff = tables(write(OLD), write([*OLD, ["Cimaung", "2023", "5"]]), KEY)
    assert (diff.added, diff.removed, diff.changed) == (1, 0, 0)
    assert dict(diff.rows[0].values) == {"Kecamatan": "Cimaung", "Tahun": "2023", "Jumlah": "5"}


def test_a_row_that_went_is_told_with_its_row_in_the_old_file(write: Write) -> None:
    diff = tables(write(OLD, first=2), write(OLD[1:], first=2), KEY)
    assert [(row.kind, row.row, row.row_before) for row in diff.rows] == [("removed", None, 2)]


def test_rows_in_another_order_do_not_differ(write: Write) -> None:
    assert tables(write(OLD), write(OLD[::-1]), KEY).is_empty


def test_the_listing_follows_the_new_file_and_ends_with_what_went(write: Write) -> None:
    old = [["a", "1", "1"], ["b", "1", "1"], ["c", "1", "1"]]
    new = [["d", "1", "1"], ["c", "1", "2"], ["e", "1", "1"]]
    diff = tables(write(old), write(new), KEY)
    assert [(row.kind, row.key[0]) for row in diff.rows] == [
        ("added", "d"),
        ("changed", "c"),
        ("added", "e"),
        ("removed", "a"),
        ("removed", "b"),
    ]


def test_a_page_of_the_listing_does_not_change_the_counts(write: Write) -> None:
    new = [[name, "2023", "1"] for name in "abcdefgh"]
    diff = tables(write(OLD), write(new), KEY, offset=3, limit=2)
    assert (diff.added, diff.removed, diff.listed, diff.offset) == (8, 3, 11, 3)
    assert [row.key[0] for row in diff.rows] == ["d", "e"]


def test_the_listing_of_one_kind_has_only_that(write: Write) -> None:
    diff = tables(write(OLD), write([["x", "2022", "1"]]), KEY, kind="removed", limit=2)
    assert (diff.listed, [row.kind for row in diff.rows]) == (3, ["removed", "removed"])


def test_a_page_is_never_longer_than_its_bound(write: Write) -> None:
    new = [[str(number), "2023", "1"] for number in range(compared.MOST_ROWS + 5)]
    assert len(tables(write([]), write(new), KEY, limit=10**9).rows) == compared.MOST_ROWS


def test_numbers_are_compared_as_numbers(write: Write) -> None:
    columns = (Column("nama"), Column("Luas", "number", amount=True))
    old = [["a", "63.40"], ["b", "007"], ["c", "-0.0"]]
    assert tables(write(old, columns), write([["a", "63.4"], ["b", "7"], ["c", "0"]], columns), ["nama"]).is_empty


def test_texts_of_digits_are_compared_as_texts(write: Write) -> None:
    columns = (Column("nama"), Column("kode"))
    diff = tables(write([["a", "32.10"]], columns), write([["a", "32.1"]], columns), ["nama"])
    assert diff.rows[0].cells == (Cell("kode", "32.10", "32.1"),)


def test_a_number_in_the_key_names_the_same_row_however_it_is_spelled(write: Write) -> None:
    columns = (Column("id", "number"), Column("v"))
    assert tables(write([["1.0", "a"]], columns), write([["1", "a"]], columns), ["id"]).is_empty


# -- keys --------------------------------------------------------------------------------------------------------------


def test_without_a_key_a_changed_row_is_one_that_went_and_one_that_came(write: Write) -> None:
    diff = tables(write(OLD), write([*OLD[:2], ["Arjasari", "2023", "21"]]))
    assert (diff.by, diff.added, diff.removed, diff.changed) == ("row", 1, 1, 0)


def test_without_a_key_equal_rows_are_counted(write: Write) -> None:
    same = [["a", "1", "1"]]
    diff = tables(write(same * 3), write(same * 5))
    assert (diff.added, diff.removed) == (2, 0)


def test_a_key_column_that_one_side_lacks_is_told_and_whole_rows_are_compared(write: Write) -> None:
    diff = tables(write([["a", "1"]], HEADER[:2]), write([["a", "1", "5"]]), ("Kecamatan", "Jumlah"))
    assert (diff.by, diff.key, diff.key_missing) == ("row", (), ("Jumlah",))
    assert (diff.added, diff.removed) == (0, 0)


def test_repeated_keys_are_told_on_both_sides(write: Write) -> None:
    twice = [*OLD, ["Arjasari", "2022", "99"]]
    diff = tables(write(OLD), write(twice), KEY)
    assert (diff.repeated_before.rows, diff.repeated_after.rows) == (0, 2)
    assert diff.repeated_after.keys == (("Arjasari", "2022"),)
    assert (diff.added, diff.changed) == (1, 0)


def test_of_rows_with_the_same_key_the_equal_ones_belong_together(write: Write) -> None:
    old = [["a", "1", "1"], ["a", "1", "2"]]
    diff = tables(write(old), write([["a", "1", "2"], ["a", "1", "3"]]), KEY)
    assert [row.cells for row in diff.rows] == [(Cell("Jumlah", "1", "3"),)]


# -- columns -----------------------------------------------------------------------------------------------------------


def test_columns_that_came_and_went_are_told_and_do_not_change_every_row(write: Write) -> None:
    columns = (*HEADER[:2], Column("Luas", "number"))
    diff = tables(write(OLD), write([[*row[:2], "1"] for row in OLD], columns), KEY)
    assert (diff.columns_added, diff.columns_removed, diff.changed) == (("Luas",), ("Jumlah",), 0)


def test_a_renamed_column_is_compared_with_what_it_was(write: Write) -> None:
    columns = (*HEADER[:2], Column("Total", "integer"))
    new = [*OLD[:2], ["Arjasari", "2023", "21"]]
    diff = tables(write(OLD), write(new, columns), KEY, renamed={"Total": "Jumlah"})
    assert diff.rows[0].cells == (Cell("Total", "20", "21"),)
    assert (diff.columns_added, diff.columns_removed) == ((), ())


def test_names_of_columns_are_the_same_whatever_their_case_and_blanks(write: Write) -> None:
    columns = (Column("KECAMATAN"), Column("tahun ", "integer"), Column("jum_lah", "integer"))
    assert tables(write(OLD), write(OLD, columns), KEY).is_empty


def test_a_header_with_a_line_break_is_read(write: Write) -> None:
    columns = (Column("nama\nlengkap"), *HEADER[1:])
    diff = tables(write(OLD, columns), write(OLD, columns), ["nama\nlengkap"])
    assert (diff.rows_before, diff.rows_after, diff.repeated_after.rows) == (3, 3, 2)
    assert diff.is_empty


def test_columns_with_one_name_get_names_of_their_own() -> None:
    assert distinct(["Jumlah", "jumlah", "Tahun", "Jumlah (2)"]) == ["Jumlah", "jumlah (2)", "Tahun", "Jumlah (2) (2)"]


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError):
        Side(tmp_path / "rows.csv", (Column("Jumlah"), Column("jumlah")))


# -- figures -----------------------------------------------------------------------------------------------------------


def test_totals_are_told_for_amounts_only(write: Write) -> None:
    (total,) = tables(write(OLD), write(OLD[:2]), KEY).totals
    assert (total.column, total.before, total.after, total.difference) == ("Jumlah", "475", "455", "-20")


def test_totals_are_told_by_period(write: Write) -> None:
    new = [*OLD, ["Cimaung", "2024", "7"]]
    diff = tables(write(OLD), write(new), KEY, period="Tahun")
    assert [(one.period, one.before, one.after, one.difference) for one in diff.periods] == [
        ("2022", "455", "455", "0"),
        ("2023", "20", "20", "0"),
        ("2024", None, "7", None),
    ]


def test_a_total_that_would_lose_a_digit_is_not_told(write: Write) -> None:
    columns = (Column("nama"), Column("Luas", "number", amount=True))
    side = [["a", "9" * 30 + "." + "9" * 12]]
    (total,) = tables(write(side, columns), write(side, columns), ["nama"]).totals
    assert (total.before, total.after, total.filled_after) == (None, None, 1)


def test_a_sum_beyond_64_bits_is_exact(write: Write) -> None:
    big = "9" * 18
    rows = [[str(number), "2022", big] for number in range(20)]
    (total,) = tables(write(rows), write(rows), KEY).totals
    assert total.after == str(20 * int(big))


def test_codes_that_came_and_went_are_told(write: Write) -> None:
    (codes,) = tables(write(OLD), write([*OLD[:1], ["Cimaung", "2022", "438"]]), KEY).codes
    assert (codes.column, codes.added, codes.removed) == ("Kecamatan", ("Cimaung",), ("Banjaran",))
    assert (codes.added_count, codes.removed_count) == (1, 1)


def test_numbers_that_were_all_multiplied_by_one_factor_are_told(write: Write) -> None:
    old = [[str(number), "2022", str(number)] for number in range(1, 21)]
    (scale,) = tables(write(old), write([[*row[:2], f"{row[2]}000"] for row in old]), KEY).scales
    assert (scale.column, scale.factor, scale.cells, scale.of) == ("Jumlah", 1000.0, 20, 20)


def test_numbers_that_changed_each_in_its_way_have_no_factor(write: Write) -> None:
    old = [[str(number), "2022", str(number)] for number in range(1, 21)]
    new = [[*row[:2], str(int(row[2]) ** 2 + 1)] for row in old]
    assert tables(write(old), write(new), KEY).scales == ()


def test_an_empty_table_is_a_table(write: Write) -> None:
    diff = tables(write([]), write(OLD), KEY)
    assert (diff.rows_before, diff.added) == (0, 3)
    assert tables(write([]), write([]), KEY).is_empty


def test_the_answer_is_plain_data(write: Write) -> None:
    import json

    answer: dict[str, Any] = tables(write(OLD, first=2), write(OLD[1:], first=2), KEY, period="Tahun").to_dict()
    assert json.loads(json.dumps(answer)) == answer

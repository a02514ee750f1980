"""Two data dictionaries."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.core.compare.columns import ColumnsDiff, columns

COLUMNS = st.lists(
    st.fixed_dictionaries(
        {"kolom": st.sampled_from(["Jumlah", "jumlah", "Jumlah Rumah", "Tahun", "thn", "Kecamatan"])},
        optional={
            "tipe": st.sampled_from(["text", "integer"]),
            "label": st.sampled_from(["", "Jumlah rumah"]),
            "satuan": st.sampled_from(["", "Unit", "Orang"]),
        },
    ),
    unique_by=lambda column: column["kolom"],
    max_size=5,
)


@given(COLUMNS, COLUMNS)
def test_the_changes_made_to_the_old_names_give_the_new_ones(
    old: list[dict[str, Any]], new: list[dict[str, Any]]
) -> None:
    found = columns(old, new)
    called = {pair.before: pair.after for pair in found.renamed}
    names = {called.get(column["kolom"], column["kolom"]) for column in old if column["kolom"] not in found.removed}
    assert names | set(found.added) == {column["kolom"] for column in new}


@given(COLUMNS)
def test_a_dictionary_does_not_differ_from_itself(one: list[dict[str, Any]]) -> None:
    assert columns(one, one) == ColumnsDiff()


@given(COLUMNS, COLUMNS)
def test_swapped_sides_swap_added_and_removed(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
    there, back = columns(old, new), columns(new, old)
    assert set(there.added) == set(back.removed)
    assert {(pair.before, pair.after, pair.why) for pair in there.renamed} == {
        (pair.after, pair.before, pair.why) for pair in back.renamed
    }
    assert len(there.changed) == len(back.changed)


def _one(name: str, **values: Any) -> dict[str, Any]:
    return {"kolom": name, **values}


def test_another_unit_is_told() -> None:
    found = columns([_one("Luas", satuan="ha")], [_one("Luas", satuan="m2")])
    assert [(column.name, [(c.name, c.before, c.after) for c in column.changes]) for column in found.changed] == [
        ("Luas", [("satuan", "ha", "m2")])
    ]


def test_another_type_list_edition_or_key_is_told_before_label_and_definition() -> None:
    before = _one("Kode", tipe="integer", definisi="Lama", edisi="2023")
    after = _one("Kode", tipe="text", definisi="Baru", edisi="2025", daftar="wilayah", kunci="ya")
    (column,) = columns([before], [after]).changed
    assert [change.name for change in column.changes] == ["tipe", "daftar", "edisi", "kunci", "definisi"]


def test_a_closed_list_tells_its_items() -> None:
    (column,) = columns([_one("Status", nilai="Baik|Rusak")], [_one("Status", nilai=["Baik", "Rusak berat"])]).changed
    assert (column.changes[0].removed, column.changes[0].added) == (("Rusak",), ("Rusak berat",))


def test_other_case_and_blanks_are_another_name_of_the_same_column() -> None:
    (pair,) = columns([_one("jumlah_rumah")], [_one("Jumlah Rumah", tipe="integer")]).renamed
    assert (pair.before, pair.after, pair.why) == ("jumlah_rumah", "Jumlah Rumah", "name")


def test_the_same_label_under_another_name_is_the_same_column() -> None:
    (pair,) = columns([_one("x1", label="Jumlah rumah")], [_one("total", label="jumlah rumah")]).renamed
    assert pair.why == "label"


def test_a_name_like_it_with_another_type_is_another_column() -> None:
    found = columns([_one("Jumlah rumah", tipe="text")], [_one("Jumlah rumah layak", tipe="integer")])
    assert (found.removed, found.added, found.renamed) == (("Jumlah rumah",), ("Jumlah rumah layak",), ())


def test_a_column_is_taken_for_one_other_only() -> None:
    found = columns([_one("Jumlah")], [_one("jumlah"), _one("Jumlah rumah")])
    assert [(pair.before, pair.after) for pair in found.renamed] == [("Jumlah", "jumlah")]
    assert found.added == ("Jumlah rumah",)


def test_another_order_is_told_and_is_no_change_of_a_column() -> None:
    found = columns([_one("a"), _one("b")], [_one("b"), _one("a")])
    assert (found.moved, found.count, found.is_empty) == (True, 0, False)


def test_yes_is_yes_however_it_was_stored() -> None:
    assert columns([_one("a", kunci="ya", wajib=None)], [_one("a", kunci=True, wajib=False)]).is_empty

"""The files of two versions."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.core.compare.resources import ResourcesDiff, resources

FILES = st.lists(
    st.fixed_dictionaries(
        {"id": st.sampled_from("abcd"), "name": st.sampled_from(["Rumah", "Desa"]), "sha256": st.sampled_from("12")}
    ),
    unique_by=lambda file: file["id"],
)


@given(FILES, FILES)
def test_the_changes_made_to_the_old_files_give_the_new_ones(
    old: list[dict[str, Any]], new: list[dict[str, Any]]
) -> None:
    found = resources(old, new)
    gone = {one.id for one in found.removed}
    assert {one["id"] for one in old} - gone | {one.id for one in found.added} == {one["id"] for one in new}
    assert found.same + len(found.changed) + len(found.added) == len(new)


@given(FILES)
def test_files_do_not_differ_from_themselves(one: list[dict[str, Any]]) -> None:
    assert resources(one, one) == ResourcesDiff(same=len(one))


@given(FILES, FILES)
def test_swapped_sides_swap_added_and_removed(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
    there, back = resources(old, new), resources(new, old)
    assert {one.id for one in there.added} == {one.id for one in back.removed}
    assert {one.id for one in there.changed} == {one.id for one in back.changed}
    assert there.moved == back.moved


def test_a_file_of_the_copy_is_found_by_its_partner() -> None:
    found = resources([{"id": "publik", "sha256": "1"}], [{"id": "salinan", "sha256": "1"}], {"salinan": "publik"})
    assert found == ResourcesDiff(same=1)


def test_new_bytes_are_told_with_their_sizes() -> None:
    (change,) = resources([{"id": "a", "sha256": "1", "size": 3}], [{"id": "a", "sha256": "2", "size": 5}]).changed
    assert (change.content, change.size_before, change.size_after, change.fields) == (True, 3, 5, ())


def test_a_changed_unit_is_told_with_the_file() -> None:
    (change,) = resources(
        [{"id": "a", "kamus_data": [{"kolom": "Luas", "satuan": "ha"}]}],
        [{"id": "a", "kamus_data": [{"kolom": "Luas", "satuan": "m2"}]}],
    ).changed
    assert [column.name for column in change.columns.changed] == ["Luas"]


def test_another_view_is_told() -> None:
    (change,) = resources([{"id": "a", "views": [{"title": "Grafik"}]}], [{"id": "a"}]).changed
    assert change.views


def test_another_order_is_told() -> None:
    assert resources([{"id": "a"}, {"id": "b"}], [{"id": "b"}, {"id": "a"}]).moved

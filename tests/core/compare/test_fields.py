"""The fields of two descriptions."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.core.compare.fields import Change, canonical, fields

PLAIN = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.text("abc ", max_size=8))
VALUES = st.one_of(
    PLAIN,
    st.lists(st.sampled_from(["a", "b", "c"]), max_size=5),
    st.lists(st.dictionaries(st.sampled_from(["mulai", "selesai"]), st.sampled_from(["2021", "2022"])), max_size=3),
)
DESCRIPTIONS = st.dictionaries(st.sampled_from(["title", "notes", "satuan", "waktu", "kode"]), VALUES)


def _applied(old: dict[str, Any], changes: tuple[Change, ...]) -> dict[str, Any]:
    """The old description with the changes made, by what they tell."""
    found = {name: value for name, value in old.items() if value not in (None, "", [], {})}
    for change in changes:
        if change.kind == "removed":
            del found[change.name]
        elif change.runs:
            found[change.name] = "".join(run.text for run in change.runs if run.kind != "removed")
        else:
            found[change.name] = change.after
    return found


@given(DESCRIPTIONS, DESCRIPTIONS)
def test_the_changes_made_to_the_old_give_the_new(old: dict[str, Any], new: dict[str, Any]) -> None:
    present = {name: value for name, value in new.items() if value not in (None, "", [], {})}
    assert canonical(_applied(old, fields(old, new))) == canonical(present)


@given(DESCRIPTIONS)
def test_a_description_does_not_differ_from_itself(one: dict[str, Any]) -> None:
    assert fields(one, one) == ()


@given(DESCRIPTIONS, DESCRIPTIONS)
def test_swapped_sides_swap_added_and_removed(old: dict[str, Any], new: dict[str, Any]) -> None:
    mirror = {"added": "removed", "removed": "added", "changed": "changed"}
    there = {change.name: change for change in fields(old, new)}
    back = {change.name: change for change in fields(new, old)}
    assert there.keys() == back.keys()
    for name, change in there.items():
        other = back[name]
        assert (change.kind, change.moved) == (mirror[other.kind], other.moved)
        assert (change.before, change.after) == (other.after, other.before)
        assert Counter(map(canonical, change.added)) == Counter(map(canonical, other.removed))


@given(st.lists(st.sampled_from("abc"), max_size=6), st.lists(st.sampled_from("abc"), max_size=6))
def test_items_added_and_removed_turn_the_old_list_into_the_new(old: list[str], new: list[str]) -> None:
    for change in fields({"kata": old}, {"kata": new}):
        assert Counter(old) - Counter(change.removed) + Counter(change.added) == Counter(new)


def test_a_field_that_is_empty_is_not_there() -> None:
    assert fields({"a": None, "b": "", "c": [], "d": {}}, {"a": "", "b": [], "c": None}) == ()


def test_a_field_that_came() -> None:
    assert fields({}, {"satuan": "Unit"}) == (Change("satuan", "added", None, "Unit"),)


def test_a_field_that_went() -> None:
    assert fields({"satuan": "Unit"}, {"satuan": ""}) == (Change("satuan", "removed", "Unit", None),)


def test_a_text_is_told_word_by_word() -> None:
    (change,) = fields({"frekuensi": "setiap tahun"}, {"frekuensi": "setiap triwulan"})
    assert [(run.kind, run.text) for run in change.runs] == [
        ("kept", "setiap "),
        ("removed", "tahun"),
        ("added", "triwulan"),
    ]


def test_a_list_tells_its_items() -> None:
    (change,) = fields({"tags": ["rumah", "desa"]}, {"tags": ["desa", "air"]})
    assert (change.removed, change.added, change.moved) == (("rumah",), ("air",), False)


def test_a_list_in_another_order_has_only_moved() -> None:
    (change,) = fields({"tags": ["rumah", "desa"]}, {"tags": ["desa", "rumah"]})
    assert (change.removed, change.added, change.moved) == ((), (), True)


def test_one_and_yes_are_not_the_same() -> None:
    assert [change.kind for change in fields({"a": 1}, {"a": True})] == ["changed"]


def test_fields_that_are_left_out_are_not_looked_at() -> None:
    assert fields({"name": "a"}, {"name": "b"}, without=["name"]) == ()


def test_what_only_the_old_one_has_comes_last() -> None:
    assert [change.name for change in fields({"z": 1, "a": 1}, {"m": 1, "a": 2})] == ["m", "a", "z"]

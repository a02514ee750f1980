"""Two texts word by word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.core.compare import words
from ckanext.satudata.core.compare.words import Run, runs

TEXTS = st.lists(
    st.sampled_from(["rumah", "desa", "dan", " ", "  ", "\n", ",", ".", "1.474", "2021", "–", "é"]), max_size=30
).map("".join)


def _side(found: tuple[Run, ...], kind: str) -> str:
    return "".join(run.text for run in found if run.kind in ("kept", kind))


@given(st.one_of(TEXTS, st.text()), st.one_of(TEXTS, st.text()))
def test_the_runs_read_as_both_texts(old: str, new: str) -> None:
    found = runs(old, new)
    assert (_side(found, "removed"), _side(found, "added")) == (old, new)


@given(st.text())
def test_a_text_and_itself_have_nothing_but_one_kept_run(text: str) -> None:
    assert runs(text, text) == ((Run("kept", text),) if text else ())


@given(TEXTS, TEXTS)
def test_swapped_texts_tell_the_same_story_backwards(old: str, new: str) -> None:
    mirror = {"kept": "kept", "removed": "added", "added": "removed"}
    back = [(mirror[run.kind], run.text) for run in runs(new, old)]
    assert sorted(back) == sorted((run.kind, run.text) for run in runs(old, new))


def test_only_the_words_that_differ_are_marked() -> None:
    assert runs("pendataan desa dan kelurahan.", "pendataan desa dan kelurahan, setiap triwulan.") == (
        Run("kept", "pendataan desa dan kelurahan"),
        Run("added", ", setiap triwulan"),
        Run("kept", "."),
    )


def test_a_number_with_points_is_one_word() -> None:
    assert runs("ada 1.474 rumah", "ada 1.478 rumah") == (
        Run("kept", "ada "),
        Run("removed", "1.474"),
        Run("added", "1.478"),
        Run("kept", " rumah"),
    )


def test_years_of_a_span_are_words_of_their_own() -> None:
    assert runs("2021–2023", "2021–2024") == (Run("kept", "2021–"), Run("removed", "2023"), Run("added", "2024"))


def test_words_replaced_one_after_the_other_are_one_change() -> None:
    assert runs("luas rumah sakit", "luas gedung sekolah") == (
        Run("kept", "luas "),
        Run("removed", "rumah sakit"),
        Run("added", "gedung sekolah"),
    )


def test_very_long_texts_without_anything_in_common_are_told_as_a_whole() -> None:
    old, new = ("".join(f"{mark}{number} " for number in range(words.MOST_WORDS)) for mark in "ab")
    assert [run.kind for run in runs(old, new)] == ["removed", "added", "kept"]

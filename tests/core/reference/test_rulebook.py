"""The lists that ship with the program, and how a broken one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata.core.reference.codelist import bare_code
from ckanext.satudata.core.reference.rulebook import BrokenListError, load_folder, load_folders

SHIPPED = Path(__file__).parents[3] / "ckanext" / "satudata" / "rulebook" / "reference"
CARD = "title: {id: Judul, en: Title}\nedition: '1'\nsource: s\nlicence: l\n"


@pytest.fixture(scope="module")
def lists():
    return load_folder(SHIPPED)


def write(folder: Path, table: str, card: str = CARD) -> Path:
    (folder / "warna.csv").write_text(table, encoding="utf-8")
    (folder / "warna.yaml").write_text(card, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("key", "codes"),
    [("provinsi", 38), ("bidang_urusan", 49), ("kategori", 10), ("frekuensi", 11), ("tipe_kolom", 7)],
)
def test_shipped_lists_have_all_their_codes(lists, key, codes):
    assert len(lists[key]) == codes


def test_every_shipped_entry_has_an_english_name_or_is_a_proper_name(lists):
    without = [f"{key}:{e.code}" for key, a in lists.items() for e in a if "name_en" not in e.properties]
    assert without == [f"provinsi:{entry.code}" for entry in lists["provinsi"]]


def test_no_spelling_of_a_shipped_list_means_two_codes(lists):
    # A value is understood by its name or an alias; two meanings of one word would make that a guess.
    for key, codes in lists.items():
        for entry in codes:
            for word in (entry.name, *entry.aliases):
                assert len(codes.named(word)) <= 1, (key, word)


def test_only_the_provinces_of_papua_differ_between_kemendagri_and_bps(lists):
    differ = {e.code for e in lists["provinsi"] if e.properties["bps"] != e.code}
    assert differ == {"91", "92", "93", "94", "95", "96"}


def test_units_name_a_base_of_the_same_kind(lists):
    units = lists["satuan"]
    for unit in units:
        base = units.get(unit.properties["base"])
        assert base is not None
        assert base.properties["kind"] == unit.properties["kind"], unit.code
        assert float(unit.properties["factor"]) > 0


@pytest.mark.parametrize(
    ("written", "unit"), [("%", "persen"), ("Persentae", "persen"), ("ORANG", "orang"), ("ha", "hektare")]
)
def test_usual_spellings_of_units_are_known(lists, written, unit):
    names = [entry.code for entry in lists["satuan"].named(written)]
    assert names == [unit]


def test_codes_stay_apart_without_dots(lists):
    for codes in lists.values():
        assert len({bare_code(entry.code) for entry in codes}) == len(codes)


def test_a_code_twice_is_refused_with_the_file_name(tmp_path):
    with pytest.raises(BrokenListError, match=r"warna\.csv.*'1' occurs twice"):
        load_folder(write(tmp_path, "code,name\n1,Merah\n1,Biru\n"))


@pytest.mark.parametrize(
    ("table", "card", "said"),
    [
        ("kode,nama\n1,Merah\n", CARD, "columns code and name"),
        ("code,name\n1,\n", CARD, "line 2 has no code or no name"),
        ("code,name\n1,Merah,9\n", CARD, "another number of cells"),
        ("code,name\n1\n", CARD, "another number of cells"),
        ("code,name,valid_from\n1,Merah,kemarin\n", CARD, "dates are written like"),
        ("code,name\n1,Merah\n", "title: {id: a, en: b}\n", "are needed"),
        ("code,name\n1,Merah\n", "title: Warna\nedition: '1'\nsource: s\nlicence: l\n", "are needed"),
        ("code,name\n1,Merah\n", "- a\n", "a mapping is expected"),
    ],
)
def test_a_broken_list_says_what_is_wrong(tmp_path, table, card, said):
    with pytest.raises(BrokenListError, match=said):
        load_folder(write(tmp_path, table, card))


def test_a_table_without_its_card_is_refused(tmp_path):
    (tmp_path / "warna.csv").write_text("code,name\n1,Merah\n", encoding="utf-8")
    with pytest.raises(BrokenListError, match="needs both"):
        load_folder(tmp_path)


def test_a_region_replaces_a_list_by_its_own(tmp_path, lists):
    (tmp_path / "kategori.csv").write_text("code,name\na,Air\n", encoding="utf-8")
    (tmp_path / "kategori.yaml").write_text(CARD, encoding="utf-8")
    merged = load_folders([tmp_path, SHIPPED])
    assert [entry.code for entry in merged["kategori"]] == ["a"]
    assert merged["frekuensi"] == lists["frekuensi"]

"""The mended text file: what was accepted, and every other byte of every cell as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.core.qa.mending.changes import Change, chosen, digest_of
from ckanext.satudata.core.qa.mending.refusing import WORDS, RefusedError
from tests.core.qa.mending.bench import table

ODD = (
    'sep=;\r\nnama;catatan;nilai\r\n"Desa; A ";"dua\r\nbaris, ""kutip""";63,5\r\n'
    "Desa B; =1+1;7,25\r\n;;\r\nDesa C;x;8,5"
)


def test_only_what_was_chosen_is_done(tmp_path: Path) -> None:
    done = table(tmp_path, ODD).mend(["decimal"])
    assert done.path.read_bytes().decode() == ODD.replace("63,5", "63.5").replace("7,25", "7.25").replace("8,5", "8.5")


def test_a_plain_csv_has_commas_and_utf_8(tmp_path: Path) -> None:
    bench = table(tmp_path, "nama;nilai\nRaya é;1\nB, C;2\n", encoding="cp1252")
    assert bench.mend(["file"]).path.read_bytes() == 'nama,nilai\nRaya é,1\n"B, C",2\n'.encode()


def test_a_byte_order_mark_goes_only_when_chosen(tmp_path: Path) -> None:
    bench = table(tmp_path, "nama,nilai\nA ,1\nB,2\n", encoding="utf-8-sig")
    assert bench.mend(["blanks"]).path.read_bytes().startswith(b"\xef\xbb\xbfnama")
    assert bench.mend(["file"]).path.read_bytes().startswith(b"nama")


def test_line_ends_inside_cells_stay(tmp_path: Path) -> None:
    bench = table(tmp_path, 'nama,nilai\n"a\rb\nc\r\nd",1\nB ,2\n')
    assert bench.mend(["blanks"]).text() == 'nama,nilai\n"a\rb\nc\r\nd",1\nB,2\n'


def test_a_new_text_that_the_encoding_cannot_write_is_refused(tmp_path: Path) -> None:
    bench = table(tmp_path, "nama,nilai\nA ,1\nB é,2\n", encoding="cp1252")
    assert bench.told["digest"]
    list_of = bench.folder / "changes.csv"
    list_of.write_text(list_of.read_text().replace('"A"', '"日"'))
    with pytest.raises(RefusedError, match="encoding"):
        bench.mend(["blanks"], digest=digest_of(list_of))
    assert not (bench.folder / "mended").exists()


@pytest.mark.parametrize("wrong", ["sha256", "digest"])
def test_another_file_or_another_list_is_refused(tmp_path: Path, wrong: str) -> None:
    changed: dict[str, Any] = {wrong: "0" * 64}
    bench = table(tmp_path, "nama,nilai\nA ,1\nB,2\n")
    with pytest.raises(RefusedError, match="stale"):
        bench.mend(["blanks"], **changed)


def test_nothing_chosen_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="nothing"):
        table(tmp_path, "nama,nilai\nA ,1\nB,2\n").mend(["decimal"])


def test_every_refusal_has_words() -> None:
    assert all(words.id and words.en for words in WORDS.values())


def test_in_a_line_that_goes_nothing_else_is_done() -> None:
    cell = Change("blanks", "", 5, 1, "nama", "JUMLAH ", "JUMLAH")
    line = Change("totals", "", 5, 0, "", "JUMLAH | 3", "")
    assert list(chosen([line, cell], ["totals", "blanks"])) == [line]
    assert list(chosen([line, cell], ["blanks"])) == [cell]


def test_a_cell_is_changed_once() -> None:
    blanks = Change("blanks", "", 5, 1, "nama", " laki-laki", "laki-laki")
    name = Change("names", "", 5, 1, "nama", " laki-laki", "Laki-laki")
    assert list(chosen([blanks, name], ["names", "blanks"])) == [name]
    assert list(chosen([blanks, name], ["blanks"])) == [blanks]

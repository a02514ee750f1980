"""The kinds of mending that are offered, in the words of the person who decides. Standard library only.

A kind is ``sure`` when the file or a reference list proves each of its changes: only such a kind may be chosen
beforehand. Kinds never depend on one another: each may be accepted alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ckanext.satudata.core.text import Text

CELLS, LINES, FILE = "cells", "lines", "file"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of change. ``what``: cells get another text, lines are taken out, or the file is written another way.

    Of two changes of one cell that of the higher ``rank`` is made; it does what the lower one would have done, too.
    """

    id: str
    title: Text
    meaning: Text
    sure: bool
    what: str = CELLS
    rank: int = 3
    number: bool = False  # its new texts are numbers


def _kinds(*kinds: Kind) -> Mapping[str, Kind]:
    return {kind.id: kind for kind in kinds}


# In the order in which they are offered.
KINDS = _kinds(
    Kind(
        "file",
        Text("Tulis ulang sebagai CSV baku", "Write it as a plain CSV"),
        Text(
            "Huruf UTF-8 dan pemisah koma, tanpa tanda khusus di awal file. Isi selnya tetap sama.",
            "UTF-8 and commas, without special marks at the beginning. No cell changes.",
        ),
        sure=True,
        what=FILE,
    ),
    Kind(
        "blanks",
        Text("Hapus spasi berlebih", "Remove stray blanks"),
        Text(
            "Spasi di awal dan akhir sel dihapus; spasi ganda di dalamnya menjadi satu.",
            "Blanks at both ends of a cell go; double blanks inside become one.",
        ),
        sure=True,
        rank=1,
    ),
    Kind(
        "decimal",
        Text("Koma desimal menjadi titik", "Decimal commas become points"),
        Text(
            "Hanya di kolom yang isinya membuktikan bahwa koma berarti desimal, misalnya 63,5.",
            "Only in columns that prove that the comma is a decimal mark, such as 63,5.",
        ),
        sure=True,
        number=True,
    ),
    Kind(
        "thousands",
        Text("Hapus pemisah ribuan", "Remove thousands marks"),
        Text(
            "Hanya di kolom yang isinya membuktikan bahwa titik atau koma itu pemisah ribuan, misalnya 1.234.567.",
            "Only in columns that prove that the mark groups thousands, such as 1.234.567.",
        ),
        sure=True,
        number=True,
    ),
    Kind(
        "thousands_lost",
        Text("Hapus titik yang tampaknya pemisah ribuan", "Remove dots that seem to group thousands"),
        Text(
            "Kolom ini hampir pasti berisi bilangan bulat, tetapi tidak ada sel yang membuktikannya. Nol yang hilang "
            "di belakang dikembalikan (1.49 menjadi 1490). Cocokkan contohnya dengan catatan asli sebelum memilih.",
            "These columns almost surely hold whole numbers, but no cell proves it. Zeros lost at the end come back "
            "(1.49 becomes 1490). Compare the examples with the original before you choose.",
        ),
        sure=False,
        number=True,
    ),
    Kind(
        "whole",
        Text("Bilangan bulat tanpa “.0”", "Whole numbers without “.0”"),
        Text("2014.0 menjadi 2014.", "2014.0 becomes 2014."),
        sure=True,
        rank=2,
        number=True,
    ),
    Kind(
        "codes",
        Text("Samakan penulisan kode", "Write codes in one way"),
        Text(
            "Spasi di dalam kode dihapus, nol yang hilang dikembalikan, dan bentuknya disamakan. Hanya bila kode "
            "hasilnya ada di daftar resmi.",
            "Blanks inside codes go, lost zeros come back, and their form becomes one. Only where the list has the "
            "resulting code.",
        ),
        sure=True,
    ),
    Kind(
        "names",
        Text("Nama seperti di daftar", "Names as in the list"),
        Text(
            "Ejaan diganti dengan ejaan daftar resmi, bila kodenya atau hurufnya membuktikan nama mana yang dimaksud.",
            "The spelling of the official list, where the code beside it or the letters prove which name is meant.",
        ),
        sure=True,
    ),
    Kind(
        "spelling",
        Text("Ejaan yang tampaknya dimaksud", "The spelling that seems to be meant"),
        Text(
            "Nama yang mirip dengan nama di daftar, atau ejaan lain dari nama yang sama di kolom itu.",
            "Names that are close to one of the list, or other spellings of a name in the column.",
        ),
        sure=False,
        rank=2,
    ),
    Kind(
        "numbering",
        Text("Keluarkan baris nomor kolom", "Take out the line of column numbers"),
        Text("Baris (1), (2), (3) di bawah judul kolom.", "The line (1), (2), (3) below the header."),
        sure=True,
        what=LINES,
    ),
    Kind(
        "repeated",
        Text("Keluarkan judul kolom yang terulang", "Take out repeated headers"),
        Text("Baris yang sama dengan judul kolom, di antara data.", "Lines equal to the header, among the data."),
        sure=True,
        what=LINES,
    ),
    Kind(
        "blank_rows",
        Text("Keluarkan baris kosong", "Take out blank lines"),
        Text("Baris tanpa isi di antara data.", "Lines without content among the data."),
        sure=True,
        what=LINES,
    ),
    Kind(
        "totals",
        Text("Keluarkan baris jumlah", "Take out total rows"),
        Text(
            "Jumlah dapat dihitung dari datanya. Bila angka jumlahnya tidak sama dengan hitungan, periksa dahulu.",
            "Totals can be worked out from the data. Where a total does not add up, look into it first.",
        ),
        sure=False,
        what=LINES,
    ),
    Kind(
        "titles",
        Text("Keluarkan baris judul di atas tabel", "Take out the title lines above the table"),
        Text(
            "Pindahkan dahulu keterangan yang penting, misalnya tahun, ke judul atau deskripsi dataset.",
            "First move what matters, such as the year, to the title or description of the dataset.",
        ),
        sure=False,
        what=LINES,
    ),
)
ORDER = {name: number for number, name in enumerate(KINDS)}

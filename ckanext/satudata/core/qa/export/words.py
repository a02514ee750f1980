"""The words around findings in exported reports."""

from __future__ import annotations

from collections.abc import Mapping

from ckanext.satudata.core.text import Text

SEVERITIES: Mapping[str, Text] = {
    "error": Text("Harus diperbaiki", "To be mended"),
    "warning": Text("Peringatan", "Warning"),
    "question": Text("Perlu dijelaskan", "To be explained"),
    "info": Text("Catatan", "Remark"),
}

FINDINGS = Text("Temuan", "Findings")
TABLE = Text("Tabel", "Table")
HOW_TO_READ = Text("Cara membaca", "How to read")

# Headers of the table of findings, for the CSV and the workbook.
FILE = Text("File", "File")
NUMBER = Text("Nomor", "Number")
SEVERITY = Text("Tingkat", "Severity")
CHECK = Text("Pemeriksaan", "Check")
FINDING = Text("Temuan", "Finding")
SHEET = Text("Lembar", "Sheet")
COLUMN = Text("Kolom", "Column")
ROWS = Text("Baris", "Rows")
FIRST_ROW = Text("Baris pertama", "First row")
LAST_ROW = Text("Baris terakhir", "Last row")
COUNT = Text("Jumlah", "Count")
VALUE = Text("Isi sel", "Cell")
PROPOSAL = Text("Usulan", "Proposal")
PROBLEM = Text("Masalah", "Problem")
MEND = Text("Cara memperbaiki", "How to mend it")
ALL_ROWS = Text("Baris lengkap", "All rows listed")
YES = Text("ya", "yes")
NO = Text("tidak", "no")
ROW = Text("Baris", "Row")
EMPTY = Text("(kosong)", "(empty)")
PROPOSED = Text("Usulan: {proposal}", "Proposal: {proposal}")

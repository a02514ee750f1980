"""Numbers and names of persons are readable in no report, whichever check shows the cell. All of them are invented: the
regency 99 does not exist.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ckanext.satudata.core.qa import checklist
from ckanext.satudata.core.qa.about import About
from ckanext.satudata.core.qa.engine import judge
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.personal import mask_numbers, masked
from ckanext.satudata.core.qa.report import Report, sentences
from ckanext.satudata.core.qa.table import read

# Blanks, a row twice, one key with two values, an impossible day: several checks have cells to show.
PERSONS = """nama_penerima,NIK,tgl_lahir,no_hp,bantuan
 Contoh Satu,3299990101900001,1990-01-01,081200000001,100
Contoh Dua ,3299990102900002,1990-02-30,081200000002,200
Contoh Dua ,3299990102900002,1990-02-30,081200000002,200
CONTOH DUA,3299990102900002,1990-02-01,081200000002,300
Contoh Tiga, 3299994103900003,1990-03-01,081200000003,-
"""
SECRETS = ("3299990101900001", "3299990102900002", "3299994103900003", "081200000001", "081200000002", "Satu", "Tiga")


def report_of(folder: Path, text: str) -> Report:
    path = folder / "penerima.csv"
    path.write_text(text, "utf-8")
    return judge(read(path), None, Lists(), checklist.load())


def test_no_finding_shows_a_person(tmp_path: Path) -> None:
    report = report_of(tmp_path, PERSONS)
    checks = {finding.check for finding in report.findings}
    assert checks >= {"DP-01", "DP-02", "DP-03", "IS-05", "DU-01"}
    said = json.dumps([finding.to_dict() for finding in report.findings], ensure_ascii=False)
    said += " ".join(sentences(finding).problem + sentences(finding).mend for finding in report.findings)
    assert [secret for secret in SECRETS if secret in said] == []


def test_persons_stop_a_submission(tmp_path: Path) -> None:
    assert report_of(tmp_path, PERSONS).blocked


def test_other_tables_are_shown_as_they_are(tmp_path: Path) -> None:
    report = report_of(tmp_path, "kecamatan,tahun,jumlah_kasus\n Contoh Satu,2021,12\nContoh Dua,2021,13\n")
    shown = [sample["value"] for finding in report.findings for sample in finding.samples if finding.check == "IS-05"]
    assert shown == [" Contoh Satu"]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("3299990101900001", "3299************"),
        ("Budi Contoh", "B*** C*****"),
        ("1990-01-02", "****-**-**"),
        ("contoh@contoh.id", "c*****@c*****.i*"),
    ],
)
def test_masked_twice_is_masked_once(text: str, hidden: str) -> None:
    assert (masked(text), masked(masked(text))) == (hidden, hidden)


def test_only_numbers_of_persons_are_hidden_in_a_text() -> None:
    text = "NIK 3299990101900001, hp 081200000001, anggaran 1200000, tahun 2021"
    assert mask_numbers(text) == "NIK 3299************, hp 0812********, anggaran 1200000, tahun 2021"


def test_a_fact_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="hari"):
        About.from_dict({"hari": "2024-01-01"})

"""The whole demo: every state is there, what was submitted is clean, what is meant to be faulty is found to be."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from ckanext.satudata.demo import load as loader
from ckanext.satudata.demo.catalogue import catalogue, steps
from tests.slices.demo import regions
from tests.slices.demo.test_load import first_report, found_states, summary

FAULTY = {
    "jumlah-rumah-tidak-layak-huni": {"KR-02", "KR-04", "IS-04"},
    "jumlah-kelompok-tani": {"DU-01", "DU-02"},
    "jumlah-kunjungan-posyandu": {"IS-02"},
    "jumlah-siswa-putus-sekolah": {"IS-01", "IS-06"},
    "kepadatan-penduduk": {"KR-02", "KR-04"},
}


def test_the_whole_demo(clean_portal: None, tmp_path: Path) -> None:  # noqa: ARG001
    regions.use(tmp_path)
    loader.load(print)
    states = Counter(found_states().values())
    assert set(states) == {"published", "in_review", "revision", "verified", "rejected", "draft"}
    assert sum(states.values()) == len(catalogue()["datasets"])
    assert states["published"] >= 10
    for dataset in catalogue()["datasets"]:
        if steps(dataset):
            assert summary(dataset["name"])["errors"] == 0, dataset["name"]
    for name, checks in FAULTY.items():
        found = {one["check"] for one in first_report(name)["findings"]}
        assert checks <= found, (name, found)
    assert first_report("keluarga-penerima-manfaat")["unreadable"]["code"] == "html"

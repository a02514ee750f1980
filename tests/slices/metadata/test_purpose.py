"""What a submission is for is asked only where the choice of the workflow depends on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from .conftest import Office
from .test_pages import Browser, stored

QUESTION = "Tujuan pengajuan"


@pytest.fixture
def page(app: Any, office: Office) -> tuple[Browser, str, str]:
    dataset = office.dataset()
    return Browser(app, office.editor["name"]), f"/dataset/edit/{dataset['name']}/kontak", dataset["id"]


def _rules(folder: Path, monkeypatch: pytest.MonkeyPatch, rules: str) -> None:
    (folder / "selection.yaml").write_text(f"format: 1\nrules: [{rules}]\n", "utf-8")
    monkeypatch.setitem(tk.config, "ckanext.satudata.rulebook", str(folder))


def test_it_is_not_asked_by_itself(page: tuple[Browser, str, str]) -> None:
    browser, url, _ = page
    assert QUESTION not in browser.get(url)


def test_it_is_asked_where_a_rule_looks_at_it(
    page: tuple[Browser, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, url, dataset = page
    _rules(tmp_path, monkeypatch, "{when: {fact: tujuan, is: verifikasi}, workflow: waykanan-verifikasi}")
    shown = browser.get(url)
    assert QUESTION in shown
    assert "Verifikasi saja" in shown
    browser.post(url, {"tujuan_pengajuan": "verifikasi", "save": "draft"})
    assert stored(dataset)["tujuan_pengajuan"] == "verifikasi"
    browser.post(url, {"tujuan_pengajuan": "karangan", "save": "draft"})
    assert stored(dataset)["tujuan_pengajuan"] == "verifikasi"

"""Pages of a dataset whose stage is over: closed, without a word about it."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest

from tests.slices.pages.conftest import Story
from tests.slices.pages.conftest import story as the_story

from .test_reading import PROCEDURE

story = the_story


def test_whoever_passed_comes_to_the_desk_also_by_a_double_click_and_finds_the_dataset_closed(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "baca.yaml").write_text(PROCEDURE, "utf-8")
    monkeypatch.setitem(tk.config, "ckanext.satudata.rulebook", str(tmp_path))
    monkeypatch.setitem(tk.config, "ckanext.satudata.workflow", "baca")
    made = story.act("operator", "package_create", name="apotek", title="Jumlah Apotek", owner_org=story.dinkes["id"])
    story.decide("operator", made["id"], "submit")
    review = f"/dataset/{made['id']}/tinjau"
    page = story.open("walidata", review)
    seen = {name: page.field(name) for name in ("expected", "content_hash", "terakhir", "kunci")}
    for _ in range(2):
        answer = story.send("walidata", review, transition="pass", **seen)
        assert (answer.status, answer.location.endswith("/meja-kerja")) == (302, True)
    for path in (review, f"/dataset/{made['id']}", f"/dataset/{made['id']}/riwayat", f"/dataset/{made['id']}/status"):
        closed = story.open("walidata", path)
        assert closed.status in (403, 404), path
        assert "Apotek" not in closed.body, path

"""The operator's guides hold: every YAML block in them can be used, and both languages show the same ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ckanext.satudata.core.calendar import calendar_from
from ckanext.satudata.core.workflow import chart, lint, loader, selection
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.loader import forms, stages

from .conftest import WORKFLOWS

DOCS = Path(__file__).parents[3] / "docs"
GUIDES = {"id": DOCS / "id" / "alur-kerja.md", "en": DOCS / "en" / "workflows.md"}
GATES = {"metadata_complete", "has_resource", "dictionary_saved", "qa_passed", "publishable"}
FACTS = {
    *("data_prioritas", "jenis_data", "klasifikasi_akses", "bidang_urusan", "kategori", "metode_pengumpulan"),
    *("frekuensi", "tujuan"),
}
CHARTS = DOCS / "images" / "alur"
KEYS = sorted(path.stem for path in WORKFLOWS.glob("*.yaml"))
CALENDAR = {"libur", "masuk", "jam_kerja", "jam_kerja_khusus"}
# What stands before and behind the parts of the worked example.
EXAMPLE = re.compile(r"^## (?:Contoh lengkap|The worked example).*?(?=^## )", re.MULTILINE | re.DOTALL)


def blocks(text: str) -> list[str]:
    """The YAML blocks of a page."""
    return re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def example_of(page: str) -> str:
    """The part of a page with the worked example."""
    found = EXAMPLE.search(page)
    assert found is not None
    return found.group()


def definition_in(block: str) -> Definition:
    """A block as a definition; a part of one is put on top of that of Magetan."""
    whole = block if "\nkey:" in block else f"format: 1\nkey: contoh\nextends: magetan\n{block}"
    return loader.load(whole, loader.shelf(WORKFLOWS))


PARTS = [
    pytest.param(block, id=f"{language}-{number}")
    for language, path in GUIDES.items()
    for page in [path.read_text("utf-8")]
    for number, block in enumerate(blocks(page.replace(example_of(page), "")), 1)
]


@pytest.mark.parametrize("block", PARTS)
def test_a_block_can_be_used(block: str) -> None:
    document: Mapping[str, Any] = yaml.safe_load(block)
    if "rules" in document:
        assert selection.load(block).rules
    elif set(document) <= CALENDAR:
        calendar_from(document, "Asia/Jakarta")
    else:
        problems = lint.lint(definition_in(block), gates=GATES, facts=FACTS)
        assert [problem.render() for problem in problems] == []


@pytest.mark.parametrize("language", GUIDES)
def test_the_worked_example_is_the_definition_we_ship(language: str) -> None:
    """Its blocks, one after the other, say what ``magetan.yaml`` says."""
    example = "".join(blocks(example_of(GUIDES[language].read_text("utf-8"))))
    shipped = (WORKFLOWS / "magetan.yaml").read_text("utf-8")
    assert yaml.safe_load(example) == yaml.safe_load(shipped)


def test_both_guides_show_the_same_blocks() -> None:
    indonesian, english = (blocks(path.read_text("utf-8")) for path in GUIDES.values())
    assert list(map(yaml.safe_load, indonesian)) == list(map(yaml.safe_load, english))


@pytest.mark.parametrize("language", GUIDES)
def test_a_guide_names_every_key(language: str) -> None:
    """Whatever may be written in a definition is explained."""
    page = GUIDES[language].read_text("utf-8")
    keys = {*loader.TOP, *stages.STAGE, *stages.TRANSITION, *forms.QUESTION}
    assert {key for key in keys if f"`{key}" not in page and f"`{key}`" not in page} == set()


@pytest.mark.parametrize("language", GUIDES)
def test_pictures_and_links_of_a_guide_lead_somewhere(language: str) -> None:
    path = GUIDES[language]
    links = re.findall(r"\]\(([^)#][^)#]*)", path.read_text("utf-8"))
    assert {link for link in links if "://" not in link and not (path.parent / link).exists()} == set()


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("language", "ending"), [("id", ".svg"), ("en", ".en.svg")])
def test_a_chart_in_the_guides_is_the_present_one(key: str, language: str, ending: str) -> None:
    """Make it anew: ``satudata workflow chart ckanext/satudata/rulebook/workflows/KEY.yaml -l LANGUAGE -o FILE``."""
    drawn = chart.svg(loader.load_file(WORKFLOWS / f"{key}.yaml"), language=language)
    assert (CHARTS / f"{key}{ending}").read_text("utf-8").strip() == drawn.strip()


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("language", "words"), [("id", " di sini<"), ("en", " here<")])
def test_every_place_can_be_drawn(key: str, language: str, words: str) -> None:
    """As picture and as text; the present place is marked by a word, once."""
    definition = loader.load_file(WORKFLOWS / f"{key}.yaml")
    places = ["draft", "revision", "verified", *(stage.key for stage in definition.stages)]
    for here in places:
        for drawn in (chart.svg(definition, here, language), chart.mermaid(definition, here, language)):
            assert drawn.count(words) == 1, here
    text = chart.mermaid(definition, None, language)
    assert words not in text
    assert all(stage.label.render(language) in text for stage in definition.stages)

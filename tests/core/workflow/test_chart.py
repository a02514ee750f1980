"""Pictures of procedures: complete, valid, safe, readable on a phone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import pytest

from ckanext.satudata.core.workflow import chart, loader
from ckanext.satudata.core.workflow.chart.lettering import width, wrapped
from ckanext.satudata.core.workflow.definition import Definition

from .conftest import WORKFLOWS, definition_of

SHIPPED = sorted(path.stem for path in WORKFLOWS.glob("*.yaml"))
SVG = "{http://www.w3.org/2000/svg}"
NASTY = r"""<script>alert("x")</script> & 'y' `z` #1; ]]> \ --> | [end]"""


def _words(svg: str) -> str:
    """What the picture says, lines joined again."""
    return " ".join(text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text"))


def _boxes(svg: str) -> list[tuple[float, float, float, float]]:
    rectangles = list(ElementTree.fromstring(svg).iter(f"{SVG}rect"))[1:]  # the first is the paper
    return [tuple(float(found.get(name, "0")) for name in ("x", "y", "width", "height")) for found in rectangles]  # type: ignore[misc]


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_stage_is_drawn_with_who_and_until_when(name: str, language: str) -> None:
    definition = definition_of(name)
    said = re.sub(r"\s+", " ", _words(chart.svg(definition, language=language)))
    for stage in definition.stages:
        assert stage.label.render(language) in said
        assert definition.role_label(stage.role).render(language) in said
        if stage.sla is not None:
            assert stage.sla.text().render(language) in said


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("language", ["id", "en"])
def test_it_is_as_narrow_as_a_phone_and_nothing_leaves_the_paper(name: str, language: str) -> None:
    definition = definition_of(name)
    svg = chart.svg(definition, definition.stages[-1].key, language)
    wide, high = (float(part) for part in ElementTree.fromstring(svg).get("viewBox", "").split()[2:])
    assert wide == 360
    for x, y, w, h in _boxes(svg):
        assert x >= 0
        assert y >= 0
        assert x + w <= wide
        assert y + h <= high
    for text in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        if text.get("x") is not None:
            size = float(text.get("font-size", "0"))
            assert size >= 11
            assert float(text.get("x", "0")) + width(text.text or "", size) <= wide + 20
            assert float(text.get("y", "0")) <= high


@pytest.mark.parametrize("name", SHIPPED)
def test_boxes_do_not_touch(name: str) -> None:
    boxes = sorted(_boxes(chart.svg(definition_of(name))), key=lambda box: box[1])
    for (_, top, _, height), (_, below, _, _) in pairwise(boxes):
        assert top + height < below


@pytest.mark.parametrize("here", ["verifikasi", "teruskan", "koreksi", "draft", "revision", "verified", "published"])
def test_the_present_place_is_marked_by_a_word_and_a_thick_edge(here: str) -> None:
    definition = definition_of("maluku-utara")
    marked, plain = chart.svg(definition, here), chart.svg(definition)
    assert "di sini" in _words(marked)
    assert "di sini" not in _words(plain)
    assert marked.count('stroke-width="3.5"') == 1
    assert chart.mermaid(definition, here).count("▶ di sini") == 1
    assert "here" in _words(chart.svg(definition, here, "en"))


def test_an_unknown_place_is_not_marked() -> None:
    definition = definition_of("maluku-utara")
    assert chart.svg(definition, "rejected") == chart.svg(definition)


def _returns(name: str) -> set[tuple[str, str]]:
    """Arrows of returns in the Mermaid text, by the titles of the boxes."""
    text = chart.mermaid(definition_of(name))
    titles = dict(re.findall(r"^    (\w+)\W+<b>(.*?)</b>", text, re.MULTILINE))
    arrows = re.findall(r'^    (\w+) <?-\.->\|"\w+"\| (\w+)$', text, re.MULTILINE)
    return {(titles[source], titles[target]) for source, target in arrows}


def test_returns_lead_where_the_engine_sends_them() -> None:
    assert _returns("maluku-utara") == {
        ("Verifikasi terhadap Standar Data", "Penerusan catatan kepada OPD"),
        ("Penerusan catatan kepada OPD", "OPD"),
        ("Koreksi Kepala Bidang", "Verifikasi terhadap Standar Data"),
        ("Terbitkan", "OPD"),
    }
    assert ("Pemeriksaan Pembina Data", "Pemeriksaan Walidata") in _returns("perpres")
    assert ("Persetujuan Kepala Dinas", "Koreksi Kabid atau Sekretaris") in _returns("waykanan-berjenjang")


def test_every_arrow_of_a_return_has_a_label_in_the_picture() -> None:
    svg = chart.svg(definition_of("waykanan-simassadawan"))
    returns = len(re.findall(r"-\.->", chart.mermaid(definition_of("waykanan-simassadawan"))))
    labels = [text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    assert labels.count("kembali") + labels.count("teruskan") == returns
    assert labels.count("ajukan lagi") == 1


def test_an_arrow_to_where_it_is_resubmitted() -> None:
    assert 'produsen ==>|"ajukan lagi"| tahap4' in chart.mermaid(definition_of("waykanan-simassadawan"))


def _nasty() -> Definition:
    written = "'" + NASTY.replace("'", "''") + "'"
    source = (WORKFLOWS / "perpres.yaml").read_text("utf-8")
    source = source.replace("id: Pemeriksaan Walidata", f"id: {written}").replace(
        "id: Perpres 39/2019,", f"id: {written},"
    )
    return loader.load(source)


def test_words_are_escaped_in_the_picture() -> None:
    svg = chart.svg(_nasty(), "periksa")
    root = ElementTree.fromstring(svg)
    assert "<script" not in svg
    assert {found.tag.removeprefix(SVG) for found in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "rect",
        "path",
        "polygon",
        "text",
    }
    assert NASTY in (root.findtext(f"{SVG}title") or "")


def test_words_are_escaped_in_mermaid() -> None:
    """Between the quotation marks nothing is left that means something to Mermaid or to HTML."""
    line = next(line for line in chart.mermaid(_nasty()).splitlines() if "script" in line)
    inside = line[line.index('"') + 1 : line.rindex('"')].replace("<b>", "").replace("</b>", "").replace("<br/>", "")
    assert not set('"<>`\\') & set(inside)
    assert "#lt;script#gt;" in inside


@pytest.mark.parametrize("name", SHIPPED)
def test_mermaid_names_only_boxes_that_are_there(name: str) -> None:
    lines = chart.mermaid(definition_of(name)).splitlines()
    assert lines[0] == "flowchart TD"
    boxes = {match[1] for line in lines if (match := re.match(r'    (\w+)[(\[/]+"', line))}
    arrows = [match.groups() for line in lines if (match := re.match(r"    (\w+) <?[-=.]+>\|.*\| (\w+)$", line))]
    assert {name for arrow in arrows for name in arrow} == boxes


def test_a_word_without_an_end_is_broken() -> None:
    lines = wrapped("x" * 200, 12, 100, most=3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(width(line, 12) <= 100 for line in lines)


def test_a_picture_of_a_definition_that_is_not_sound_is_drawn_too() -> None:
    source = "format: 1\nkey: kosong\ntitle: {id: K, en: E}\nroles: {}\nstages: []\ntransitions: {}"
    assert "(belum ditentukan)" in _words(chart.svg(loader.load(source)))

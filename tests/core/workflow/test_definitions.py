"""Every shipped definition is sound; every kind of mistake is found, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata.core.workflow import loader
from ckanext.satudata.core.workflow.definition import Holder
from ckanext.satudata.core.workflow.lint import lint

from .conftest import WORKFLOWS, definition_of

SHIPPED = sorted(WORKFLOWS.glob("*.yaml"))
BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))
GATES = {"metadata_complete", "has_resource", "dictionary_saved", "qa_passed", "publishable"}
FACTS = {"data_prioritas", "jenis_data", "klasifikasi_akses"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_definition_is_sound(path: Path) -> None:
    definition = loader.load_file(path)
    assert definition.key == path.stem
    assert lint(definition, gates=GATES, facts=FACTS) == []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_mistake_is_found_at_its_line(path: Path) -> None:
    """A bad file marks each wrong line with ``#!``; exactly these lines are told, in both languages."""
    source = path.read_text("utf-8")
    wrong = [number for number, line in enumerate(source.splitlines(), 1) if "#!" in line]
    assert wrong
    try:
        problems = lint(loader.load_file(path), gates=GATES, facts=FACTS)
    except loader.DefinitionError as error:
        problems = list(error.problems)
    assert sorted({problem.line for problem in problems}) == wrong
    for problem in problems:
        assert problem.render("id") != problem.render("en")


def test_on_a_portal_a_stage_nobody_holds_is_told() -> None:
    definition = definition_of("maluku-utara")
    held = [Holder("walidata", "staf"), Holder("walidata", "kasi")]
    assert [problem.path for problem in lint(definition, held=held)] == ["stages[2].role"]
    assert lint(definition, held=[*held, Holder("walidata", "kabid")]) == []


def test_names_alike_are_proposed() -> None:
    source = (Path(__file__).parent / "bad" / "unknown_names.yaml").read_text("utf-8")
    told = " ".join(problem.render("id") for problem in lint(loader.load(source), gates=GATES, facts=FACTS))
    assert "Maksudnya `qa_passed`?" in told
    assert "Maksudnya `data_prioritas`?" in told


def test_the_version_of_a_definition_is_its_text() -> None:
    assert loader.digest("a") != loader.digest("b")
    assert loader.digest("a") == loader.digest("a")

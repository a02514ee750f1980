"""Every shipped definition is sound; every kind of mistake is found, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata.core.workflow import lint, loader

from .conftest import WORKFLOWS

SHIPPED = sorted(WORKFLOWS.glob("*.yaml"))
BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))
GATES = {"metadata_complete", "has_resource", "dictionary_saved", "qa_passed", "publishable"}
FACTS = {"data_prioritas", "jenis_data", "klasifikasi_akses"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_definition_is_sound(path: Path) -> None:
    definition = loader.load(path.read_text("utf-8"))
    assert definition.key == path.stem
    assert lint.lint(definition, gates=GATES, facts=FACTS) == []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_mistake_is_found_at_its_line(path: Path) -> None:
    """A bad file marks each wrong line with ``#!``; exactly these lines are told, in both languages."""
    source = path.read_text("utf-8")
    wrong = [number for number, line in enumerate(source.splitlines(), 1) if "#!" in line]
    try:
        problems = lint.lint(loader.load(source), gates=GATES, facts=FACTS)
    except loader.DefinitionError as error:
        problems = list(error.problems)
    assert sorted({problem.line for problem in problems}) == wrong
    for problem in problems:
        assert problem.render("id") != problem.render("en")


def test_the_version_of_a_definition_is_its_text() -> None:
    assert loader.digest("a") != loader.digest("b")
    assert loader.digest("a") == loader.digest("a")

"""Who outside of the organization reads a case, by the definition."""

from __future__ import annotations

import pytest

from ckanext.satudata.core.workflow import loader, reading
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.loader import RULEBOOK, DefinitionError
from ckanext.satudata.core.workflow.reading import Reader

SOURCE = """
format: 1
key: baca
title: {id: Baca, en: Reading}
roles:
  produsen_data: {id: Produsen, en: Producer}
  walidata: {id: Walidata, en: Walidata%s}
  pembina_data: {id: Pembina, en: Pembina}
stages:
  - {key: periksa, label: {id: Periksa, en: Check}, role: walidata, position: kasi}
  - {key: pembina, label: {id: Pembina, en: Pembina}, role: pembina_data, scope: tree, return_to: via:walidata}
transitions:
  submit: {by: [produsen_data, walidata/staf]}
  withdraw: {by: produsen_data}
  publish: {by: walidata}
  reopen: {by: walidata}
"""


def definition(reads: str = "") -> Definition:
    return loader.load(SOURCE % (f", reads: {reads}" if reads else ""))


def roles(found: Definition, state: str, stage: str | None = None, round_: int = 1) -> set[str]:
    return {one.role for one in reading.readers(found, state, stage, round_)}


def test_a_role_reads_where_it_has_a_turn_and_no_further() -> None:
    assert roles(definition(), "in_review", "periksa") == {"walidata"}
    assert roles(definition(), "in_review", "pembina") == {"pembina_data"}
    assert roles(definition(), "verified") == {"walidata"}  # who publishes
    assert roles(definition(), "rejected") == {"walidata"}  # who reopens


def test_in_review_colleagues_in_other_positions_read_it_too() -> None:
    """They are told when it is late."""
    assert reading.readers(definition(), "in_review", "periksa", 1) == {Reader("walidata", None, "organization")}


def test_a_draft_is_read_by_who_may_submit_it_in_that_position_only() -> None:
    assert reading.readers(definition(), "draft", None, 0) == {Reader("walidata", "staf", "organization")}


def test_submitted_reads_from_the_first_submission_on() -> None:
    found = definition("submitted")
    for state, stage in (("in_review", "pembina"), ("revision", "pembina"), ("verified", None), ("archived", None)):
        assert "walidata" in roles(found, state, stage)
    assert Reader("walidata", None, "organization") not in reading.readers(found, "draft", None, 0)
    assert Reader("walidata", None, "organization") in reading.readers(found, "draft", None, 1)  # taken back


def test_office_reads_drafts_too() -> None:
    assert Reader("walidata", None, "organization") in reading.readers(definition("office"), "draft", None, 0)


def test_a_grant_from_above_reads_where_the_stage_counts_it() -> None:
    assert reading.readers(definition(), "in_review", "pembina", 1) == {Reader("pembina_data", None, "tree")}


def test_another_word_for_a_role_leaves_what_it_reads() -> None:
    def fetch(_key: str, /) -> str:
        return SOURCE % ", reads: submitted"

    named = "format: 1\nkey: lain\nextends: baca\nroles: {walidata: {id: Dinas Kominfo, en: Dinas Kominfo}}\n"
    found = loader.load(named, fetch)
    assert (found.role_label("walidata").id, found.reads_of("walidata")) == ("Dinas Kominfo", "submitted")


@pytest.mark.parametrize("reads", ["semua", "true", "[stage]"])
def test_another_word_is_refused_with_its_line(reads: str) -> None:
    with pytest.raises(DefinitionError) as refusal:
        definition(reads)
    problem = refusal.value.problems[0]
    assert (problem.line, problem.path) == (7, "roles.walidata.reads")
    assert "`stage`, `submitted`, `office`" in problem.text.render("id")


def test_the_producer_reads_as_a_member() -> None:
    with pytest.raises(DefinitionError, match="reads"):
        loader.load((SOURCE % "").replace("en: Producer}", "en: Producer, reads: office}"))


@pytest.mark.parametrize("path", sorted(RULEBOOK.glob("*.yaml")), ids=lambda path: path.stem)
def test_in_what_we_ship_the_walidata_reads_what_was_handed_in_and_nobody_else_longer(path: object) -> None:
    found = loader.load_file(path)  # type: ignore[arg-type]
    assert dict(found.reads) == {"walidata": "submitted"}

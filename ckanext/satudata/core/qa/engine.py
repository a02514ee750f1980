"""Judge a source: every check of a checklist over every table, one report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ckanext.satudata.core.qa.about import About
from ckanext.satudata.core.qa.checklist import Checklist
from ckanext.satudata.core.qa.declared import emptied
from ckanext.satudata.core.qa.dictionary import Bound, Column, Proposal
from ckanext.satudata.core.qa.findings import RANGES
from ckanext.satudata.core.qa.judging import Judged, Verdict, weighed
from ckanext.satudata.core.qa.lists import Lists
from ckanext.satudata.core.qa.personal import concealed, hidden_columns, mask_numbers
from ckanext.satudata.core.qa.propose import propose
from ckanext.satudata.core.qa.recognised import known_again
from ckanext.satudata.core.qa.registry import Asked
from ckanext.satudata.core.qa.report import Report
from ckanext.satudata.core.qa.score import score
from ckanext.satudata.core.qa.table.model import Source, Table
from ckanext.satudata.core.qa.table.unreadable import Unreadable

# Told after each check: checks done, checks in all; of a table judged part by part: bytes done, bytes in all.
Progress = Callable[[int, int], None]


def judge(
    source: Source,
    dictionary: Iterable[Column] | None,
    lists: Lists,
    checklist: Checklist,
    *,
    table: str | None = None,
    progress: Progress | None = None,
    bound: int = RANGES,
    about: About | None = None,
) -> Report:
    """Run ``checklist`` over ``source``. ``dictionary`` belongs to ``table`` (a sheet's name; default: the largest
    table); the other tables, and all when it is ``None``, are judged by what :func:`propose` makes of them. ``bound``:
    ranges of rows listed for each finding. ``about`` is what the caller knows beside the file (the day, the period
    covered, the unit of the metadata). Raises :class:`Unreadable` for a table the source does not have.

    A source that was opened only is held in memory if a check needs all rows and the limits allow it; otherwise it
    is judged part by part, and what such checks would say is *not applicable*, with the limit named.
    """
    given = tuple(dictionary) if dictionary is not None else None
    about = about or About()
    if source.stream is not None:
        if (
            any(item.check.reads == "whole" for item in checklist.items)
            and source.size <= source.stream.limits.whole_bytes
        ):
            source = source.held()
        else:
            from ckanext.satudata.core.qa.streaming import Pass

            run = Pass.over(source, given, lists, checklist, table, progress, bound, about=about)
            run.judged.findings = known_again(run.judged.findings, {}, conceal=True)
            return _report(run.source, checklist, lists, run.judged, run.table, run.bound, run.proposals, run.hidden)
    if not any(there.columns and there.height for there in source.tables):
        raise Unreadable("no_rows", name=source.name)
    judged = named_table(source, table)
    proposals = {item.name: propose(item, lists) for item in source.tables}
    bounds = {
        item.name: Bound(item, tuple(proposal.column for proposal in proposals[item.name]), given=False)
        for item in source.tables
    }
    if given is not None:
        marked, judged = judged, emptied(judged, given)
        source = replace(source, tables=tuple(judged if item is marked else item for item in source.tables))
        bounds[judged.name] = Bound(judged, given, given=True)
    found = _judged(source, judged, bounds, lists, checklist, progress, bound, about)
    conceals = any(item.check.conceals for item in checklist.items)
    hidden = hidden_columns(bounds) if conceals else {}
    found.findings = known_again(found.findings, bounds, conceal=conceals)
    return _report(source, checklist, lists, found, judged, bounds[judged.name], proposals[judged.name], hidden)


def _judged(
    source: Source,
    judged: Table,
    bounds: dict[str, Bound],
    lists: Lists,
    checklist: Checklist,
    progress: Progress | None,
    bound: int,
    about: About,
) -> Judged:
    found = Judged()
    # The judged table comes first, so that equal findings do too.
    tables = sorted(source.tables, key=lambda item: item is not judged)
    total = len(checklist.items) * len(tables)
    for number, item in enumerate(checklist.items):
        if item.check.scope == "file":
            verdict = Verdict(item, "", proposed=False, bound=bound)
            verdict.ask(lambda item=item: item.check.run(source))
            found.take(verdict)
            continue
        for offset, there in enumerate(tables):
            asked = Asked(there, bounds[there.name], lists, item.parameters, about=about, source=source)
            verdict = Verdict(item, there.name, proposed=not asked.dictionary.given, bound=bound)
            verdict.ask(lambda item=item, asked=asked: item.check.run(asked))
            found.take(verdict)
            if progress is not None:
                progress(number * len(tables) + offset + 1, total)
    return found


def _report(
    source: Source,
    checklist: Checklist,
    lists: Lists,
    found: Judged,
    judged: Table,
    bound: Bound,
    proposals: Sequence[Proposal],
    hidden: Mapping[str, set[str]],
) -> Report:
    """``hidden``: names of the columns of each table whose cells no report shows."""
    heights = {item.name: item.height for item in source.tables}
    findings = weighed(concealed(found.findings, hidden), heights, checklist.weights)
    return Report(
        rule_version=checklist.rule_version,
        checklist=checklist.name,
        file=source.to_dict(),
        tables=tuple(_described(item, item is judged) for item in source.tables),
        dictionary=tuple(column.to_dict() for column in bound.columns),
        dictionary_given=bound.given,
        proposed_dictionary=tuple(proposal.to_dict() for proposal in proposals),
        lists=tuple(lists.used()),
        findings=tuple(findings),
        passed=tuple(found.passed),
        not_applicable=tuple(found.not_applicable),
        rows=sum(item.height for item in source.tables),
        rows_hit=found.rows_hit,
        score=score(findings),
    )


def _described(table: Table, judged: bool) -> dict[str, Any]:
    """A table without its cells; numbers of persons in titles and notes around it are hidden like those in cells."""
    told = table.to_dict(judged)
    return {**told, "outside": [{**line, "text": mask_numbers(line["text"])} for line in told["outside"]]}


def unreadable_report(why: Unreadable, checklist: str, rule_version: str, file: dict[str, Any]) -> Report:
    """The report on a file that could not be judged."""
    return Report(
        rule_version=rule_version,
        checklist=checklist,
        file=file,
        unreadable={"code": why.code, "parameters": why.parameters},
    )


def named_table(source: Source, name: str | None) -> Table:
    """The table of that name, or the one that is judged if nobody says which; raises :class:`Unreadable`."""
    if name is None:
        return source.main()
    for table in source.tables:
        if table.name == name:
            return table
    raise Unreadable("no_table", name=source.name, table=name)

"""What of a report is still open, after what people said to its findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ckanext.satudata.core.qa.gate import Gate
from ckanext.satudata.core.qa.replies import OPEN, Answered, answered
from ckanext.satudata.core.qa.report import Finding, Report
from ckanext.satudata.qa import model as tables
from ckanext.satudata.qa import replying
from ckanext.satudata.qa.standing import Standing

ASKED = ("error", "warning", "question")


@dataclass(frozen=True)
class Outstanding:
    """Findings nobody has answered, by severity; and how many are explained or set aside."""

    errors: int = 0
    warnings: int = 0
    questions: int = 0
    explained: int = 0
    waived: int = 0


def of(standing: Standing) -> Outstanding:
    """Of the present content; a file that cannot be read is one error. Without replies the stored numbers do."""
    report = standing.report
    if standing.state != "done" or report is None:
        return Outstanding()
    if not standing.replies:
        return Outstanding(report["errors"] or int(not report["readable"]), report["warnings"], report["questions"])
    found = list(zip(*answers_of(standing), strict=True))
    still = {name: sum(1 for one, said in found if one.severity == name and not said.settled) for name in ASKED}
    return Outstanding(
        errors=still["error"] or int(not report["readable"]),
        warnings=still["warning"],
        questions=still["question"],
        explained=sum(1 for _one, said in found if said.explained and not said.waived),
        waived=sum(1 for _one, said in found if said.waived),
    )


def answers_of(standing: Standing) -> tuple[list[Finding], list[Answered]]:
    """The findings of the report, and what was said to each."""
    report = _whole(standing)
    return list(report.findings), answers_to(report, standing.replies)


def answers_to(report: Report, replies: Sequence[tables.Row]) -> list[Answered]:
    """What was said to each finding of a report, in its order."""
    sha256 = str(report.file.get("sha256") or "")
    said = [replying.as_reply(row) for row in replies]
    return [answered(finding, sha256, said) if finding.severity in ASKED else OPEN for finding in report.findings]


def in_the_way(standing: Standing, gate: Gate, step: str, stage: str | None) -> list[Finding]:
    """The findings that have to be dealt with before this step."""
    report = standing.report
    if report is None or not any(report[name] for name in ("errors", "warnings", "questions")):
        return []
    found = zip(*answers_of(standing), strict=True)
    return [finding for finding, said in found if gate.stands(finding, said, step, stage)]


def _whole(standing: Standing) -> Report:
    row = standing.report
    if row is None:
        raise ValueError("there is no report")
    if "report" not in row:
        row = tables.get_report(row["id"]) or row
    return Report.from_dict(row["report"])

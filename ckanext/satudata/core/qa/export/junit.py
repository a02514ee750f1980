"""Reports as JUnit XML, for servers that run checks on every change: a suite for each table, a case for each check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as Xml

from ckanext.satudata.core.qa.export.harmless import visible
from ckanext.satudata.core.qa.findings import SEVERITIES
from ckanext.satudata.core.qa.report import Finding, Report, check_title, sentences, verdict

_SAMPLES = 5


def junit(reports: Iterable[Report], language: str = "id", *, threshold: str = "warning") -> str:
    """The reports as one XML text. A check fails when one of its findings is of severity ``threshold`` or heavier;
    lighter findings are told in its output. A check that does not apply is skipped. A file that cannot be read is a
    suite with one case in error.
    """
    root = Xml.Element("testsuites", {"name": "satudata check"})
    for report in reports:
        root.extend(_suites(report, language, threshold))
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key) or 0) for suite in root)))
    Xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _suites(report: Report, language: str, threshold: str) -> Iterator[Xml.Element]:
    name = visible(str(report.file.get("name") or "file"))
    why = report.why_unreadable(language)
    if why is not None:
        case = Xml.Element("testcase", {"classname": name, "name": check_title("BT-01", language), "time": "0"})
        error = Xml.SubElement(case, "error", {"type": str((report.unreadable or {}).get("code")), "message": why[0]})
        error.text = visible("\n".join(why))
        yield _suite(name, [case])
        return
    tables = [str(table["name"]) for table in report.tables]
    # What is about the whole file comes first, unless it is a file of one table without a name.
    for table in dict.fromkeys(("", *tables)):
        cases = list(_cases(report, table, name, language, threshold))
        if cases:
            suite = _suite(f"{name}: {table}" if table else name, cases)
            said = Xml.SubElement(suite, "system-out")
            said.text = visible(verdict(report, language))
            yield suite


def _suite(name: str, cases: list[Xml.Element]) -> Xml.Element:
    def many(tag: str) -> str:
        return str(sum(case.find(tag) is not None for case in cases))

    counted = {"tests": str(len(cases)), "failures": many("failure"), "errors": many("error")}
    suite = Xml.Element("testsuite", {"name": visible(name), **counted, "skipped": many("skipped"), "time": "0"})
    suite.extend(cases)
    return suite


def _cases(report: Report, table: str, name: str, language: str, threshold: str) -> Iterator[Xml.Element]:
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.table == table:
            found.setdefault(finding.check, []).append(finding)
    passed = [entry["check"] for entry in report.passed if entry["table"] == table]
    missing = {entry["check"]: entry for entry in report.not_applicable if entry["table"] == table}
    for check in sorted({*found, *passed, *missing}):
        classname = visible(f"{name}.{table}" if table else name)
        case = Xml.Element("testcase", {"classname": classname, "time": "0"})
        case.set("name", f"{check} {check_title(check, language)}")
        if check in found:
            _told(case, found[check], language, threshold)
        elif check in missing:
            reason = missing[check]["reason"]
            Xml.SubElement(case, "skipped", {"message": visible(str(reason.get(language) or reason.get("id")))})
        yield case


def _told(case: Xml.Element, findings: list[Finding], language: str, threshold: str) -> None:
    """The findings of one check: those that count as a failure, and the others as output."""
    order: tuple[str, ...] = SEVERITIES
    least = order.index(threshold)
    heavy = [finding for finding in findings if order.index(finding.severity) <= least]
    if heavy:
        first = sentences(heavy[0], language)
        failure = Xml.SubElement(case, "failure", {"type": heavy[0].severity, "message": visible(first.problem)})
        failure.text = "\n\n".join(_text(finding, language) for finding in heavy)
    light = [finding for finding in findings if finding not in heavy]
    if light:
        Xml.SubElement(case, "system-out").text = "\n\n".join(_text(finding, language) for finding in light)


def _text(finding: Finding, language: str) -> str:
    said = sentences(finding, language)
    lines = [f"{said.title}: {said.problem}", said.where, said.mend]
    for sample in finding.samples[:_SAMPLES]:
        proposal = f" → {sample['proposal']}" if sample["proposal"] else ""
        lines.append(f"  {sample['row']}: {sample['value']!r}{proposal}")
    return visible("\n".join(line for line in lines if line))

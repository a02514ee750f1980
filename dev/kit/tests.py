"""``./dev/test [PART …] [-- ARGUMENTS OF PYTEST]``: the parts, and how each is run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dev.kit import end_to_end, environments, machine, portals
from dev.kit.paths import DEV, ROOT, VERSIONS, ckan_version
from dev.kit.servers import benchmark_servers, test_servers
from dev.kit.steps import StepError, colour, using

NOTHING_COLLECTED = 5  # pytest's exit status for "no tests"
WITHOUT_CKAN = ["-p", "no:ckan", "-p", "no:ckan_fixtures"]
DAILY, THOROUGH = ["-m", "not thorough"], ["-m", "thorough"]


@dataclass
class Result:
    """What one part came to."""

    passed: int = 0
    failed: int = 0
    seconds: float = 0.0


@dataclass
class Run:
    """One call of ``./dev/test``: which CKAN, what is passed on to pytest."""

    version: str
    arguments: list[str] = field(default_factory=list)

    def tool(self, *command: str) -> Result:
        """Run a checking tool; its exit status is the result."""
        environments.ready(self.version)
        extra = {"PYRIGHT_PYTHON_CACHE_DIR": str(DEV / "downloads" / "pyright"), "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
        environment = environments.activated(self.version, extra)
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        return Result(passed=int(status == 0), failed=int(status != 0))

    def pytest(self, folder: str, options: list[str], extra: dict[str, str] | None = None) -> Result:
        """Run pytest on ``folder``, or on the paths among the arguments; count what it says."""
        (DEV / "results").mkdir(parents=True, exist_ok=True)
        report = DEV / "results" / f"{folder.replace('/', '-')}-{self.version}-{slot()}.xml"
        report.unlink(missing_ok=True)
        paths = [word for word in self.arguments if not word.startswith("-") and (ROOT / word.split("::")[0]).exists()]
        where = [] if paths else [folder]
        if where and not (ROOT / folder).exists():
            return Result()
        command = ["pytest", *options, f"--junitxml={report}", *self.arguments, *where]
        environment = environments.activated(self.version, extra)
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        return _counted(report, status, empty_is_fine=not self.arguments)


def _counted(report: Path, status: int, *, empty_is_fine: bool) -> Result:
    if status == NOTHING_COLLECTED and empty_is_fine:
        return Result()
    result = Result()
    if report.exists():
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            numbers = {name: int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")}
            bad = numbers["failures"] + numbers["errors"]
            result.failed += bad
            result.passed += max(0, numbers["tests"] - bad - numbers["skipped"])
    if status != 0 and result.failed == 0:
        result.failed = 1  # interrupted, or broken before the first test
    return result


def slot() -> str:
    """The name that keeps parallel runs apart: its own databases, Solr core and Redis database."""
    return re.sub(r"[^a-z0-9]+", "_", os.environ.get("SATUDATA_TEST_SLOT", "main").lower())


def lint(run: Run) -> Result:
    """Formatting and rules of style (ruff)."""
    fixed = run.tool("ruff", "format", "--check", "--quiet", ".")
    if fixed.failed:
        print("Not formatted; ./dev/run ruff format . does it:")
        run.tool("ruff", "format", "--check", ".")
    rules = run.tool("ruff", "check", "--quiet", ".")
    return Result(passed=fixed.passed + rules.passed, failed=fixed.failed + rules.failed)


def types(run: Run) -> Result:
    """Types (pyright), judged by the newer CKAN: SQLAlchemy tells its types from version 2 on."""
    newer = Run(VERSIONS[0], run.arguments)
    python = environments.ready(newer.version) / "python"
    return newer.tool("pyright", "--pythonpath", str(python))


def contracts(run: Run) -> Result:
    """Who may import whom (import-linter)."""
    return run.tool("lint-imports", "--no-cache")


def core(run: Run) -> Result:
    """Core and rulebook: no CKAN, no servers."""
    environments.ready(run.version)
    return run.pytest("tests/core", [*WITHOUT_CKAN, *_daily(run)])


def package(run: Run) -> Result:
    """The built wheel, installed into a new environment without CKAN."""
    environments.ready(run.version)
    return run.pytest("tests/packaging", WITHOUT_CKAN)


def slices(run: Run) -> Result:
    """The slices on a real CKAN with PostgreSQL, Redis and Solr."""
    return _on_ckan(run, "tests/slices", *_daily(run))


def _daily(run: Run) -> list[str]:
    """What is asked for by name is run whole."""
    return [] if run.arguments else DAILY


def slices_on_the_older_ckan(run: Run) -> Result:
    """The same tests on the older CKAN."""
    return _on_ckan(Run(VERSIONS[-1], run.arguments), "tests/slices", *_daily(run))


def long(run: Run) -> Result:
    """What takes longer than a daily run may, and the tests of core, slices and pages that a daily run leaves out."""
    chosen = _on_ckan(run, "tests/long")
    if run.arguments:
        return chosen
    left_out = (
        run.pytest("tests/core", [*WITHOUT_CKAN, *THOROUGH]),
        _on_ckan(run, "tests/slices", *THOROUGH),
        _in_the_browser(run, *THOROUGH),
    )
    parts = (chosen, *left_out)
    return Result(sum(part.passed for part in parts), sum(part.failed for part in parts))


def _on_ckan(run: Run, folder: str, *options: str) -> Result:
    environments.ready(run.version)
    servers = test_servers()
    servers.start()
    portal = portals.prepare_for_tests(servers, run.version, slot())
    return run.pytest(folder, [f"--ckan-ini={portal.ini}", *options])


def e2e(run: Run) -> Result:
    """A whole portal of its own and a real browser."""
    return _in_the_browser(run, *_daily(run))


def _in_the_browser(run: Run, *options: str) -> Result:
    machine.ensure(machine.BROWSER)
    environments.ready(run.version)
    with end_to_end.portal(run.version, slot()) as site:
        return run.pytest("tests/e2e", [*WITHOUT_CKAN, *options], end_to_end.environment(site))


PARTS: dict[str, Callable[[Run], Result]] = {
    "lint": lint,
    "types": types,
    "contracts": contracts,
    "core": core,
    "package": package,
    "slices": slices,
    "e2e": e2e,
    "slices-2.11": slices_on_the_older_ckan,
    "long": long,
}
# Without a name everything runs but this.
ON_REQUEST = frozenset({"long"})
# In a whole run these work beside the others, each group one after the other: two cores, two versions of CKAN, and a
# browser that waits now and then. What is in no group runs here.
OLDER = "slices-2.11"
BESIDE = ((OLDER,), ("e2e", "core", "package"))


def main(arguments: list[str]) -> int:
    """Run the named parts, or all; return 1 when something failed."""
    if set(arguments) & {"-h", "--help"}:
        print(
            "./dev/test [PART …] [-- ARGUMENTS OF PYTEST]    everything but `long` without a name;  ./dev/test stop\n"
        )
        print("\n".join(f"  {name:12} {function.__doc__}" for name, function in PARTS.items()))
        return 0
    if arguments == ["stop"]:
        stopped = [servers.stop() for servers in (test_servers(), benchmark_servers())]
        print("test servers stopped" if any(stopped) else "no test servers were running")
        return 0
    names, rest = _split(arguments)
    whole = not names
    machine.ensure({**machine.PORTAL, **machine.BROWSER} if whole else machine.PORTAL)
    results: dict[str, Result] = {}
    with using("test-servers") as alone:
        if whole:
            results = _run_everything()
        for name in names:
            results[name] = _run_part(name, Run(ckan_version(), rest))
        if whole and alone():
            test_servers().stop()
    return _close(results)


def _run_everything() -> dict[str, Result]:
    # On the older CKAN `slices` is that part already, and the same databases are not used twice at once.
    left_out = ON_REQUEST | ({OLDER} if ckan_version() == VERSIONS[-1] else set())
    groups = [Beside(group) for group in BESIDE if not left_out & set(group)]
    elsewhere = {name for group in groups for name in group.names}
    found = {name: _run_part(name, Run(ckan_version())) for name in PARTS if name not in left_out | elsewhere}
    for group in groups:
        found |= group.results()
    return {name: found[name] for name in PARTS if name in found}


class Beside:
    """Parts in a process of their own, while others run here; their words are shown when all others are through."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.log = DEV / "results" / f"{names[0]}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        told = f"\n{', '.join(names)}: beside the other parts; words come later ({self.log.relative_to(ROOT)})"
        print(told, flush=True)
        with self.log.open("wb") as output:
            command = [sys.executable, "-m", "dev.kit", "test", *names]
            extra = {**os.environ, "SATUDATA_E2E_PICTURES": "no"}  # nobody looks at them after a whole run
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=extra)

    def results(self) -> dict[str, Result]:
        """Wait for the end, show what was said, and return what each part came to."""
        status = self.process.wait()
        words = self.log.read_text(errors="replace")
        print(words, flush=True)
        found = {name: _told(name, words) for name in self.names}
        if status != 0 and not any(result.failed for result in found.values()):
            found[self.names[-1]].failed = 1  # it died on its way
        return found


def _told(name: str, words: str) -> Result:
    line = re.search(rf"^  {re.escape(name)} +(\d+) passed +(\d+) failed +(\d+) s$", words, re.MULTILINE)
    return Result(int(line[1]), int(line[2]), float(line[3])) if line else Result(failed=1)


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Names of parts first, the rest is pytest's; ``--`` may stand between."""
    names = [word for word in arguments if word in PARTS]
    first = next((place for place, word in enumerate(arguments) if word not in PARTS), len(arguments))
    rest = [word for word in arguments[first:] if word != "--"]
    if rest and not names:
        raise StepError(f"Name a part first: {' '.join(PARTS)}. Then what pytest should get, for example:\n"
                         "./dev/test slices -- tests/slices/workflow -k submit")  # fmt: skip
    return names[:first], rest


def _run_part(name: str, run: Run) -> Result:
    document = (PARTS[name].__doc__ or "").strip()
    print(f"\n{colour('1', f'== {name}')}: {document}", flush=True)
    began = time.monotonic()
    try:
        result = PARTS[name](run)
    except StepError as failure:
        print(f"{colour('31', 'Stopped:')} {failure}", flush=True)
        result = Result(failed=1)
    result.seconds = time.monotonic() - began
    verdict = colour("31", f"{result.failed} failed") if result.failed else colour("32", "passed")
    print(f"== {name}: {verdict} after {result.seconds:.0f} s", flush=True)
    return result


def _close(results: dict[str, Result]) -> int:
    print()
    for name, result in results.items():
        print(f"  {name:12} {result.passed:5} passed {result.failed:4} failed {result.seconds:6.0f} s")
    passed = sum(result.passed for result in results.values())
    failed = sum(result.failed for result in results.values())
    print(f"\n{passed} passed, {failed} failed", flush=True)
    return int(failed > 0)

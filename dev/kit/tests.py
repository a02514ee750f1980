"""``./dev/test``: the parts and how each is run."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from dev.kit import environments, portals
from dev.kit.paths import ROOT, ckan_version
from dev.kit.servers import test_servers

NOTHING_COLLECTED = 5  # pytest's exit status for "no tests"


def slot() -> str:
    """The name that keeps parallel runs apart: its own databases, Solr core and Redis database."""
    return re.sub(r"[^a-z0-9]+", "_", os.environ.get("SATUDATA_TEST_SLOT", "main").lower())


def _pytest(version: str, options: list[str], folder: str, arguments: list[str]) -> int:
    paths = [word for word in arguments if not word.startswith("-") and Path(ROOT, word.split("::")[0]).exists()]
    command = ["pytest", *options, *arguments, *([] if paths else [folder])]
    status = subprocess.run(command, cwd=ROOT, env=environments.activated(version), check=False).returncode
    return 0 if status == NOTHING_COLLECTED and not arguments else status


def core(arguments: list[str]) -> int:
    """Tests of the core and of the rulebook: no CKAN, no servers."""
    version = ckan_version()
    environments.ready(version)
    return _pytest(version, ["-p", "no:ckan", "-p", "no:ckan_fixtures"], "tests/core", arguments)


def slices(arguments: list[str], version: str | None = None) -> int:
    """Tests of the slices on a real CKAN with its servers."""
    version = version or ckan_version()
    environments.ready(version)
    servers = test_servers()
    servers.start()
    portal = portals.prepare_for_tests(servers, version, slot())
    return _pytest(version, [f"--ckan-ini={portal.ini}"], "tests/slices", arguments)


def main(arguments: list[str]) -> int:
    """``./dev/test [PART …] [-- ARGUMENTS OF PYTEST]``."""
    part, rest = arguments[0], [word for word in arguments[1:] if word != "--"]
    return {"core": core, "slices": slices}[part](rest)

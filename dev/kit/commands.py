"""``./dev/run CMD …``: any command in the demo's environment."""

from __future__ import annotations

import subprocess

from dev.kit import environments, portals
from dev.kit.paths import ROOT, ckan_version
from dev.kit.servers import test_servers


def run_in_environment(arguments: list[str]) -> int:
    """Run ``arguments`` with the virtual environment active; ``ckan`` also gets running servers and a configuration."""
    version = ckan_version()
    environments.ready(version)
    environment = environments.activated(version)
    if arguments[:1] == ["ckan"]:
        servers = test_servers()
        servers.start()
        environment = portals.prepare_for_tests(servers, version, "run").environment()
    return subprocess.run(arguments, env=environment, check=False).returncode


assert ROOT

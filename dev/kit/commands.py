"""``./dev/run CMD …``: any command in the demo's environment, whether or not the portal is up."""

from __future__ import annotations

import subprocess

from dev.kit import catalogue, environments, machine
from dev.kit.demo import Demo
from dev.kit.steps import StepError

# Commands that talk to the databases; the others start nothing.
NEEDS_SERVERS = frozenset({"ckan", "gunicorn"})


def run_in_environment(arguments: list[str]) -> int:
    """Run ``arguments`` in the caller's folder with the environment active; the exit status is the command's.

    ``ckan`` finds the demo's configuration and running servers: those that are down are started (the web server is
    not) and stay until ``./dev/down``. ``i18n`` renews the translation catalogue.
    """
    if not arguments:
        raise StepError("./dev/run needs a command, for example: ./dev/run ckan satudata --help")
    demo = Demo()
    machine.ensure(machine.PORTAL)
    environments.ready(demo.version)
    if arguments[0] == "i18n":
        return catalogue.renew(demo.version)
    if arguments[0] in NEEDS_SERVERS:
        demo.prepare()
    environment = demo.portal.environment()
    if not demo.portal.ini.exists():
        environment.pop("CKAN_INI")
    try:
        return subprocess.run(arguments, env=environment, check=False).returncode
    except FileNotFoundError as error:
        raise StepError(f"{arguments[0]}: no such command in the environment of CKAN {demo.version}") from error

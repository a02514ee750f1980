"""``./dev/run i18n``: renew and compile the translation catalogue."""

from __future__ import annotations

import subprocess

from dev.kit import environments
from dev.kit.paths import ROOT, venv


def renew(version: str) -> int:
    """Run the part that needs Babel inside the virtual environment; 1 when sentences wait for Indonesian words."""
    script = ROOT / "dev" / "inside" / "catalogue.py"
    command = [venv(version) / "bin" / "python", script]
    return subprocess.run(command, env=environments.activated(version), check=False).returncode

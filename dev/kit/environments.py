"""Virtual environments with CKAN, this extension and the tools, all versions pinned."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tomllib
from pathlib import Path

from dev.kit.paths import ROOT, venv
from dev.kit.steps import lock, run, step


def requirements(version: str) -> Path:
    """The pinned requirements of one CKAN version."""
    return ROOT / "dev" / f"requirements-{version}.txt"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _project() -> bytes:
    """What an installed copy takes from ``pyproject.toml``: not the settings of the tools."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return repr([document["build-system"], document["project"], document["tool"]["setuptools"]]).encode()


def _is(marker: Path, wanted: str) -> bool:
    return marker.exists() and marker.read_text() == wanted


def ready(version: str) -> Path:
    """Create or complete the environment for ``version``; return its ``bin`` folder. Nothing to do takes no time."""
    home = venv(version)
    pinned, project = home / ".requirements", home / ".project"
    want_pinned, want_project = _digest(requirements(version).read_bytes()), _digest(_project())
    if _is(pinned, want_pinned) and _is(project, want_project):
        return home / "bin"
    with lock(f"venv-{version}"):
        # A half-made environment (interrupted, or of another Python) is made anew.
        if not _is(pinned, want_pinned):
            if home.exists() and not (home / "bin" / "pip").exists():
                shutil.rmtree(home)
            with step(f"Python environment for CKAN {version} (some minutes the first time)"):
                _install(home, version)
            pinned.write_text(want_pinned)
        if not _is(project, want_project):
            with step(f"this extension into the environment for CKAN {version}"):
                _pip(home, "install", "--no-deps", "--editable", str(ROOT))
                # a by-product of the build; what counts lies in the environment
                shutil.rmtree(ROOT / "ckanext_satudata.egg-info", ignore_errors=True)
            project.write_text(want_project)
    return home / "bin"


def _install(home: Path, version: str) -> None:
    hint = "Check the network and the free disk space, then run the command again: it goes on where it stopped."
    if not home.exists():
        run([sys.executable, "-m", "venv", home], hint="The package python3-venv is needed.")
    _pip(home, "install", "--requirement", str(requirements(version)), hint=hint)


def _pip(home: Path, *arguments: str, hint: str = "") -> None:
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    run([home / "bin" / "python", "-m", "pip", "--quiet", *arguments], env=quiet, hint=hint)


# Of the shell's own Python. Without bytecode every process would compile the whole portal anew.
NOT_TAKEN_OVER = ("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")


def activated(version: str, extra: dict[str, str] | None = None) -> dict[str, str]:
    """The process environment in which that virtual environment is active."""
    variables = {name: value for name, value in os.environ.items() if name not in NOT_TAKEN_OVER}
    variables["VIRTUAL_ENV"] = str(venv(version))
    variables["PATH"] = f"{venv(version) / 'bin'}{os.pathsep}{variables.get('PATH', '/usr/bin:/bin')}"
    return {**variables, **(extra or {})}

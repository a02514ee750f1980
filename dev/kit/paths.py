"""Where things are, and which CKAN is meant."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# The one ignored folder: environments, downloads, data of the demo and of the tests.
DEV = ROOT / ".dev"
VERSIONS = ("2.12", "2.11")


def ckan_version() -> str:
    """The CKAN of this command: ``CKAN_VERSION`` from the environment, 2.12 unless told."""
    version = os.environ.get("CKAN_VERSION", VERSIONS[0])
    short = ".".join(version.split(".")[:2])
    if short not in VERSIONS:
        raise SystemExit(f"CKAN_VERSION={version} is not supported; choose one of {', '.join(VERSIONS)}")
    return short


def venv(version: str) -> Path:
    """The virtual environment for one CKAN."""
    return DEV / f"venv-{version}"


def write_whole(file: Path, text: str) -> None:
    """Write a file that only its owner may read; who reads it meanwhile gets the old words or the new, never half."""
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    beside.touch(mode=0o600)
    beside.write_text(text)
    beside.replace(file)


def site_packages(version: str) -> Path:
    """``site-packages`` of that environment."""
    return next((venv(version) / "lib").glob("python3.*")) / "site-packages"

"""The property tests of procedures with far more examples than a daily run has time for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_random_people_in_random_procedures() -> None:
    """In a process of its own: the core needs nothing of CKAN, whose plugin of pytest is loaded here."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:ckan", "-p", "no:ckan_fixtures"]
    done = subprocess.run(
        [*command, "tests/core/workflow/test_properties.py"],
        cwd=ROOT,
        env={**os.environ, "HYPOTHESIS_PROFILE": "long"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout

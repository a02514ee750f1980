"""Start and stop groups of processes kept by the supervisor."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from dev.kit.paths import ROOT, write_whole
from dev.kit.steps import StepError


@dataclass(frozen=True)
class Process:
    """One entry of a group: ``user`` runs it when we are root, ``stop`` is the signal that ends it gently."""

    name: str
    argv: list[str]
    user: str | None = None
    cwd: str | None = None
    env: dict[str, str] = field(default_factory=dict)
    stop: str = "SIGTERM"


def pid(home: Path, group: str) -> int | None:
    """The supervisor's process id, or None when the group is down."""
    try:
        number = int((home / f"{group}.pid").read_text())
        command = Path(f"/proc/{number}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    # A number that another program got since the machine was started again is not ours.
    return number if b"dev.kit.supervisor" in command and str(home).encode() in command else None


def start(home: Path, group: str, processes: list[Process]) -> None:
    """Start the group in the background unless it runs."""
    if pid(home, group) is not None:
        return
    (home / "logs").mkdir(parents=True, exist_ok=True)
    listing = home / f"{group}.json"
    write_whole(listing, json.dumps([asdict(process) for process in processes], indent=2))
    with (home / "logs" / f"{group}.log").open("ab") as output:
        subprocess.Popen(
            [sys.executable, "-m", "dev.kit.supervisor", str(home), group],
            cwd=home,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + 10
    while pid(home, group) is None:
        if time.monotonic() > deadline:
            raise StepError(f"The process manager did not start; see {home / 'logs' / group}.log")
        time.sleep(0.05)


def stop(home: Path, group: str) -> bool:
    """Stop the group; say whether it ran."""
    number = pid(home, group)
    if number is None:
        return False
    os.kill(number, signal.SIGTERM)
    deadline = time.monotonic() + 90
    while pid(home, group) is not None:
        if time.monotonic() > deadline:
            raise StepError(f"The process manager {number} ({home.name}/{group}) does not end.")
        time.sleep(0.1)
    return True

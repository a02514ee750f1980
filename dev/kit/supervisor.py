"""One process manager for everything: ``python3 -m dev.kit.supervisor HOME GROUP``.

``HOME/GROUP.json`` holds a list of ``{name, argv, user, cwd, env, stop}``. Each process is started in that order with
its output in ``HOME/logs/<name>.log``, started again when it ends by itself (with growing pauses), and stopped in
reverse order on SIGTERM.
"""

from __future__ import annotations

import ctypes
import json
import os
import pwd
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Any

PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)
GRACE = 15.0  # seconds a process gets to end by itself


class Member:
    """One managed process."""

    def __init__(self, home: Path, entry: dict[str, Any]) -> None:
        self.name: str = entry["name"]
        self.argv: list[str] = entry["argv"]
        self.user: str | None = entry.get("user")
        self.cwd: str = entry.get("cwd") or str(home)
        self.env: dict[str, str] = {**os.environ, **(entry.get("env") or {})}
        self.stop_signal: int = getattr(signal, entry.get("stop") or "SIGTERM")
        self.log = home / "logs" / f"{self.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.failures = 0
        self.started = 0.0
        self.due = 0.0

    def start(self) -> None:
        """Start the process in its own group, as its own user."""
        account = pwd.getpwnam(self.user) if self.user is not None else None
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.argv,
                cwd=self.cwd,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=self._end_with_the_supervisor,
                user=account.pw_uid if account is not None else None,
                group=account.pw_gid if account is not None else None,
                extra_groups=[] if account is not None else None,
            )
        self.started = time.monotonic()

    def _end_with_the_supervisor(self) -> None:
        """In the new process: if the supervisor is killed outright, the kernel sends this process its stop signal."""
        libc.prctl(PR_SET_PDEATHSIG, self.stop_signal)

    def tend(self) -> None:
        """Start the process again when it has ended, later and later if it keeps ending."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
        elif self.process.poll() is not None:
            self.failures = 0 if now - self.started > 60 else self.failures + 1
            pause = min(30.0, 0.5 * 2**self.failures)
            with self.log.open("a") as output:
                output.write(f"-- ended with status {self.process.returncode}, starting again in {pause:.0f} s --\n")
            self.process, self.due = None, now + pause

    def stop(self) -> None:
        """Ask, wait, insist; take the children along."""
        process = self.process
        if process is None or process.poll() is not None:
            return
        process.send_signal(self.stop_signal)
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def main(home: Path, group: str) -> None:
    """Run until SIGTERM or SIGINT."""
    stopping: list[int] = []

    def on_signal(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    pid_file = home / f"{group}.pid"
    members = [Member(home, entry) for entry in json.loads((home / f"{group}.json").read_text())]
    pid_file.write_text(str(os.getpid()))
    try:
        while not stopping:
            for member in members:
                member.tend()
            time.sleep(0.25)
    finally:
        for member in reversed(members):
            member.stop()
        if pid_file.exists() and pid_file.read_text() == str(os.getpid()):  # and not of one that came after
            pid_file.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

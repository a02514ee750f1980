"""Say what is being done, run it, and say clearly what failed."""

from __future__ import annotations

import fcntl
import os
import shlex
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from dev.kit.paths import DEV


class StepError(Exception):
    """A step could not be done; the message says what failed and how to go on."""


def colour(code: str, text: str) -> str:
    """``text`` in a terminal colour, plain where nobody sees colours."""
    return f"\033[{code}m{text}\033[0m" if sys.stdout.isatty() and "NO_COLOR" not in os.environ else text


@contextmanager
def step(title: str) -> Iterator[None]:
    """Print ``title``, then the seconds it took."""
    print(f"  {title} … ", end="", file=sys.stderr, flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print(colour("31", "failed"), file=sys.stderr, flush=True)
        raise
    print(f"{time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)


def run(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: str | None = None,
    hint: str = "",
) -> str:
    """Run a command quietly and return what it printed; on failure show its last lines and ``hint``."""
    words = [str(word) for word in argv]
    try:
        done = subprocess.run(
            words,
            env={**os.environ, **env} if env is not None else None,
            cwd=cwd,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise StepError(f"{words[0]} was not found. {hint}".strip()) from error
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        sentence = f"{shlex.join(words)[:300]}\nended with status {done.returncode}:\n{tail}"
        raise StepError(f"{sentence}\n{hint}".rstrip())
    return done.stdout


def run_aloud(argv: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path) -> None:
    """Run a command that takes its time, and show its lines as they come; on failure show its last lines again."""
    words = [str(word) for word in argv]
    last: deque[str] = deque(maxlen=25)
    print(file=sys.stderr)
    with subprocess.Popen(
        words,
        env={**os.environ, **env, "PYTHONUNBUFFERED": "1"},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            last.append(line)
            print(f"    {line.rstrip()}", file=sys.stderr, flush=True)
    if process.returncode != 0:
        raise StepError(f"{shlex.join(words)[:300]}\nended with status {process.returncode}:\n{''.join(last)}")


@contextmanager
def lock(name: str) -> Iterator[None]:
    """Keep two commands from doing the same preparation at the same time."""
    DEV.mkdir(exist_ok=True)
    with (DEV / f".{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def using(name: str) -> Iterator[Callable[[], bool]]:
    """Say that something shared is in use; gives a question: is nobody else using it now?"""
    DEV.mkdir(exist_ok=True)
    with (DEV / f".{name}.users").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)

        def alone() -> bool:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        yield alone

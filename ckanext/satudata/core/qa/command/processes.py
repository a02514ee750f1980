"""Many files judged side by side, in processes that a deadline can end: ``python -m …command.processes``.

The parent sends lines of JSON: first the setup, then one task after the other. The child answers with lines of JSON:
``{"ready": true}`` when it has begun, ``{"done": n, "of": m}`` while it works, then ``{"report": …}`` or ``{"refused":
"…"}``. A child that is killed for the time or that dies costs the report on one file, and another takes its place.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from ckanext.satudata.core.qa.command.one_file import Judge, Setup, Task, size_of
from ckanext.satudata.core.qa.report import Report

# Told of each file how far it is, from 0 to 1.
Told = Callable[[int, float], None]
PULSE = 0.1  # seconds between two looks at the progress


class Refused(ValueError):  # noqa: N818 - the child's answer
    """A child could not work at all: a reference list turned out to be broken."""


def judge_all(tasks: Sequence[Task], setup: Setup, jobs: int, deadline: float | None, told: Told) -> list[Report]:
    """The reports in the order of ``tasks``; ``deadline``: seconds for one file, or none. Raises :class:`Refused`."""
    crew = _Crew(setup, jobs, deadline)
    progress = [0.0] * len(tasks)
    try:
        with ThreadPoolExecutor(jobs) as threads:
            work = [threads.submit(crew.report, task, number, progress) for number, task in enumerate(tasks)]
            with ExitStack() as unless_done:
                unless_done.callback(crew.stop)
                unless_done.callback(threads.shutdown, wait=False, cancel_futures=True)
                _watch(work, progress, told)
                unless_done.pop_all()
            return [future.result() for future in work]
    finally:
        crew.stop()
        crew.close()


def _watch(work: list[Future[Report]], progress: list[float], told: Told) -> None:
    """Tell of the progress until all is done, or one file showed that nothing can be done."""
    while True:
        done, open_work = wait(work, PULSE)
        for number, fraction in enumerate(progress):
            told(number, fraction)
        for future in done:
            future.result()
        if not open_work:
            return


@dataclass
class _Crew:
    """The children, lent to the threads one at a time."""

    setup: Setup
    jobs: int
    deadline: float | None
    _idle: SimpleQueue[_Child] = field(default_factory=lambda: SimpleQueue[_Child]())
    _all: list[_Child] = field(default_factory=lambda: [])
    _stopped: bool = False

    def report(self, task: Task, number: int, progress: list[float]) -> Report:
        if self._stopped:
            return _gave_up(task, "stopped")
        child = self._child()

        def told(fraction: float) -> None:
            progress[number] = fraction

        report = child.report(task, self.deadline, told)
        progress[number] = 1.0
        if child.is_alive():
            self._idle.put(child)
        return report

    def _child(self) -> _Child:
        with suppress(Empty):
            return self._idle.get_nowait()
        child = _Child(self.setup, self.jobs)
        self._all.append(child)
        return child

    def stop(self) -> None:
        """End every child; the threads that wait for an answer get none."""
        self._stopped = True
        for child in self._all:
            child.kill()

    def close(self) -> None:
        """When no thread waits any more."""
        for child in self._all:
            child.close()


class _Child:
    """One process that judges one file at a time."""

    def __init__(self, setup: Setup, jobs: int) -> None:
        threads = str(max(1, (os.cpu_count() or 1) // jobs))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ckanext.satudata.core.qa.command.processes"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            errors="surrogateescape",
            env={"POLARS_MAX_THREADS": threads, **os.environ, "PYTHONIOENCODING": "utf-8:surrogateescape"},
        )
        self._say(setup.to_dict())
        self._ready = False

    def report(self, task: Task, deadline: float | None, told: Callable[[float], None]) -> Report:
        # How long a child takes to begin is not the file's fault.
        if not self._ready and not self._begun():
            return _gave_up(task, "stopped")
        late = threading.Event()

        def end() -> None:
            late.set()
            self.kill()

        timer = threading.Timer(deadline, end) if deadline is not None else None
        if timer is not None:
            timer.daemon = True
            timer.start()
        try:
            self._say(task.to_dict())
            answer = self._answer(told)
        finally:
            if timer is not None:
                timer.cancel()
        if answer is None:
            self.kill()
            self._process.wait()
            return _gave_up(task, "out_of_time", seconds=deadline) if late.is_set() else _gave_up(task, "stopped")
        return answer

    def _begun(self) -> bool:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        message: dict[str, Any] = json.loads(line) if line else {}
        if "refused" in message:
            raise Refused(message["refused"])
        self._ready = bool(message)
        return self._ready

    def _say(self, message: object) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def _answer(self, told: Callable[[float], None]) -> Report | None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            message = json.loads(line)
            if "refused" in message:
                raise Refused(message["refused"])
            if "report" in message:
                return Report.from_dict(message["report"])
            told(message["done"] / max(message["of"], 1))
        return None

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(BrokenPipeError, ValueError):
                    stream.close()


def _gave_up(task: Task, code: str, **parameters: object) -> Report:
    file = {"name": task.name, "size": size_of(Path(task.path))}
    return Report("", "", file, unreadable={"code": code, "parameters": {"name": task.name, **parameters}})


def main() -> int:
    """The child: judge what comes in until nothing more does."""
    from ckanext.satudata.core.qa.checklist import ChecklistError
    from ckanext.satudata.core.qa.lists import ListError

    def say(message: object) -> None:
        print(json.dumps(message, default=str), flush=True)

    try:
        judge = Judge(Setup.from_dict(json.loads(sys.stdin.readline())))
        import_module("polars")
        say({"ready": True})
        for line in sys.stdin:
            report = judge.report(Task.from_dict(json.loads(line)), lambda done, of: say({"done": done, "of": of}))
            say({"report": report.to_dict()})
    except (ListError, ChecklistError) as error:
        say({"refused": str(error)})
    return 0


if __name__ == "__main__":
    with suppress(KeyboardInterrupt, BrokenPipeError):
        sys.exit(main())

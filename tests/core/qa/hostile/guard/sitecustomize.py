"""Watch over a worker from within: Python loads this file by itself where this folder stands on ``PYTHONPATH``.

What a file's content might make the worker do is refused and written down, one line each, in ``HOSTILE_LOG``: a
network socket, a program, a file opened outside of ``HOSTILE_FOLDERS``, anything changed outside of the first of
them. What libraries written in Rust or C do is not seen from here; for that there is the bait.
"""

from __future__ import annotations

import os
import sys
from typing import Any

_NETWORK = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "imaplib.", "poplib.", "nntplib.", "telnetlib.")
_PROGRAMS = ("os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn", "os.startfile", "webbrowser.open")
_CHANGES = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod")
_WORKER = ["-m", "ckanext.satudata.core.qa.worker", "--here"]


def _watch(folders: list[str], log: int) -> None:
    writable, here = folders[0], os.path.abspath(".")  # noqa: PTH100 - pathlib would be loaded before the guard stands

    def refuse(what: str) -> None:
        os.write(log, what.encode("utf-8", "backslashreplace").replace(b"\n", b" ") + b"\n")
        raise PermissionError(what)

    def inside(path: object, allowed: list[str]) -> bool:
        if isinstance(path, int):
            return True
        text = os.fsdecode(path) if isinstance(path, str | bytes | os.PathLike) else str(path)
        whole = os.path.normpath(text if text.startswith("/") else f"{here}/{text}")
        return any(whole == folder or whole.startswith(f"{folder}/") for folder in allowed)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            changing = bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)) or bool(mode and set(mode) & set("wax+"))
            if not inside(path, [writable, "/dev/null"] if changing else folders):
                refuse(f"open {path!r} {mode}")
        elif event.startswith(_NETWORK):
            refuse(f"{event} {arguments!r}"[:300])
        elif event == "subprocess.Popen" and list(arguments[1])[1:] != _WORKER:
            refuse(f"{event} {arguments[1]!r}"[:300])
        elif event in _PROGRAMS or (event in _CHANGES and not inside(arguments[0], [writable])):
            refuse(f"{event} {arguments!r}"[:300])

    sys.addaudithook(hook)


if "HOSTILE_LOG" in os.environ:
    _watch(
        [os.path.normpath(folder) for folder in os.environ["HOSTILE_FOLDERS"].split(os.pathsep)],
        os.open(os.environ["HOSTILE_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600),
    )

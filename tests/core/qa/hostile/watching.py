"""Bait for hostile files: whoever opens the file or calls the address is noticed, also below Python."""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import threading
from pathlib import Path

from tests.core.qa.hostile.recipe import Bait

_OPENED = 0x1 | 0x20  # IN_ACCESS, IN_OPEN
_EVENT = struct.Struct("iIII")


class Watch:
    """A file nobody may open (seen by the kernel, inotify) and an address nobody may call (somebody listens there)."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._file = folder / "rahasia.txt"
        self._file.write_text("<rahasia>jangan dibaca</rahasia>")
        libc = ctypes.CDLL(None, use_errno=True)
        self._notices: int = libc.inotify_init1(os.O_NONBLOCK)
        if self._notices < 0 or libc.inotify_add_watch(self._notices, os.fsencode(folder), _OPENED) < 0:
            raise OSError(ctypes.get_errno(), "inotify")
        self._calls: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.bait = Bait(self._file, f"http://127.0.0.1:{self._listener.getsockname()[1]}")
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, where = self._listener.accept()
            except OSError:
                return
            self._calls.append(f"somebody called the address from {where}")
            connection.close()

    def taken(self) -> list[str]:
        """What happened to the bait since the last question."""
        seen, self._calls[:] = list(self._calls), []
        try:
            data = os.read(self._notices, 65_536)
        except BlockingIOError:
            data = b""
        while data:
            _, mask, _, length = _EVENT.unpack_from(data)
            name = data[_EVENT.size : _EVENT.size + length].rstrip(b"\x00").decode()
            if name:  # listing the folder itself is no harm
                seen.append(f"somebody opened {name} ({mask:x})")
            data = data[_EVENT.size + length :]
        return seen

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()
        os.close(self._notices)

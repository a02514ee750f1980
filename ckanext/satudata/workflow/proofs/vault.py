"""Where the files of decisions lie: below CKAN's storage path, named by their content, served by one route only.

The bytes are written before the row that names them is committed, so a crash leaves at worst a file nobody names; the
tick ``evidence`` sweeps those away. Nothing is ever overwritten: the same bytes are the same file.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import uuid4

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.workflow.model import EvidenceRow

BLOCK = 1 << 20
# A file younger than this may belong to a transaction that is not committed yet.
GRACE_SECONDS = 3600
# Held shared while a file is written and its row committed, alone while files are swept away.
LOCK = 7_390_021
PART = ".part"
SWEPT = ".swept"


class TooLargeError(Exception):
    """More bytes than asked for."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the store."""

    sha256: str
    size: int
    path: Path


def folder() -> Path:
    """The store; ``RuntimeError`` on a portal without ``ckan.storage_path``."""
    storage = tk.config.get("ckan.storage_path")
    if not storage:
        raise RuntimeError("ckan.storage_path is not set: there is no place for files of decisions")
    return Path(str(storage)) / "satudata" / "evidence"


def path_of(sha256: str) -> Path:
    """Where the bytes with this SHA-256 lie."""
    return folder() / sha256[:2] / sha256


def received(stream: IO[bytes], limit: int) -> Path:
    """The bytes of a stream in a file of their own, not kept yet; :class:`TooLargeError` beyond ``limit`` bytes."""
    target = folder() / f"{uuid4()}{PART}"
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    size = 0
    with ExitStack() as unless_whole:
        unless_whole.callback(target.unlink, missing_ok=True)
        with target.open("xb") as file:
            while block := stream.read(BLOCK):
                size += len(block)
                if size > limit:
                    raise TooLargeError
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        unless_whole.pop_all()
    return target


def keep(passing: Path) -> Stored:
    """Let a received file have its place. Until the commit of the caller's transaction no sweep comes near."""
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock_shared(LOCK)))
    with passing.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    size = passing.stat().st_size
    target = path_of(sha256)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    passing.chmod(0o600)
    passing.replace(target)
    _sync(target.parent)
    return Stored(sha256, size, target)


def sweep(*, at_once: bool = False) -> int:
    """Remove files that no row names, once an hour unless ``at_once``; how many. Ends the transaction."""
    if not folder().is_dir() or not (at_once or _is_time()):
        return 0
    if not model.Session.execute(sa.select(sa.func.pg_try_advisory_xact_lock(LOCK))).scalar():
        model.Session.rollback()
        return 0
    try:
        oldest = time.time() - (0 if at_once else GRACE_SECONDS)
        known = {path.name: path for path in _files() if path.stat().st_mtime <= oldest}
        named = _named(sorted(known))
        for name, path in known.items():
            if name not in named:
                path.unlink(missing_ok=True)
        (folder() / SWEPT).touch()
        return len(known.keys() - named)
    finally:
        model.Session.rollback()


def _is_time() -> bool:
    mark = folder() / SWEPT
    return not mark.exists() or mark.stat().st_mtime <= time.time() - GRACE_SECONDS


def _files() -> Iterator[Path]:
    for path in folder().rglob("*"):
        if path.is_file() and path.name != SWEPT:
            yield path


def _named(names: list[str]) -> set[str]:
    """Of these SHA-256, those a row names that is not removed."""
    found: set[str] = set()
    for start in range(0, len(names), 1_000):
        query = sa.select(EvidenceRow.sha256).where(
            EvidenceRow.sha256.in_(names[start : start + 1_000]), EvidenceRow.removed.is_(None)
        )
        found |= set(model.Session.execute(query).scalars())
    return found


def _sync(directory: Path) -> None:
    """Let the name of a file survive a power cut, too."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

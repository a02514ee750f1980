"""A table with a million rows is swapped without the public noticing: readers wait for less than a blink."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckanext.datastore.backend.postgres import get_read_engine, get_write_engine

from ckanext.satudata.publication import rows
from tests.slices.publication.conftest import Portal, portal
from tests.slices.publication.copying import begin, use_rulebook

__all__ = ["portal"]

ROWS = 1_000_000
READS_BEFORE = 100  # the reader is at work
PAUSE = 0.100  # seconds a reader may wait
WHOLE = 10.0  # seconds the decision may take


def _table(first: int) -> str:
    lines = [f"Kecamatan {number:07d};{first + number}" for number in range(ROWS)]
    return "Kecamatan;Jumlah\n" + "\n".join(lines) + "\n"


def _reader(resource_id: str) -> tuple[int, Any]:
    """A process that reads one row again and again until it is told to stop; it says the longest it waited."""
    model.Session.remove()
    for engine in (model.ensure_engine(), get_write_engine(), get_read_engine()):
        engine.dispose()
    told, telling = os.pipe()
    child = os.fork()
    if child:
        os.close(telling)
        return child, os.fdopen(told)
    waits = [0.0]
    stop: list[bool] = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    query = sa.text(f'select "Jumlah" from "{resource_id}" limit 1')
    with get_read_engine().connect() as connection:
        while not stop:
            began = time.monotonic()
            connection.execute(query).scalar()
            connection.rollback() if hasattr(connection, "rollback") else None
            waits.append(time.monotonic() - began)
            if len(waits) == READS_BEFORE:
                os.write(telling, b"reading\n")
    os.write(telling, f"{max(waits)} {len(waits)}".encode())
    os._exit(0)


def test_a_million_rows_are_swapped_in_a_blink(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    use_rulebook(monkeypatch)
    changing = begin(portal, _table(0))
    resource = changing.live["resources"][0]["id"]
    copy = changing.open()
    changing.replace(copy["resources"][0], _table(7))
    changing.review(copy["id"])
    assert rows.load_due() == 1
    child, told = _reader(resource)
    assert told.readline() == "reading\n"
    began = time.monotonic()
    changing.done("reviewer", copy["id"], "publish")
    took = time.monotonic() - began
    os.kill(child, signal.SIGTERM)
    os.waitpid(child, 0)
    longest, times = told.read().split()
    print(f"swap of {ROWS} rows: {took:.2f} s, a reader waited {float(longest) * 1000:.0f} ms at most ({times} reads)")
    assert changing.seen()["searched"] is not None
    assert portal.call(None, "datastore_search", resource_id=resource, limit=1)[1]["records"][0]["Jumlah"] == 7
    assert took < WHOLE
    assert float(longest) < PAUSE

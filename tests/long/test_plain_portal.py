"""A portal that was made by plain CKAN gets the plugin: nothing is lost, nothing opens, and the doctor is content."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.common import config

from tests.long import plain_portal

SCRIPT = Path(plain_portal.__file__)
# What the tests' portal has no process for, or what belongs to its configuration.
ELSEWHERE = {"clock", "mail", "worker", "walidata", "storage_reachable"}


def _run(*command: Any) -> subprocess.CompletedProcess[str]:
    model.Session.remove()
    model.ensure_engine().dispose()
    return subprocess.run([str(one) for one in command], capture_output=True, text=True, env={**os.environ})


def _ckan(*arguments: str, statuses: tuple[int, ...] = (0,)) -> str:
    done = _run(Path(sys.executable).with_name("ckan"), f"--config={config['__file__']}", *arguments)
    assert done.returncode in statuses, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def plain(clean_portal: None, tmp_path: Path) -> Iterator[Path]:  # noqa: ARG001
    """The configuration of the same portal without this extension, on a database that has never seen it."""
    file = tmp_path / "plain.ini"
    ours = Path(config["__file__"]).read_text("utf-8")
    file.write_text(re.sub(r"(?m)^ckan\.plugins = .*$", "ckan.plugins = activity datastore text_view", ours))
    _ckan("db", "downgrade", "-p", "satudata", "-v", "base")
    try:
        yield file
    finally:
        _ckan("db", "upgrade", "-p", "satudata")


def _seen(file: Any, *how: str) -> dict[str, Any]:
    done = _run(sys.executable, SCRIPT, file, *how)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_a_portal_of_plain_ckan_is_taken_over(plain: Path, tmp_path: Path) -> None:
    before = _seen(plain, "fill")
    assert len(before) == plain_portal.PUBLIC
    assert sum(1 for one in before.values() for file in one[3] if file[2]) >= plain_portal.TABLES - 3
    _ckan("db", "upgrade", "-p", "satudata")

    # what another extension only hid is closed by the upgrade itself
    after = _seen(config["__file__"])
    hidden = {name for name in before if name not in after}
    assert len(hidden) == plain_portal.HIDDEN
    assert after == {name: one for name, one in before.items() if name not in hidden}

    shown = _ckan("satudata", "adopt")
    assert _last(shown) == [str(plain_portal.PUBLIC + plain_portal.PRIVATE + plain_portal.DRAFTS)]
    _ckan("satudata", "adopt", "--apply", "--gaps", str(tmp_path / "daftar"))
    _ckan("satudata", "tick", statuses=(0, 1))
    assert _seen(config["__file__"]) == after
    assert len(list((tmp_path / "daftar").glob("*.csv"))) == 3
    told = json.loads(_ckan("satudata", "doctor", "--json", statuses=(0, 1, 2)))
    assert [one for one in told["findings"] if one["id"].partition(".")[0] not in ELSEWHERE] == []
    with model.ensure_engine().connect() as connection:
        modes = set(connection.execute(sa.text("select mode from satudata_enforcement")).scalars())
    assert modes == {"observe"}


def _last(table: str) -> list[str]:
    """The number of all datasets in the last line of the table."""
    return [line.split()[1] for line in table.splitlines() if line.startswith("semua")]

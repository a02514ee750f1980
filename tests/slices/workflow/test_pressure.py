"""Decisions under pressure, in short: the real web server, many clients at once (`tests/long` does more of it)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.long import pressure
from tests.long.pressure import Crowd
from tests.long.rig import EVERYTHING, Rig
from tests.slices.daily import cases


@pytest.fixture(scope="module")
def crowd(loaded_plugins: None, tmp_path_factory: Any) -> Iterator[Crowd]:  # noqa: ARG001
    rig = Rig(tmp_path_factory.mktemp("rig"), settings=pressure.SETTINGS, threads=25)
    with pytest.MonkeyPatch.context() as patch, pressure.empty_office(patch) as office, rig:
        rig.start(*EVERYTHING)
        yield Crowd(rig, office)


@pytest.fixture(autouse=True)
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    pressure.use_rules(monkeypatch)


@pytest.mark.parametrize("kind", cases("mixed", thorough=["pass"]))
def test_of_fifty_who_decide_at_once_one_does(crowd: Crowd, kind: str) -> None:
    crowd.race(kind)
    pressure.assert_chain()

"""Many random lives of a case by real actions; see :mod:`tests.slices.workflow.wandering`."""

from __future__ import annotations

import random

import pytest

from tests.slices.workflow.conftest import Office, office
from tests.slices.workflow.levels import under
from tests.slices.workflow.wandering import Walk, mix_roles

__all__ = ["office"]
LIVES, STEPS = 12, 60


@pytest.mark.parametrize("workflow", ["uji", "bertingkat"])
def test_many_lives(office: Office, monkeypatch: pytest.MonkeyPatch, workflow: str) -> None:
    if workflow != "uji":
        under(office, monkeypatch, workflow)
    mix_roles(office)
    states: set[str] = set()
    for seed in range(LIVES):
        walk = Walk(office, random.Random(f"{workflow} {seed}"))
        for _ in range(STEPS):
            walk.step()
            states.add(office.written(walk.dataset).state)
    assert states >= {"draft", "in_review", "revision", "verified", "published", "rejected"}

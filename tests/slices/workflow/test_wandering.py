"""Random people, random decisions, a real database: what must never happen does not. `./dev/test long` tries more."""

from __future__ import annotations

import random

import pytest

from tests.daily import cases

from .conftest import Office
from .levels import under
from .wandering import Walk, mix_roles

STEPS = 40


@pytest.mark.thorough
@pytest.mark.parametrize("seed", cases(1, thorough=[2]))
def test_whatever_people_try_the_history_tells_where_the_case_stands(office: Office, seed: int) -> None:
    walk = Walk(mix_roles(office), random.Random(seed))
    for _ in range(STEPS):
        walk.step()
    assert walk.taken, "somebody did something"
    assert walk.refused, "somebody was refused"


@pytest.mark.thorough
def test_also_where_two_levels_follow_each_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = Walk(mix_roles(under(office, monkeypatch, "bertingkat")), random.Random(3))
    for _ in range(STEPS):
        walk.step()
    assert walk.taken
    assert walk.refused

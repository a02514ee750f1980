"""Cases of one rule: some are tried every day, the others by ``./dev/test long``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def cases(*daily: Any, thorough: Iterable[Any] = ()) -> list[Any]:
    """For ``pytest.mark.parametrize``: each a value, or a tuple of values."""
    return [*daily, *(_param(one) for one in thorough)]


def _param(one: Any) -> Any:
    values = one if isinstance(one, tuple) else (one,)
    return pytest.param(*values, marks=pytest.mark.thorough)

"""How thorough property tests are."""

from __future__ import annotations

import os


def examples(usual: int) -> int:
    """How many random examples a property test tries: as many as ``./dev/test core`` has time for, or far more."""
    return usual * 40 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else usual

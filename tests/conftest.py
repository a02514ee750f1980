"""For all tests."""

from __future__ import annotations

from hypothesis import settings

# Tests share few processors with others: how long one example takes says nothing.
settings.register_profile("satudata", deadline=None)
settings.load_profile("satudata")

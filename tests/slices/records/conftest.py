"""The same offices as in the tests of `workflow`."""

from __future__ import annotations

from tests.slices.workflow.conftest import Office, office, submitted

__all__ = ["Office", "office", "submitted"]

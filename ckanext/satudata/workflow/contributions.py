"""What workflow contributes: periodic work."""

from __future__ import annotations

from collections.abc import Callable

from ckanext.satudata.workflow.deciding import release
from ckanext.satudata.workflow.proofs import vault
from ckanext.satudata.workflow.sharing import batch_work, claim_work
from ckanext.satudata.workflow.standing import cases, checked
from ckanext.satudata.workflow.worklists import tally


def ticks() -> dict[str, Callable[[], object]]:
    """``cases``: datasets that were written past every hook get theirs. ``checked``, ``tally``: what the desk needs.
    ``release``: what was scheduled is published; ``auto_pass``: stages that pass by themselves.
    ``claims``: of people who left; ``batches``: complete without a decision; ``evidence``: files no row names."""
    return {
        "cases": cases.make_missing,
        "release": release.release,
        "auto_pass": release.auto_pass,
        "checked": checked.fill,
        "tally": tally.tidy,
        "claims": claim_work.free_stale,
        "batches": batch_work.begin_complete,
        "evidence": vault.sweep,
    }

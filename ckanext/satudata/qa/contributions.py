"""What qa contributes to the other slices."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ckanext.satudata.core.text import Reason
from ckanext.satudata.interfaces import Gate, SubjectView
from ckanext.satudata.qa import queue, rules, standing


def gates() -> dict[str, Gate]:
    """``qa_passed``: every uploaded file has a report on its present content, with nothing that must be mended."""
    return {"qa_passed": _qa_passed}


def ticks() -> dict[str, Callable[[], object]]:
    """``qa``: lost nudges, dead workers, files nobody asked about."""
    return {"qa": queue.tick}


def _qa_passed(_transition: str, subject: SubjectView) -> Sequence[Reason]:
    return standing.reasons(standing.of_dataset(subject.subject_id), rules.current())

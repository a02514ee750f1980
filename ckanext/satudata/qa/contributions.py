"""What qa contributes to the other slices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.core.text import Reason
from ckanext.satudata.interfaces import Gate, SubjectView
from ckanext.satudata.qa import dataset, queue, replying, rules, standing


def gates() -> dict[str, Gate]:
    """``qa_passed``: every uploaded file has a report on its present content, with nothing in it that stands in the way
    of this step (``gerbang`` of the checklist)."""
    return {"qa_passed": _qa_passed}


def ticks() -> dict[str, Callable[[], object]]:
    """``qa``: lost nudges, dead workers, files nobody asked about; ``qa_replies``: what was said of purged files."""
    return {"qa": queue.tick, "qa_replies": replying.sweep}


def _qa_passed(transition: str, subject: SubjectView) -> Sequence[Reason]:
    place = _place(subject.subject_id) if transition == "pass" else {}
    found = standing.of_dataset(subject.subject_id)
    return dataset.reasons(found, rules.current(), rules.gate(), transition, place.get("stage"))


def _place(dataset_id: str) -> dict[str, Any]:
    places = tk.get_action("satudata_case_places")({"ignore_auth": True}, {"ids": [dataset_id]})
    return places.get(dataset_id, {})

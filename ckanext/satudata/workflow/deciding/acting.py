"""Who may act where a case stands now; the case held while somebody does.

Notes, evidence and claims are made by whoever could decide at the present step. Whether a decision is possible already
(all of the batch here, notes judged, gates open) does not matter for that: it is how one gets there.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Reason, Text, reason
from ckanext.satudata.core.workflow import engine
from ckanext.satudata.workflow.standing import cases, locking, situation
from ckanext.satudata.workflow.standing.cases import Loaded

log = logging.getLogger(__name__)

# The steps by which a case goes on or back, by state.
STEPS: dict[str, tuple[str, ...]] = {
    "draft": ("submit",),
    "revision": ("submit",),
    "in_review": ("pass", "return", "reject"),
    "verified": ("publish", "schedule", "return"),
}
# Reasons that lie in the person, by code of the guard.
PERSONAL = frozenset({"role_missing", "own_work", "other_level", "held_by_other"})

NOTHING_TO_DO = Text(
    "Pada tahap ini tidak ada yang perlu diputuskan untuk dataset ini.",
    "There is nothing to decide about this dataset at this step.",
)


@contextmanager
def held(data: Mapping[str, Any], *, commit: bool) -> Iterator[Loaded]:
    """As :func:`locking.written`, with the case of ``data`` (``id``, ``subject_type``) held until the end."""
    subject_type = data["subject_type"]
    with locking.written(data["id"], commit=commit):
        subject_id = cases.subject_view(subject_type, data["id"]).subject_id
        row = cases.lock(subject_type, subject_id)
        yield cases.loaded(row, cases.subject_view(subject_type, subject_id))


def why_not(
    loaded: Loaded,
    user_id: str | None,
    steps: Collection[str] | None = None,
    *,
    ignoring: Collection[str] = (),
    as_sysadmin: bool = True,
) -> list[Reason]:
    """Why somebody may take none of these steps (default: all that lead on or back); empty when they may take one.

    Only reasons that lie in the person count, without those of the codes ``ignoring``. A sysadmin may everything that
    an override allows, unless ``as_sysadmin`` is false.
    """
    wanted = STEPS.get(loaded.row.state, ()) if steps is None else steps
    found = [option for option in options(loaded, user_id) if option.transition in wanted]
    if not found:
        return [reason("nothing_to_do", NOTHING_TO_DO)]
    if as_sysadmin and cases.actor(user_id, loaded.row).sysadmin:
        return []
    by_step = [[one for one in option.reasons if one.code in PERSONAL - set(ignoring)] for option in found]
    return [] if any(not reasons for reasons in by_step) else by_step[0]


def options(loaded: Loaded, user_id: str | None) -> list[engine.Option]:
    """The steps out of the present state as one person sees them, without asking the gates."""
    case, actor = situation.core_case(loaded.row, loaded.definition), cases.actor(user_id, loaded.row)
    return engine.available(loaded.definition, case, actor, loaded.facts, {})


def refuse(reasons: Collection[Reason]) -> None:
    """``ValidationError`` with the key ``reasons``, unless there are none."""
    if reasons:
        spoken = language()
        errors: dict[str, Any] = {"reasons": [found.to_dict(spoken) for found in reasons]}
        summary = {"reasons": " ".join(found.render(spoken) for found in reasons)}
        raise tk.ValidationError(errors, error_summary=summary)


def conflict(why: Reason) -> tk.ValidationError:
    """Somebody was faster."""
    return tk.ValidationError({"conflict": [why.render(language())]})

"""The friendly layer of the write guard: it knows where a dataset stands and says why a write is refused.

Under it lie the row triggers (``triggers.sql``), which stop whatever forgets to ask here. Both follow the same three
questions: is the type guarded, does the organization enforce, and what does the workflow's case say?
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NoReturn

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import ProgrammingError

from ckanext.satudata.bridge import access, terms
from ckanext.satudata.bridge.language import language
from ckanext.satudata.core.text import Reason
from ckanext.satudata.publication import asking, words
from ckanext.satudata.publication.copies import finding
from ckanext.satudata.publication.copies import words as copy_words
from ckanext.satudata.publication.model import enforcement, observed

EDITABLE = ("draft", "revision")

# Datasets that a transition of this very process is changing right now.
_passing: ContextVar[frozenset[str]] = ContextVar("satudata_passing", default=frozenset())


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a dataset stands: ``case_state`` of the workflow, ``state`` of CKAN, and whether rules are enforced."""

    id: str
    name: str
    type: str
    owner_org: str | None
    private: bool | None
    state: str
    case_state: str
    approved: bool
    basis: str
    mode: str
    access: str | None

    @property
    def guarded(self) -> bool:
        """Whether this is a type whose records need approval."""
        return self.type not in exempt_types()

    @property
    def enforced(self) -> bool:
        """Whether a write without approval is refused (``False``: exempt type, or only observed)."""
        return self.guarded and self.mode != "observe"

    @property
    def closed(self) -> bool:
        """Whether its class keeps it from the public, approved or not (*tertutup*; UU 14/2008, Pasal 17)."""
        return self.guarded and self.access == access.CLOSED

    @property
    def opened(self) -> bool:
        """Whether the public may read it: approved, and not closed by its class."""
        return self.approved and not self.closed

    @property
    def frozen(self) -> bool:
        """Whether its content may not change: decided on, approved, rejected or withdrawn."""
        return self.guarded and self.case_state not in EDITABLE


def exempt_types() -> frozenset[str]:
    """Types that behave as in plain CKAN (``ckanext.satudata.exempt_types``)."""
    configured = tk.config.get("ckanext.satudata.exempt_types") or []
    return frozenset(configured.split() if isinstance(configured, str) else configured)


def standing(reference: Any) -> Standing | None:
    """Where the dataset with this id or name stands; ``None`` for an unknown one, refusal of an id that is no text."""
    return _standing(asking.dataset(reference)) if _is_id(reference) else None


def standing_of_resource(resource_id: Any) -> Standing | None:
    """Where the dataset of a resource stands."""
    return _standing(asking.dataset_of_file(resource_id)) if _is_id(resource_id) else None


def _standing(known: dict[str, Any] | None) -> Standing | None:
    return Standing(**{name: known[name] for name in Standing.__slots__}) if known is not None else None


def standing_of_view(view_id: Any) -> Standing | None:
    """Where the dataset of a resource view stands."""
    view = model.ResourceView.get(view_id) if _is_id(view_id) else None
    return standing_of_resource(view.resource_id) if view is not None else None


def _is_id(value: Any) -> bool:
    # CKAN hands the value on to PostgreSQL, which ends in an error page
    if value and not isinstance(value, str):
        raise tk.ValidationError({"id": [words.NOT_AN_ID.render(language())]})
    return bool(value)


def mode_of(organization: Any) -> str:
    """``observe`` or ``enforce`` for an organization given by id or name; no row, or no organization, means enforce."""
    group = model.Group.get(organization) if isinstance(organization, str) and organization else None
    if group is None:
        return "enforce"
    query = sa.select(enforcement.c.mode).where(enforcement.c.organization_id == group.id)
    return model.Session.execute(query).scalar() or "enforce"


@contextmanager
def passing(dataset_id: str) -> Iterator[None]:
    """Let the writes of a transition through, in both layers, for one dataset and until the block ends.

    What was written is flushed before the pass is given back, so nothing can slip through later in the transaction.
    """
    token = _passing.set(_passing.get() | {dataset_id})
    try:
        _set_pass(dataset_id)
        yield
        model.Session.flush()
        _set_pass("")
    finally:
        _passing.reset(token)


def _set_pass(value: str) -> None:
    model.Session.execute(sa.text("select set_config('satudata.pass', :value, true)"), {"value": value})


def is_passing(dataset_id: str) -> bool:
    """Whether a transition is changing this dataset right now."""
    return dataset_id in _passing.get()


def frozen_reason(found: Standing | None) -> Reason | None:
    """Why the content of this dataset may not change now; ``None`` when it may."""
    if found is None or not found.frozen or is_passing(found.id):
        return None
    if found.case_state == "published":
        there = finding.open_of(found.id)
        return copy_words.published(there.copy_name if there is not None else None)
    return words.frozen(found.case_state)


def refuse_frozen(context: Any, found: Standing | None, auth: str = "package_update", what: str = "change") -> None:
    """Raise ``ValidationError`` when the dataset is frozen; only note it when its organization is observed.

    Who has no right to change it anyway gets CKAN's own ``NotAuthorized``, and so learns nothing about its state.
    """
    why = frozen_reason(found)
    if found is not None and why is not None:
        refuse(context, found, why, auth=auth, what=what)


def refuse(context: Any, found: Standing, why: Reason, *, auth: str = "package_update", what: str = "change") -> None:
    """Raise ``ValidationError`` for ``why``, or note it when the organization is only observed."""
    if not found.enforced:
        note_observed(found, what)
        return
    tk.check_access(auth, without_transaction(context), {"id": found.id})
    raise refusal(why)


@contextmanager
def explained(why: Reason = words.DECIDED_MEANWHILE) -> Iterator[None]:
    """Turn a refusal of the row triggers into a sentence: somebody decided between our look and the write."""
    try:
        yield
    except ProgrammingError as error:
        if "satudata:" not in str(error.orig):
            raise
        model.Session.rollback()
        raise refusal(why) from error


def refusal(why: Reason) -> tk.ValidationError:
    """The error of a refused write: one sentence under the key ``dataset``, in the reader's language."""
    return tk.ValidationError({"dataset": [why.render(language())]})


def unauthorized(why: Reason) -> NoReturn:
    """As :func:`refusal`, for callers in CKAN that know only ``NotAuthorized``."""
    raise tk.NotAuthorized(why.render(language()))


def without_transaction(context: Any) -> Any:
    """A context for a check beside the action: same user, nothing left behind in the caller's one."""
    kept = ("model", "session", "user", "auth_user_obj", "ignore_auth")
    return {key: context[key] for key in kept if key in context}


def may_read(context: Any, dataset_id: str) -> bool:
    """Whether the caller may read a dataset."""
    try:
        tk.check_access("package_show", without_transaction(context), {"id": dataset_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def note_observed(found: Standing, what: str) -> None:
    """Count what would have been refused: once per dataset, kind and day (of the portal's zone, as the triggers do)."""
    values = {
        "dataset_id": found.id,
        "what": what,
        "day": terms.today(),
        "organization_id": found.owner_org,
    }
    model.Session.execute(insert(observed).values(**values).on_conflict_do_nothing())


def keep_private(data_dict: dict[str, Any]) -> None:
    """A new dataset of a guarded type is private from the first moment, whatever the caller asked for.

    In an observed organization it is so unless the caller asks for a public one: the forms have no such field.
    """
    if (data_dict.get("type") or "dataset") in exempt_types():
        return
    asked = data_dict.get("private") not in (None, "", tk.missing)
    if not asked or mode_of(data_dict.get("owner_org")) != "observe":
        data_dict["private"] = True


def check_update(context: Any, found: Standing, data_dict: dict[str, Any]) -> None:
    """Judge an update by the stored row and by the row that would result."""
    if not found.guarded or is_passing(found.id):
        return
    refuse_frozen(context, found)
    wanted = data_dict.get("private")
    if wanted is None or wanted == "" or wanted is tk.missing:
        data_dict["private"] = bool(found.private)
    elif not found.opened and not _truth(wanted):
        refuse(context, found, words.NOT_PUBLIC, what="public")
    if found.enforced and not found.opened:
        # also when the row has drifted: the next edit closes it again
        data_dict["private"] = True


def _truth(value: Any) -> bool:
    try:
        return tk.asbool(value)
    except ValueError:
        # not a yes or no: CKAN's own validator will say so
        return True

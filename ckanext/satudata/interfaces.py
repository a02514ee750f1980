"""What slices and other extensions may contribute.

A region's own extension implements the methods it needs; every method has an empty answer as its default. The slices of
this extension contribute through the very same interface, so nothing here is reserved for us.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from ckan.plugins.interfaces import Interface

from ckanext.satudata.core.text import Reason, Text
from ckanext.satudata.core.workflow.definition import Scope


@dataclass(frozen=True)
class SubjectView:
    """What the workflow knows of the thing that is decided on (a dataset; later an MS record)."""

    subject_type: str
    subject_id: str
    title: str
    organization_id: str | None
    organization_title: str
    content_hash: str  # metadata, file blobs and dictionary; changes when anything a reviewer judges changes
    url: str  # path of its page
    facts: Mapping[str, Any] = field(default_factory=dict)  # plain facts for conditions: data_prioritas, jenis_data …


class Subject(Protocol):
    """An adapter for one subject type. It may say in ``fact_names`` which facts its views hold; lint asks for it."""

    def load(self, subject_id: str) -> SubjectView:
        """Return the view; raise ``ObjectNotFound`` for an unknown or deleted id. No authorization is done here."""
        ...

    def snapshot(self, subject_id: str) -> dict[str, Any]:
        """Return the content a reviewer judges, as JSON, kept with each submission so that rounds can be compared."""
        ...


@dataclass(frozen=True)
class TransitionEvent:
    """A step that is being written; effects and listeners get it inside the same transaction.

    ``schedule`` and ``release_refused`` change no state. ``note`` of ``release_refused`` says why.
    """

    event_id: str
    subject_type: str
    subject_id: str
    transition: str
    from_state: str
    to_state: str
    from_stage: str | None
    to_stage: str | None
    actor_id: str
    actor_role: str | None
    note: str | None
    round: int
    title: str
    organization_id: str | None
    organization_title: str = ""
    next_role: str | None = None  # whose turn it is now
    next_positions: tuple[str, ...] = ()  # and in which positions; empty: any
    next_stage_label: Text | None = None  # what the step that waits is called
    due: datetime | None = None  # until when
    automatic: bool = False  # nobody pressed a button: a term or a release date had come
    next_scope: Scope = "organization"  # which grants of the next role count
    next_kind: str | None = None  # of the stage that waits: sign_off, relay, report …
    from_kind: str | None = None  # of the stage that was left
    reason_code: str | None = None  # of a return or a rejection
    override: bool = False  # an administrator did it in the place of a role
    deputy_of: str | None = None  # for whom the actor acted (Plt, Plh)
    release_at: datetime | None = None  # published by itself at that moment


# Asked before a transition: why it may not happen now. The first argument is the transition's name.
Gate = Callable[[str, SubjectView], Sequence[Reason]]
# Done inside the transaction of a transition. Raising rolls everything back.
Effect = Callable[[TransitionEvent], None]
# A fact a definition's conditions may use: subject → value.
Fact = Callable[[SubjectView], Any]


@dataclass(frozen=True)
class SignRequest:
    """What a signer is told of the file and of the person who signs. ``secret`` is theirs: never kept, never logged."""

    evidence_id: str
    kind: str  # surat_validasi, laporan_pemeriksaan …
    name: str
    sha256: str
    subject_title: str
    user_id: str
    user_name: str
    user_email: str
    at: str  # when the file was added, ISO 8601
    secret: str = field(default="", repr=False)  # passphrase or one-time code, as the service asks


@dataclass(frozen=True)
class Signed:
    """What a signer made: a signature beside the file (``detached``, p7s …), or the signed file itself (PDF)."""

    content: bytes = field(repr=False)
    ending: str  # of the file's name, without dot
    detached: bool
    certificate: Mapping[str, Any]  # who signed by which certificate, as JSON: kept in the history


@dataclass(frozen=True)
class Verified:
    """What became of looking at a signature again."""

    valid: bool
    words: Text
    certificate: Mapping[str, Any] = field(default_factory=dict)


class SigningError(Exception):
    """Raised by a signer that does not sign: wrong passphrase, no certificate, service down. ``words`` say why."""

    def __init__(self, words: Text) -> None:
        super().__init__(words.en)
        self.words = words


class Signer(Protocol):
    """Signs files that belong to decisions: a service such as BSrE, a key on a card."""

    label: Text

    def sign(self, evidence_path: Path, request: SignRequest) -> Signed:
        """Sign the file; :class:`SigningError` with the words for the person when it cannot."""
        ...

    def verify(self, evidence_path: Path, signature: bytes | None) -> Verified:
        """Look at a signature again; ``signature`` is ``None`` when it is inside the file. Never raises."""
        ...


class ISatudata(Interface):
    """Contribute to the *Satu Data* portal."""

    def satudata_subjects(self) -> dict[str, Subject]:
        """Return ``{subject_type: adapter}``."""
        return {}

    def satudata_facts(self) -> dict[str, Fact]:
        """Return ``{name: function}``; the names may be used in ``when`` conditions of a workflow definition."""
        return {}

    def satudata_gates(self) -> dict[str, Gate]:
        """Return ``{gate name: function}``; a definition lists the gates of each transition by name."""
        return {}

    def satudata_effects(self) -> dict[str, list[Effect]]:
        """Return ``{transition name: [function]}``; run in the transaction, before the commit."""
        return {}

    def satudata_listeners(self) -> list[Effect]:
        """Return functions that are called for every transition in its transaction (outbox, notices)."""
        return []

    def satudata_after_commit(self) -> list[Effect]:
        """Return functions that are called for every transition after its commit (index, nudges).

        A failure here is logged and never reaches the person who decided; whatever must happen needs a row written by
        a listener, and a periodic job that finds it.
        """
        return []

    def satudata_ticks(self) -> dict[str, Callable[[], object]]:
        """Return ``{name: function}`` of periodic work; ``ckan satudata tick`` calls each once a minute."""
        return {}

    def satudata_rulebooks(self) -> list[Path]:
        """Return folders laid out like ``ckanext/satudata/rulebook`` whose files come before ours."""
        return []

    def satudata_signers(self) -> dict[str, Signer]:
        """Return ``{key: signer}``: who can sign files of decisions electronically."""
        return {}

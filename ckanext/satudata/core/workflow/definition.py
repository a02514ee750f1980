"""What a definition says: one region's SOP as data.

Made by :mod:`loader`, judged by :mod:`lint`, walked by :mod:`engine`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ckanext.satudata.core.text import Text
from ckanext.satudata.core.workflow.conditions import Condition, holds

ReturnKind = Literal["produsen", "previous", "stage", "via"]
Scope = Literal["organization", "tree", "all"]
Purpose = Literal["publication", "verification"]
Resubmit = Literal["first", "here"]
Batch = Literal["per_item", "per_campaign"]
StartWhen = Literal["item_submitted", "all_submitted"]
Basis = Literal["item", "batch"]
EvidenceOn = Literal["pass", "return", "any"]
# What somebody outside of the organization reads: where it is their turn; all that was handed in; drafts too.
Reads = Literal["stage", "submitted", "office"]
READS: tuple[Reads, ...] = ("stage", "submitted", "office")
QuestionKind = Literal["yes_no", "text", "number", "choice"]

# What a stage is for. A `relay` only hands a return on; a `report` is told, and says that it has read.
KINDS = ("review", "completeness", "correction", "sign_off", "qa", "approve", "report", "relay")

# Units of a term, with their English words; `frekuensi` is one period of the data's own frequency.
UNITS = {
    "menit": "minutes",
    "jam": "hours",
    "jam_kerja": "office hours",
    "hari": "days",
    "hari_kerja": "working days",
    "minggu": "weeks",
    "bulan": "months",
    "frekuensi": "periods",
}

# Positions everybody knows; a region may use other words for them, or add some.
POSITIONS: dict[str, Text] = {
    "staf": Text("Staf", "Staff"),
    "kasi": Text("Kepala Seksi", "Head of section"),
    "kabid": Text("Kepala Bidang", "Head of division"),
    "sekretaris": Text("Sekretaris", "Secretary"),
    "kepala": Text("Kepala Dinas", "Head of office"),
    "petugas": Text("Petugas", "Officer"),
    "opd": Text("Tingkat OPD", "Of the office"),
    "utama": Text("Utama", "Main"),
}

# Who is told when somebody is late, upwards.
LADDERS = (("staf", "kasi", "kabid", "kepala"), ("sekretaris", "kepala"), ("petugas", "opd", "utama"))


@dataclass(frozen=True, slots=True)
class Sla:
    """How long something may take: ``5 hari_kerja``. Units: see :data:`UNITS`.

    ``basis`` ``batch``: the term is for all items of a batch together.
    """

    value: int
    unit: str
    basis: Basis = "item"

    def text(self) -> Text:
        """The term in words."""
        if self.unit == "frekuensi":
            return Text("menurut frekuensi data", "by the frequency of the data")
        english = UNITS[self.unit]
        words = english.removesuffix("s") if self.value == 1 else english
        return Text(f"{self.value} {self.unit.replace('_', ' ')}", f"{self.value} {words}")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who acts: a role, in one position or in any."""

    role: str
    position: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnTo:
    """Where a return goes: ``produsen``, ``previous``, ``stage:<key>`` or ``via:<role>[/<position>]``.

    The note takes that way; ``via`` goes to a relay stage of that role, else to the nearest earlier stage of it.
    """

    kind: ReturnKind = "produsen"
    name: str | None = None
    position: str | None = None


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """A file that a step produces: ``laporan_pemeriksaan``, ``surat_validasi``, …

    ``on`` says at which decision of a stage; the evidence of a transition belongs to that transition.
    """

    kind: str
    label: Text
    on: EvidenceOn = "pass"
    required: bool = True

    def belongs_to(self, transition: str) -> bool:
        """Whether a stage's evidence goes with this decision."""
        return self.on in ("any", transition)


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to choose."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a form. ``stop``: the answer that forbids passing (``yes``, ``no`` or the value of a choice)."""

    key: str
    label: Text
    kind: QuestionKind = "yes_no"
    choices: tuple[Choice, ...] = ()
    required: bool = True
    stop: str | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A form that has to be answered to pass a stage."""

    key: str
    title: Text
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True)
class Producer:
    """The producer's own terms: ``collect`` then ``first`` for the first delivery, ``repair`` then ``resubmit`` after a
    return."""

    collect: Sla | None = None
    first: Sla | None = None
    repair: Sla | None = None
    resubmit: Sla | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One level of the review.

    ``positions`` empty: any position. ``scope`` ``organization``: a grant for the dataset's organization or for all;
    ``tree``: also one for an organization above it; ``all``: only a grant for all. ``separation``: the author may not
    decide here. ``resubmit_to``: where the producer's next submission goes after this stage returned it. ``form``: key
    of the form to answer. ``notes``: notes on fields are offered. ``start_when`` ``all_submitted``: nobody decides
    until every case of the batch is here. ``optional``: left out when nobody can act in it. ``escalate_to`` empty: see
    :meth:`Definition.escalation`.
    """

    key: str
    label: Text
    role: str
    positions: tuple[str, ...] = ()
    kind: str = "review"
    scope: Scope = "organization"
    when: Condition | None = None
    sla: Sla | None = None
    return_to: ReturnTo = ReturnTo()
    separation: bool = True
    resubmit_to: Resubmit = "first"
    form: str | None = None
    notes: bool = True
    batch: Batch = "per_item"
    start_when: StartWhen = "item_submitted"
    evidence: tuple[EvidenceRule, ...] = ()
    receipt: bool = False
    optional: bool = False
    auto_pass_after: Sla | None = None
    escalate_to: tuple[str, ...] = ()

    @property
    def relay(self) -> bool:
        """Whether it only hands returns on; a submission never goes there by itself."""
        return self.kind == "relay"

    @property
    def judges(self) -> bool:
        """Whether somebody judges the content here; a relay hands on, a report is only read."""
        return self.kind not in ("relay", "report")

    @property
    def separated(self) -> bool:
        """Whether an author, or who took another level, must leave it to somebody else."""
        return self.separation and self.judges

    def who(self) -> tuple[Holder, ...]:
        """Everybody who may act here."""
        return _holders((self.role,), self.positions)

    def admits(self, role: str, position: str | None) -> bool:
        """Whether that role in that position may act here, wherever the grant is from."""
        return role == self.role and (not self.positions or position in self.positions)


@dataclass(frozen=True, slots=True)
class TransitionRule:
    """Who may take a step that belongs to no stage, behind which gates, with which evidence, how long it may wait.

    ``by`` are the roles. ``holders`` tells role and position of each when positions differ (``by: [walidata/kasi,
    sekretariat]``); ``positions`` holds for all roles. Ask :meth:`who` or :meth:`admits`.
    """

    name: str
    by: tuple[str, ...] = ()
    positions: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    sla: Sla | None = None
    holders: tuple[Holder, ...] = ()
    scope: Scope = "organization"
    evidence: tuple[EvidenceRule, ...] = ()

    def who(self) -> tuple[Holder, ...]:
        """Everybody who may take the step."""
        return self.holders or _holders(self.by, self.positions)

    def admits(self, role: str, position: str | None) -> bool:
        """Whether that role in that position may take the step, wherever the grant is from."""
        return any(held.role == role and held.position in (None, position) for held in self.who())


@dataclass(frozen=True, slots=True)
class Definition:
    """A workflow.

    ``lines`` leads from a path such as ``stages[1].role`` to its line in the file, ``origins`` to the key of the
    definition it was inherited from (missing: its own). ``purpose`` ``verification``: ends verified, never public.
    ``reasons_free``: a return needs no reason code. ``reads``: what a role may read, see :meth:`reads_of`.
    """

    key: str
    title: Text
    roles: Mapping[str, Text]
    stages: tuple[Stage, ...]
    transitions: Mapping[str, TransitionRule]
    about: Text | None = None
    extends: str | None = None
    basis: str | None = None
    purpose: Purpose = "publication"
    positions: Mapping[str, Text] = field(default_factory=dict[str, Text])
    producer: Producer = Producer()
    forms: Mapping[str, Form] = field(default_factory=dict[str, Form])
    reasons_free: bool = False
    reads: Mapping[str, Reads] = field(default_factory=dict[str, Reads])
    lines: Mapping[str, int] = field(default_factory=dict[str, int], compare=False)
    origins: Mapping[str, str] = field(default_factory=dict[str, str], compare=False)

    def stage(self, key: str | None) -> Stage | None:
        """The stage with ``key``; ``None`` when there is none."""
        return next((stage for stage in self.stages if stage.key == key), None)

    def order(self, key: str | None) -> int:
        """The place of a stage in the definition, from 0; -1 for one it does not have."""
        return next((number for number, stage in enumerate(self.stages) if stage.key == key), -1)

    def applicable(self, facts: Mapping[str, Any]) -> tuple[Stage, ...]:
        """The stages a subject with these facts goes through, in order; relays are no part of the way."""
        return self.path(facts)

    def path(self, facts: Mapping[str, Any], unstaffed: Collection[str] = ()) -> tuple[Stage, ...]:
        """The way forward: applicable stages without relays and without optional ones that nobody can act in."""
        return tuple(
            stage
            for stage in self.stages
            if not stage.relay and holds(stage.when, facts) and not (stage.optional and stage.key in unstaffed)
        )

    def next_stage(self, after: str | None, facts: Mapping[str, Any], unstaffed: Collection[str] = ()) -> Stage | None:
        """The first stage of the way behind ``after`` (``None``: from the beginning); ``None`` behind the last."""
        begin = self.order(after)
        return next((stage for stage in self.path(facts, unstaffed) if self.order(stage.key) > begin), None)

    def earlier(self, before: str, facts: Mapping[str, Any], unstaffed: Collection[str] = ()) -> tuple[Stage, ...]:
        """The stages of the way in front of ``before``, the nearest first."""
        end = self.order(before)
        return tuple(stage for stage in reversed(self.path(facts, unstaffed)) if self.order(stage.key) < end)

    def relay(self, role: str | None, position: str | None, facts: Mapping[str, Any]) -> Stage | None:
        """The relay stage of a role (in a position, when one is asked for)."""
        for stage in self.stages:
            placed = position is None or not stage.positions or position in stage.positions
            if stage.relay and stage.role == role and placed and holds(stage.when, facts):
                return stage
        return None

    def steps_for(
        self, role: str, position: str | None = None, everywhere: bool = False, tree: bool = False
    ) -> frozenset[tuple[str, str | None]]:
        """Where it is the turn of somebody with this grant, as pairs of state and stage (``None`` outside review).

        ``everywhere``: the grant is for all organizations; ``tree``: it is for an organization above the dataset's.
        Draft and revision are the submitter's, verified the publisher's.
        """
        found: set[tuple[str, str | None]] = {
            ("in_review", stage.key)
            for stage in self.stages
            if stage.admits(role, position) and reaches(stage.scope, everywhere=everywhere, tree=tree)
        }
        for name, states in (("submit", ("draft", "revision")), ("publish", ("verified",))):
            rule = self.transitions.get(name)
            if rule is None or not rule.admits(role, position) or (name == "publish" and not self.publishes):
                continue
            if reaches(rule.scope, everywhere=everywhere, tree=tree):
                found.update((state, None) for state in states)
        return frozenset(found)

    @property
    def publishes(self) -> bool:
        """Whether a case can become public."""
        return self.purpose == "publication" and "publish" in self.transitions

    def form_of(self, stage: Stage | None) -> Form | None:
        """The form a stage asks for."""
        return self.forms.get(stage.form) if stage is not None and stage.form is not None else None

    def evidence_for(self, transition: str, stage: Stage | None) -> tuple[EvidenceRule, ...]:
        """What a step produces: the stage's evidence for this decision, and the transition's own.

        A scheduled release shows its evidence when it is scheduled.
        """
        rule = self.transitions.get("publish" if transition == "schedule" else transition)
        of_stage = [found for found in stage.evidence if found.belongs_to(transition)] if stage is not None else []
        return (*of_stage, *(rule.evidence if rule is not None else ()))

    def escalation(self, stage: Stage) -> tuple[str, ...]:
        """The positions told one after another once a stage is late: its own list, else those above its positions."""
        if stage.escalate_to:
            return stage.escalate_to
        if not stage.positions:
            return LADDERS[0][1:]
        above: list[str] = []
        for ladder in LADDERS:
            reached = [ladder.index(position) for position in stage.positions if position in ladder]
            if reached:
                above += [position for position in ladder[max(reached) + 1 :] if position not in above]
        return tuple(above)

    def reads_of(self, role: str) -> Reads:
        """What holders of a role read of what is not public; ``stage`` when the definition says nothing."""
        return self.reads.get(role, "stage")

    def role_label(self, role: str | None) -> Text:
        """The region's word for a role; the key itself when it names none."""
        return self.roles.get(role or "", Text(role or "", role or ""))

    def position_label(self, position: str | None) -> Text:
        """The region's word for a position; the usual one, or the key itself, when it names none."""
        key = position or ""
        return self.positions.get(key) or POSITIONS.get(key) or Text(key, key)

    def holder_label(self, holder: Holder) -> Text:
        """Role and position in words: ``Walidata (Kepala Seksi)``."""
        role = self.role_label(holder.role)
        if holder.position is None:
            return role
        position = self.position_label(holder.position)
        return Text(f"{role.id} ({position.id})", f"{role.en} ({position.en})")


def reaches(scope: Scope, *, everywhere: bool, tree: bool = False) -> bool:
    """Whether a grant reaches a dataset: one for all always does, one for an organization above it with ``tree``."""
    if everywhere:
        return True
    return scope == "tree" if tree else scope != "all"


def _holders(roles: Collection[str], positions: Collection[str]) -> tuple[Holder, ...]:
    return tuple(Holder(role, position) for role in roles for position in (positions or (None,)))

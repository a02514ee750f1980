"""The leak matrix bites: with one guard taken away, it names the place and the role that is told too much."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import authz, model
from ckan.lib import search

from ckanext.satudata.bridge import reviewing
from ckanext.satudata.core.workflow import reading as core_reading
from ckanext.satudata.core.workflow.definition import Definition
from ckanext.satudata.core.workflow.reading import Reader
from ckanext.satudata.publication import guard, labels, tags
from ckanext.satudata.publication.access import reading
from ckanext.satudata.publication.logic.action import side_doors
from ckanext.satudata.workflow.logic import auth as workflow_auth
from ckanext.satudata.workflow.model import EvidenceRow, NoteRow
from ckanext.satudata.workflow.proofs import evidence_work
from ckanext.satudata.workflow.remarks import note_answers
from tests.slices.leaks import matrix
from tests.slices.leaks.building import Office
from tests.slices.leaks.canaries import word
from tests.slices.leaks.conftest import built, office
from tests.slices.leaks.rules import ANONYMOUS

__all__ = ["built", "office"]

Apply = Callable[[pytest.MonkeyPatch, Office], Any]
OUT = (ANONYMOUS, "otheradmin", "stranger")


@dataclass(frozen=True)
class Mutation:
    """A guard taken away, and where the matrix looks: recipes, roles, situations (none: all there are)."""

    apply: Apply
    names: tuple[str, ...]
    who: tuple[str, ...] = OUT
    where: tuple[str, ...] = ("first", matrix.PORTAL)


@contextmanager
def nothing_to_undo() -> Iterator[None]:
    yield


def _labels_public(patch: pytest.MonkeyPatch, _office: Office) -> None:
    patch.setattr(labels, "dataset_labels", lambda _dataset, default: [*default, "public"])


@contextmanager
def _indexed_public(patch: pytest.MonkeyPatch, office: Office) -> Iterator[None]:
    dataset = office.places["first"]["id"]
    with patch.context() as inner:
        _labels_public(inner, office)
        search.rebuild(dataset)
        search.commit()
    yield
    search.rebuild(dataset)
    search.commit()


@contextmanager
def _row_public(_patch: pytest.MonkeyPatch, office: Office) -> Iterator[None]:
    for private in (False, True):
        with guard.passing(office.places["first"]["id"]):
            statement = sa.text("update package set private = :private where id = :id")
            model.Session.execute(statement, {"private": private, "id": office.places["first"]["id"]})
        model.Session.commit()
        if not private:
            yield


def _reviewers_label_for_all(patch: pytest.MonkeyPatch, _office: Office) -> None:
    patch.setattr(labels, "user_labels", lambda _user, default: [*default, "sd-review:walidata:all"])


def _everybody_is_inside(patch: pytest.MonkeyPatch, _office: Office) -> None:
    patch.setattr(reviewing, "is_inside", lambda _user, _dataset, _organization: True)


def _right_without_end(patch: pytest.MonkeyPatch, _office: Office) -> None:
    """Every role of the procedure reads at every stage."""

    def readers(definition: Definition, _state: str, _stage: str | None, _round: int) -> frozenset[Reader]:
        return frozenset(Reader(stage.role, None, stage.scope) for stage in definition.stages)

    patch.setattr(core_reading, "readers", readers)


def _history_for_readers(patch: pytest.MonkeyPatch, _office: Office) -> None:
    patch.setattr(workflow_auth, "_inside", workflow_auth._may_read)


def _partners_unread(patch: pytest.MonkeyPatch, _office: Office) -> None:
    patch.setattr(guard, "may_read", lambda _context, _dataset: True)


def _tags_as_in_ckan(patch: pytest.MonkeyPatch, _office: Office) -> None:
    patch.setattr(tags, "only_public", lambda found: found)


def _limited_for_all(patch: pytest.MonkeyPatch, _office: Office) -> None:
    patch.setattr(reading, "may_read_files", lambda _user, _shared: True)


def _files_for_all(patch: pytest.MonkeyPatch, _office: Office) -> None:
    def allowed(_context: Any, _data_dict: Any = None) -> dict[str, Any]:
        return {"success": True}

    allowed.auth_allow_anonymous_access = True  # type: ignore[attr-defined]
    authz._AuthFunctions.get("resource_show")
    patch.setitem(authz._AuthFunctions._functions, "resource_show", allowed)


def _unsent_notes(patch: pytest.MonkeyPatch, _office: Office) -> None:
    def all_notes(loaded: Any, _user_id: str) -> list[NoteRow]:
        query = sa.select(NoteRow).where(NoteRow.case_id == loaded.row.id)
        return list(model.Session.execute(query).scalars())

    patch.setattr(note_answers, "visible", all_notes)


def _waiting_files(patch: pytest.MonkeyPatch, _office: Office) -> None:
    def all_files(loaded: Any, _user_id: str) -> list[EvidenceRow]:
        query = sa.select(EvidenceRow).where(EvidenceRow.case_id == loaded.row.id)
        return list(model.Session.execute(query).scalars())

    patch.setattr(evidence_work, "visible", all_files)


@contextmanager
def _activity_public(_patch: pytest.MonkeyPatch, office: Office) -> Iterator[None]:
    statement = sa.text("update activity set permission_labels = '{public}' where object_id = :id")
    model.Session.execute(statement, {"id": office.places["observed"]["id"]})
    model.Session.commit()
    yield
    statement = sa.text("update activity set permission_labels = '{}' where object_id = :id")
    model.Session.execute(statement, {"id": office.places["observed"]["id"]})
    model.Session.commit()


@contextmanager
def _previews_in_activity(patch: pytest.MonkeyPatch, office: Office) -> Iterator[None]:
    given = {"resource_id": office.places["observed"]["resource"], "view_type": "text_view"}
    with patch.context() as inner:
        inner.setattr(side_doors, "_carries_no_labels", lambda _data_dict: False)
        made = office.do("editor", "resource_view_create", **given, title=word("view", "observed"))
    yield
    office.do("editor", "resource_view_delete", id=made["id"])


MUTATIONS = {
    "labels of a dataset": Mutation(_labels_public, ("package_show", "GET /dataset/<id>")),
    "labels in the index": Mutation(_indexed_public, ("package_search", "GET /dataset/", "GET /feeds/dataset.atom")),
    "private in the row": Mutation(_row_public, ("package_list", "resource_search", "tag_list")),
    "labels of reviewers": Mutation(_reviewers_label_for_all, ("package_show", "package_search")),
    "who is inside": Mutation(
        _everybody_is_inside, ("satudata_history", "GET /dataset/<id>/riwayat"), where=("published",)
    ),
    "the right ends with the stage": Mutation(
        _right_without_end,
        ("package_show", "satudata_history", "GET /dataset/<id>"),
        who=("pembina",),
        where=("first", "verified", "revision"),
    ),
    "drafts are nobody else's": Mutation(
        _right_without_end, ("package_show", "satudata_case_show"), who=("walidata",), where=("draft",)
    ),
    "history and evidence": Mutation(
        _history_for_readers, ("satudata_evidence_list", "satudata_history"), where=("published",)
    ),
    "members and relations": Mutation(
        _partners_unread, ("member_list", "package_relationships_list"), where=("published",)
    ),
    "tags": Mutation(_tags_as_in_ckan, ("tag_list", "tag_autocomplete", "tag_search")),
    "limited files": Mutation(
        _limited_for_all,
        ("datastore_search", "GET /dataset/<id>/resource/<resource_id>/download", "satudata_table_show"),
        where=("limited",),
    ),
    "auth of files": Mutation(
        _files_for_all, ("resource_show", "datastore_search", "GET /dataset/<id>/resource/<resource_id>/download")
    ),
    "notes not sent": Mutation(_unsent_notes, ("satudata_note_list",), who=("editor", "pembina")),
    "files not sent": Mutation(_waiting_files, ("satudata_evidence_list",), who=("editor", "pembina")),
    "labels of activities": Mutation(_activity_public, ("user_activity_list", "dashboard_activity_list")),
    "previews in activities": Mutation(_previews_in_activity, ("user_activity_list", "dashboard_activity_list")),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_without_this_guard_the_matrix_names_a_leak(
    office: Office, name: str, record_property: Callable[[str, object], None]
) -> None:
    mutation = MUTATIONS[name]
    chosen = [one for one in matrix.recipes(writes=False) if one.name in mutation.names]
    cells = [cell for cell in matrix.cells(chosen) if cell.role in mutation.who and cell.situation in mutation.where]
    assert not matrix.run(office, cells).leaks, "before"
    with pytest.MonkeyPatch.context() as patch:
        applied = mutation.apply(patch, office)
        with applied if applied is not None else nothing_to_undo():
            tried = matrix.run(office, cells)
    assert tried.leaks, "the matrix did not notice"
    record_property("caught", str(tried.leaks[0]))
    print(f"without {name}: {tried.leaks[0]}")

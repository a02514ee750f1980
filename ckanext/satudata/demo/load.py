"""Load the demo through the same actions a person's clicks go through.

Everything looks first and writes what is missing, so loading twice changes nothing, and an interrupted load goes on
where it stopped. A dataset somebody worked on in the meantime is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.satudata.bridge import columns
from ckanext.satudata.core.workflow.states import RULES
from ckanext.satudata.demo import catalogue, past
from ckanext.satudata.demo.accounts import password_of

Say = Callable[[str], object]


class Refused(Exception):  # noqa: N818 - an answer to the operator, named as people say it
    """The portal already serves somebody else; the message says what to do."""


def load(say: Say, *, beside_others: bool = False, only: Collection[str] = ()) -> None:
    """Load organizations, accounts, roles and datasets; ``say`` gets a line for each step.

    ``only`` names the datasets to load; without it all of them.

    Raises :class:`Refused` on a portal that holds organizations which are not of the demo, unless ``beside_others``.
    """
    book = catalogue.catalogue()
    if not beside_others:
        _refuse_a_real_portal(book)
    for organization in book["organizations"]:
        _organization(organization)
    say(f"{len(book['organizations'])} organisasi")
    for account in book["accounts"]:
        _account(account)
    say(f"{len(book['accounts'])} akun")
    datasets = [dataset for dataset in book["datasets"] if not only or dataset["name"] in only]
    for number, dataset in enumerate(datasets, 1):
        say(f"[{number}/{len(datasets)}] {dataset['title']}: {_dataset(dataset, book['datasets'].index(dataset))}")


def _as(account: str, action: str, **data: Any) -> Any:
    """Call an action as ``account`` would, with all refusals."""
    return tk.get_action(action)({"user": account}, data)


def _portal() -> str:
    return tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]


def _refuse_a_real_portal(book: Mapping[str, Any]) -> None:
    ours = {organization["name"] for organization in book["organizations"]}
    others = sorted(set(_as(_portal(), "organization_list")) - ours)
    if others:
        raise Refused(
            f"Portal ini sudah berisi organisasi lain ({', '.join(others[:5])}). Demo dimaksudkan untuk portal kosong; "
            "tambahkan --beside-others bila memang ingin memuatnya di sini."
        )


def _organization(organization: Mapping[str, Any]) -> None:
    if model.Group.get(organization["name"]) is not None:
        return
    _as(
        _portal(),
        "organization_create",
        name=organization["name"],
        title=organization["title"],
        kode_opd=organization["kode_opd"],
        jenis=organization["jenis"],
        surel=f"{organization['name']}@{catalogue.MAIL}",
    )


def _account(account: Mapping[str, Any]) -> None:
    password = password_of(account["name"])
    user = model.User.get(account["name"])
    if user is None:
        _as(
            _portal(),
            "user_create",
            name=account["name"],
            fullname=account["title"],
            email=f"{account['name']}@{catalogue.MAIL}",
            password=password,
        )
    elif not user.validate_password(password):
        _as(_portal(), "user_patch", id=user.id, password=password)
    _roles(account)


def _roles(account: Mapping[str, Any]) -> None:
    user = model.User.get(account["name"])
    if account.get("sysadmin") and user is not None and not user.sysadmin:
        _as(_portal(), "user_patch", id=account["name"], sysadmin=True)
    if "member" in account:
        _as(_portal(), "organization_member_create", id=account["member"], username=account["name"], role="editor")
    if "grant" in account and not _as(_portal(), "satudata_grant_list", user=account["name"], role=account["grant"]):
        options = {key: account[key] for key in ("position", "organization", "letter") if key in account}
        _as(_portal(), "satudata_grant_create", user=account["name"], role=account["grant"], **options)


def _dataset(dataset: Mapping[str, Any], place: int) -> str:
    """Bring one dataset to its state; the answer is that state in words."""
    found = model.Package.get(dataset["name"])
    if found is not None and found.state == "deleted":
        return "dihapus, dibiarkan"
    if found is None:
        _as(catalogue.operator(dataset), "package_create", **catalogue.fields(dataset))
    case = _as(_portal(), "satudata_case_show", id=dataset["name"])
    history = reversed(_as(_portal(), "satudata_history", id=dataset["name"]))
    done = [event["transition"] for event in history if event["transition"] in RULES]
    wanted = catalogue.steps(dataset)
    if done != [step.transition for step in wanted][: len(done)]:
        return f"{case['state_label']} (sudah diubah orang, dibiarkan)"
    if not done:
        _fill(dataset)
    moments = past.moments(place, len(wanted))
    for step, moment in list(zip(wanted, moments, strict=True))[len(done) :]:
        with columns.at(moment):
            _decide(dataset["name"], step)
    return _as(_portal(), "satudata_case_show", id=dataset["name"])["state_label"]


def _fill(dataset: Mapping[str, Any]) -> None:
    """File, checks and priority of a draft, as far as they are not there yet."""
    operator = catalogue.operator(dataset)
    resource = catalogue.resource(dataset)
    there = _as(operator, "package_show", id=dataset["name"])["resources"]
    if resource is not None and not there:
        there = [_upload(dataset, operator, resource)]
    for item in there:
        if item.get("url_type") == "upload":
            _as(_portal(), "satudata_qa_run", resource_id=item["id"], wait=True)
    if "prioritas" in dataset:
        _as(
            "walidata_staf",
            "satudata_prioritas_set",
            id=dataset["name"],
            data_prioritas=True,
            tahun=dataset["prioritas"],
        )


def _upload(dataset: Mapping[str, Any], operator: str, resource: dict[str, Any]) -> dict[str, Any]:
    if "file" not in dataset:
        return _as(operator, "resource_create", package_id=dataset["name"], **resource)
    with (catalogue.DATA / dataset["file"]).open("rb") as stream:
        upload = FileStorage(stream, filename=dataset["file"])
        return _as(operator, "resource_create", package_id=dataset["name"], upload=upload, **resource)


def _decide(name: str, step: catalogue.Step) -> None:
    seen = _as(step.account, "satudata_case_show", id=name)
    data = {
        "id": name,
        "transition": step.transition,
        "expected": seen["expected"],
        "content_hash": seen["content_hash"],
    }
    data.update({key: value for key, value in (("note", step.note), ("reason_code", step.reason)) if value is not None})
    for field, text in step.notes.items():
        _as(step.account, "satudata_note_create", id=name, target_type="field", target=field, text=text)
    _as(step.account, "satudata_transition", **data)

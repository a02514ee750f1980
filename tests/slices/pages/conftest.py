"""A small portal whose pages can be opened: an operator, a walidata, a stranger, and a complete dataset."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from ckan import model
from ckan.lib import search
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp, call_action
from werkzeug.datastructures import FileStorage

from tests import descriptions
from tests.slices import remembered

PASSWORD = "PasswordUji-1"
TITLE = "Jumlah Puskesmas Menurut Kecamatan"

COMPLETE: dict[str, Any] = {
    **{key: value for key, value in descriptions.COMPLETE.items() if key != "title"},
    "cakupan_waktu": [{"mulai": "2023", "selesai": "2024"}],
    "kontak": [{"unit": "Seksi Data", "surel": "data@dinkes.contohkab.go.id", "telepon": "(022) 589 7200"}],
}

DICTIONARY: list[dict[str, Any]] = [
    {"kolom": "kecamatan", "label": "Kecamatan", "tipe": "text", "wajib": True, "kunci": True, "definisi": "Nama."},
    {"kolom": "tahun", "label": "Tahun", "tipe": "year", "wajib": True, "kunci": True, "definisi": "Tahun pendataan."},
    {"kolom": "jumlah", "label": "Jumlah", "tipe": "integer", "satuan": "Unit", "definisi": "Puskesmas."},
]

CSV = "kecamatan,tahun,jumlah\n" + "".join(
    f"{name},{year},{number}\n"
    for year in (2023, 2024)
    for name, number in (("Arjasari", 3), ("Baleendah", 4), ("Banjaran", 3), ("Ciparay", 4), ("Soreang", 2))
)

# A table that nothing at all is said about: a place would want its code.
SERVICES = "layanan,tahun,jumlah\n" + "".join(
    f"{name},{year},{number}\n"
    for year in (2023, 2024)
    for name, number in (("Rawat jalan", 3), ("Rawat inap", 4), ("Imunisasi", 3), ("Gizi", 4), ("Persalinan", 2))
)
DICTIONARIES = {SERVICES: [{**DICTIONARY[0], "kolom": "layanan", "label": "Layanan"}, *DICTIONARY[1:]]}


class Page:
    """One answer of the portal."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.body: str = response.body
        self.location: str = response.headers.get("location", "")

    @property
    def text(self) -> str:
        """What a person reads, without marks, scripts and styles."""
        bare = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", self.body)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", bare)))

    def field(self, name: str) -> str:
        """The value of a hidden field."""
        found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', self.body)
        assert found is not None, f"no field {name}"
        return html.unescape(found.group(1))


class Story:
    """The people of the story and what they do, through pages and actions."""

    def __init__(self, client: CKANTestApp) -> None:
        self.client = client
        self.tokens: dict[str, str] = {}
        for who, full_name in (
            ("operator", "Operator Dinkes"),
            ("walidata", "Walidata, Staf 1"),
            ("stranger", "Operator Disdik"),
            ("reader", "Pembaca"),
        ):
            self.person(who, full_name)
        self.person("sysadmin", "Pengelola", sysadmin=True)
        self.dinkes = self._organization("dinkes", "Dinas Kesehatan", "operator")
        self.disdik = self._organization("disdik", "Dinas Pendidikan", "stranger")
        self.act("sysadmin", "satudata_grant_create", user="orang-walidata", role="walidata")

    def person(self, who: str, full_name: str, **values: Any) -> None:
        """One more account."""
        told = {"fullname": full_name, "about": "", "image_url": "", **values}
        user = factories.User(name=f"orang-{who}", password=PASSWORD, **told)
        self.tokens[who] = factories.APIToken(user=user["id"])["token"]

    def _organization(self, name: str, title: str, editor: str) -> dict[str, Any]:
        told = {"description": "Perangkat daerah.", "image_url": ""}
        users = [{"name": f"orang-{editor}", "capacity": "editor"}]
        return factories.Organization(name=name, title=title, users=users, **told)

    def act(self, who: str, action: str, **data: Any) -> Any:
        """An action as one of the people, with authorization."""
        return call_action(action, {"user": f"orang-{who}", "ignore_auth": False}, **data)

    def dataset(self, title: str = TITLE, *, csv: str = CSV, **values: Any) -> dict[str, Any]:
        """A draft of the operator with a complete description and a checked table."""
        return remembered.once(self._dataset, title, csv=csv, **values)

    def _dataset(self, title: str, *, csv: str, **values: Any) -> dict[str, Any]:
        given = {**COMPLETE, "title": title, "owner_org": self.dinkes["id"], **values}
        made = self.act("operator", "package_create", **given)
        self.upload(made["id"], csv)
        return self.act("operator", "package_show", id=made["id"])

    def upload(self, dataset_id: str, csv: str = CSV) -> dict[str, Any]:
        """Upload a table and wait until it is checked."""
        file = FileStorage(io.BytesIO(csv.encode()), "puskesmas.csv", content_type="text/csv")
        told = {"name": "Puskesmas per kecamatan", "format": "CSV", "kamus_data": DICTIONARIES.get(csv, DICTIONARY)}
        made = self.act("operator", "resource_create", package_id=dataset_id, upload=file, **told)
        self.act("sysadmin", "satudata_qa_run", resource_id=made["id"], wait=True)
        return made

    def decide(self, who: str, dataset_id: str, transition: str, note: str = "", **more: Any) -> dict[str, Any]:
        """Decide through the action, having seen the present state; what is submitted was checked as it stands."""
        if transition == "submit":
            for resource in self.act("sysadmin", "package_show", id=dataset_id)["resources"]:
                if resource["url_type"] == "upload":
                    self.act("sysadmin", "satudata_qa_run", resource_id=resource["id"], wait=True)
        case = self.act(who, "satudata_case_show", id=dataset_id)
        seen = {"expected": case["expected"], "content_hash": case["content_hash"]}
        if transition in ("return", "reject"):
            more.setdefault("reason_code", "metadata")
        return self.act(who, "satudata_transition", id=dataset_id, transition=transition, note=note, **seen, **more)

    def publish(self, dataset_id: str) -> None:
        """Through all stages to the public."""
        remembered.once(self._publish, dataset_id)

    def _publish(self, dataset_id: str) -> None:
        self.decide("operator", dataset_id, "submit")
        self.decide("walidata", dataset_id, "pass")
        self.decide("walidata", dataset_id, "publish")
        search.commit()

    def open(self, who: str | None, path: str, language: str | None = None) -> Page:
        """GET a page; ``who`` is ``None`` for a visitor. Redirects are not followed."""
        model.Session.remove()
        headers = {"Authorization": self.tokens[who]} if who else {}
        url = f"/{language}{path}" if language else path
        return Page(self.client.get(url, headers=headers, follow_redirects=False))

    def send(self, who: str | None, path: str, /, **form: Any) -> Page:
        """POST a form with the person's API token; what a browser with a session needs besides has its own test.

        A file is ``(stream, name)``.
        """
        model.Session.remove()
        headers = {"Authorization": self.tokens[who]} if who else {}
        return Page(self.client.post(path, headers=headers, data=form, follow_redirects=False))

    def send_seen(self, who: str, page: str, path: str | None = None, /, **form: Any) -> Page:
        """POST with what the page ``page`` showed: open it, take its hidden fields, send."""
        seen = self.open(who, page)
        names = ("expected", "content_hash", "terakhir", "kunci")
        return self.send(who, path or page, **{name: seen.field(name) for name in names}, **form)


@pytest.fixture
def story(app: CKANTestApp, beginning: None) -> Story:  # noqa: ARG001
    return remembered.begin(Story, client=app)


@pytest.fixture
def submitted(story: Story) -> dict[str, Any]:
    """A dataset in review."""
    return remembered.once(_submitted, story)


def _submitted(story: Story) -> dict[str, Any]:
    made = story.dataset()
    story.decide("operator", made["id"], "submit")
    return made

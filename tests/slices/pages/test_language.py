"""No English is left on the pages of the story, and each page has one heading and labelled fields."""

from __future__ import annotations

import re

import pytest

from tests.slices.pages.conftest import Page, Story

# Words no Indonesian sentence has. Names of formats, licences and programs may stay.
ENGLISH = re.compile(
    r"\b(the|and|you|your|this|that|with|from|are|was|have|been|not|found|search|edit|add|view|views|download|upload|"
    r"save|submit|next|previous|update|updated|created|delete|cancel|name|title|description|tags|resources?|groups?|"
    r"organizations?|user|users|login|log in|log out|password|email address|settings|manage|members?|followers?|about|"
    r"all|none|yes|no|page|home|dashboard|activity|stream|field|value|license|last|show|hide|more|less|order by|"
    r"relevance|ascending|descending|error|please|required|skip|content|navigation|dataset found|explore|preview|"
    r"private|public|additional|info|information|source|state|active|version|author|maintainer|unknown|license)\b",
    re.IGNORECASE,
)
# Names that are English by themselves.
ALLOWED = re.compile(
    r"Creative Commons \w+|Open Data Commons[\w ]*|CKAN API|API CKAN|package_show|datastore_search|resource_id|"
    r"https?://\S+|\S+@\S+|sysadmin|Admin\b|Data Explorer|Satu Data \w+|orang-\w+|\bEmail\b",
    re.IGNORECASE,
)


def built(story: Story) -> dict[str, str]:
    """A dataset in each moment of the story; names by moment."""
    draft = story.act("operator", "package_create", title="Kunjungan Posyandu", owner_org=story.dinkes["id"])
    names = {"draft": draft["name"]}
    for moment, title in (
        ("returned", "Jumlah Puskesmas"),
        ("waiting", "Jumlah Apotek"),
        ("published", "Jumlah Bidan"),
    ):
        made = story.dataset(f"{title} Menurut Kecamatan")
        names[moment] = made["name"]
        names[f"{moment}-file"] = made["resources"][0]["id"]
        if moment == "published":
            story.publish(made["id"])
        else:
            story.decide("operator", made["id"], "submit")
    file = {"resource_id": names["returned-file"]}
    for at in ({"target_type": "field", "target": "sds_satuan"}, {"target_type": "column", "target": "jumlah", **file}):
        story.act("walidata", "satudata_note_create", id=names["returned"], text="Belum tepat.", **at)
    story.decide("walidata", names["returned"], "return", "Satuan belum tepat.")
    return names


PAGES = [
    (None, "/"),
    (None, "/dataset/"),
    (None, "/dataset/?q=tidakada"),
    (None, "/dataset/{published}"),
    (None, "/dataset/{published}/resource/{published-file}"),
    (None, "/organization/"),
    (None, "/organization/dinkes"),
    (None, "/user/login"),
    (None, "/user/reset"),
    (None, "/verifikasi"),
    (None, "/dataset/tidak-ada"),
    ("operator", "/pekerjaan-saya"),
    ("operator", "/notifikasi"),
    ("operator", "/dataset/{draft}"),
    ("operator", "/dataset/{draft}/status"),
    ("operator", "/dataset/{returned}/status"),
    ("operator", "/dataset/{waiting}/status"),
    ("operator", "/dataset/{published}/status"),
    ("operator", "/dataset/{published}/riwayat"),
    ("operator", "/dataset/new"),
    ("operator", "/dataset/edit/{draft}"),
    ("operator", "/dataset/edit/{returned}/standar-data"),
    ("operator", "/dataset/{returned}/resource/{returned-file}/kamus"),
    ("operator", "/dataset/{returned}/resource/{returned-file}/edit"),
    ("operator", "/dataset/{returned}/resource/{returned-file}/qa"),
    ("operator", "/user/orang-operator"),
    ("operator", "/user/edit/orang-operator"),
    ("operator", "/dashboard/datasets"),
    ("walidata", "/meja-kerja"),
    ("walidata", "/dataset/{waiting}/tinjau"),
    ("walidata", "/dataset/{waiting}/riwayat"),
    ("walidata", "/dataset/{waiting}/resource/{waiting-file}/qa"),
]


IN_ENGLISH = [
    ("en", None, "/dataset/{published}"),
    ("en", "operator", "/pekerjaan-saya"),
    ("en", "walidata", "/meja-kerja"),
]

OPENED: dict[str, Page] = {}


@pytest.fixture
def pages(request: pytest.FixtureRequest) -> dict[str, Page]:
    """Every page of the story, opened once for all tests of this file."""
    if not OPENED:
        story: Story = request.getfixturevalue("story")
        names = built(story)
        for language, who, path in [*((None, *page) for page in PAGES), *IN_ENGLISH]:
            OPENED[f"{language or ''} {who} {path}".strip()] = opened(story, names, language, who, path)
    return OPENED


def opened(story: Story, names: dict[str, str], language: str | None, who: str | None, path: str) -> Page:
    answer = story.open(who, re.sub(r"\{([\w-]+)\}", lambda found: names[found.group(1)], path), language)
    if answer.status in (301, 302) and answer.location:
        answer = story.open(who, re.sub(r"^https?://[^/]+", "", answer.location))
    return answer


def attributes(page: Page) -> str:
    """Words that are read out or shown on pointing, beside the text."""
    return " ".join(re.findall(r'(?:aria-label|title|placeholder|alt|data-bs-title)="([^"]*)"', page.body))


def indonesian(pages: dict[str, Page]) -> dict[str, Page]:
    return {place: page for place, page in pages.items() if not place.startswith("en ")}


def test_every_page_opens(pages: dict[str, Page]):
    wrong = {
        place: page.status for place, page in pages.items() if page.status != (404 if "tidak-ada" in place else 200)
    }
    assert wrong == {}


def test_no_english_is_left(pages: dict[str, Page]):
    found: dict[str, list[str]] = {}
    for place, page in indonesian(pages).items():
        words = ALLOWED.sub(" ", re.sub(r"<[^>]+>", " ", f"{page.text} {attributes(page)}"))
        left = [words[max(0, hit.start() - 25) : hit.end() + 25] for hit in ENGLISH.finditer(words)]
        if left:
            found[place] = left[:5]
    assert found == {}


def test_no_indonesian_stands_in_english(pages: dict[str, Page]):
    for place, words in (
        ("en None /dataset/{published}", "Verified by the Walidata"),
        ("en operator /pekerjaan-saya", "My work"),
        ("en walidata /meja-kerja", "Review desk"),
    ):
        assert words in pages[place].text
        assert not re.search(r"Terverifikasi|menunggu|Pekerjaan|Keluar|Tenggat|Unduh", pages[place].text), place


def test_each_page_has_one_heading_and_one_main(pages: dict[str, Page]):
    wrong = {}
    for place, page in pages.items():
        headings = len(re.findall(r"<h1[\s>]", page.body))
        mains = len(re.findall(r'role="main"|<main[\s>]', page.body))
        if (headings, mains) != (1, 1):
            wrong[place] = {"h1": headings, "main": mains}
    assert wrong == {}


def test_each_field_has_a_label(pages: dict[str, Page]):
    wrong: dict[str, list[str]] = {}
    for place, page in pages.items():
        labelled = set(re.findall(r'<label[^>]*\bfor="([^"]+)"', page.body))
        for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page.body):
            if re.search(r'type="(hidden|submit|button)"', tag) or "aria-label" in tag:
                continue
            own = re.search(r'\bid="([^"]+)"', tag)
            if own is None or own.group(1) not in labelled:
                wrong.setdefault(place, []).append(tag[:120])
    assert wrong == {}


def test_no_id_stands_twice(pages: dict[str, Page]):
    wrong = {}
    for place, page in pages.items():
        ids = re.findall(r'\sid="([^"]+)"', page.body)
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            wrong[place] = twice
    assert wrong == {}

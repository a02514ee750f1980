"""Every notice and every mail is put into words, in both languages; a region may put its own words in their place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from ckanext.satudata.core.text import Language
from ckanext.satudata.notices import dates, delivery, words
from ckanext.satudata.notices.words import SENTENCES

pytestmark = pytest.mark.usefixtures("loaded_plugins")
LANGUAGES: tuple[Language, ...] = ("id", "en")


def _full(key: str, language: str) -> dict[str, Any]:
    """Everything a notice may name."""
    return {
        **{name: f"<{name}>" for name in words.PARAMETERS if name not in words.MOMENTS},
        **dict.fromkeys(words.MOMENTS, "2026-10-12T03:42:00+00:00"),
        "stage": {"id": "Koreksi", "en": "Correction"},
        "needs": [{"id": "Surat", "en": "Letter"}, {"id": "Laporan", "en": "Report"}],
        "count": 4,
        "receipt": True,
        "link": f"/{language}/{key}",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_has_its_words_and_its_mail(language: Language) -> None:
    """With everything they may name, and with nothing at all."""
    for key in SENTENCES:
        for parameters in (_full(key, language), {"link": f"/{language}/{key}"}):
            told = f"{words.sentence(key, parameters, language)} {words.detail(parameters, language)}"
            subject, body = delivery.rendered(key, parameters, language)
            assert f"{tk.config['ckan.site_url']}/{language}/{key}" in body, key
            assert f"{tk.config['ckan.site_url']}/notifikasi/pengaturan" in body, key
            assert subject, key
            assert told.strip() or key == "message", key
            assert not any(wrong in told + subject + body for wrong in ("{%", "{{", "None", "\n\n\n")), key


def test_the_languages_differ() -> None:
    for key in set(SENTENCES) - {"message"}:
        indonesian, english = (words.sentence(key, _full(key, "x"), language) for language in LANGUAGES)
        assert indonesian != english
        assert words.detail(_full(key, "x"), "id").startswith("Tahap: Koreksi.")
        assert words.detail(_full(key, "x"), "en").startswith("Step: Correction.")
        first, second = (delivery.rendered(key, _full(key, "x"), language) for language in LANGUAGES)
        assert first[0] != second[0]


def test_a_title_without_end_is_cut() -> None:
    told = words.sentence("approved", {"title": "X" * 300}, "id")
    assert told == f"“{'X' * 139}…” disetujui."


def test_both_languages_have_the_same_mails() -> None:
    folder = Path(words.__file__).parent.parent / "templates/satudata/notices"
    named = {language: {file.stem for file in (folder / language).glob("*.txt")} for language in LANGUAGES}
    assert named["id"] == named["en"] == {*SENTENCES, "base", "digest"}


def test_a_region_has_its_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of templates before ours: one mail, or the frame of all of them."""
    own = tmp_path / "satudata/notices/id"
    own.mkdir(parents=True)
    (own / "late.txt").write_text("Mohon segera, {{ organization }}\n\n{{ left }}\n{{ url }}\n", "utf-8")
    (own / "base.txt").write_text("{% block subject %}{% endblock +%}\nKabupaten Contoh\n{{ url }}\n", "utf-8")
    folders = [str(tmp_path), *tk.config["computed_template_paths"]]
    monkeypatch.setitem(tk.config, "computed_template_paths", folders)
    subject, body = delivery.rendered("late", {"organization": "Dinkes", "link": "/x"}, "id")
    assert subject == "Mohon segera, Dinkes"
    assert "--" not in body
    assert "Kabupaten Contoh" in delivery.rendered("published", {"organization": "Dinkes", "link": "/x"}, "id")[1]
    assert "Kabupaten Contoh" not in delivery.rendered("late", {"organization": "Dinkes", "link": "/x"}, "en")[1]


@pytest.mark.parametrize(
    ("zone", "moment", "indonesian", "english"),
    [
        ("Asia/Jakarta", "2026-10-12T16:59:59+00:00", "Senin, 12 Oktober 2026", "Monday, 12 October 2026"),
        ("Asia/Makassar", "2026-10-12T15:59:59+00:00", "Senin, 12 Oktober 2026", "Monday, 12 October 2026"),
        (
            *("Asia/Jakarta", "2026-10-12T03:42:00+00:00"),
            *("Senin, 12 Oktober 2026 pukul 10.42 WIB", "Monday, 12 October 2026, 10:42 WIB"),
        ),
        (
            *("Asia/Makassar", "2026-10-12T03:42:00+00:00"),
            *("Senin, 12 Oktober 2026 pukul 11.42 WITA", "Monday, 12 October 2026, 11:42 WITA"),
        ),
        (
            *("Asia/Jayapura", "2026-10-12T16:00:00+00:00"),
            *("Selasa, 13 Oktober 2026 pukul 01.00 WIT", "Tuesday, 13 October 2026, 01:00 WIT"),
        ),
        ("Asia/Jakarta", "2026-10-12", "Senin, 12 Oktober 2026", "Monday, 12 October 2026"),
        ("Asia/Jakarta", "besok", "besok", "besok"),
    ],
)
def test_a_date_is_that_of_the_portal(
    zone: str, moment: str, indonesian: str, english: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A term that ends with the day is a day; one in hours has its minute and the name of the zone."""
    monkeypatch.setitem(tk.config, "ckanext.satudata.timezone", zone)
    assert dates.day(moment, "id") == indonesian
    assert dates.day(moment, "en") == english

"""What another website gave is told apart: a table, a page, a page that asks for a password."""

from __future__ import annotations

import pytest

from ckanext.satudata.core.links import answers

URL = "https://data.example.go.id/unduh/Rumah%20Layak.csv?token=1"


@pytest.mark.parametrize(
    ("content_type", "first", "url", "expected"),
    [
        ("text/csv", b"Kecamatan;Jumlah\n", URL, None),
        ("application/octet-stream", b"PK\x03\x04", URL, None),
        ("text/plain", b"nama\n<html> dan kawan\n", URL, None),
        ("text/html; charset=utf-8", b"<p>Halo", URL, "html"),
        ("text/csv", b"\xef\xbb\xbf\n <!DOCTYPE HTML><title>", URL, "html"),
        ("text/html", b'<form><input name="p" type="password"></form>', URL, "login"),
        ("text/html", b"<html>", "https://sso.example.go.id/x", "login"),
        ("text/html", b"<html>", "https://example.go.id/users/sign_in?next=/a", "login"),
        ("text/html", b"<html>", "https://example.go.id/masuknya-barang", "html"),
    ],
)
def test_a_page_in_the_place_of_data(content_type: str, first: bytes, url: str, expected: str | None) -> None:
    assert answers.page_instead(content_type, first, url) == expected


@pytest.mark.parametrize(
    ("disposition", "url", "content_type", "expected"),
    [
        ("", URL, "text/csv", "Rumah Layak.csv"),
        ('attachment; filename="rumah 2024.xlsx"', URL, "", "rumah 2024.xlsx"),
        ("attachment; filename=a.csv; filename*=UTF-8''r%C3%BCmah.csv", URL, "", "rümah.csv"),
        ('attachment; filename="../../etc/passwd"', URL, "text/csv", "passwd.csv"),
        ('attachment; filename="C:\\\\data\\\\a.csv"', URL, "", "a.csv"),
        ("", "https://x.go.id/", "text/csv; charset=utf-8", "data.csv"),
        ("", "https://x.go.id/unduh/7", "application/vnd.ms-excel", "7.xls"),
        ("", "https://x.go.id/", "", "data"),
        ("", "https://x.go.id/" + "a" * 300 + ".csv", "", "a" * 96 + ".csv"),
    ],
)
def test_what_the_file_is_called(disposition: str, url: str, content_type: str, expected: str) -> None:
    assert answers.file_name(disposition, url, content_type) == expected
